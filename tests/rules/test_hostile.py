"""Hostile models, expressions and patterns are refused by counting, before time or memory run out."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from motcua.rules import evaluate_feel, load

from .hostile import CASES, SECONDS_EACH
from .models import decision, definitions, literal

ROOT = Path(__file__).resolve().parents[2]
HARMLESS = '<x:include xmlns:x="http://www.w3.org/2001/XInclude" href="file:///etc/passwd" parse="text"/>'


@pytest.fixture(scope="module")
def answers():
    """Return what each case was answered in a process of its own that has a gigabyte."""
    run = subprocess.run(
        [sys.executable, "-m", "tests.rules.hostile"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=SECONDS_EACH * len(CASES),
        check=True,
    )
    return json.loads(run.stdout)


@pytest.mark.parametrize("name", CASES)
def test_hostile_input_is_refused_within_bounds_with_a_reason_and_a_remedy(answers, name):
    refused, wrong = answers[name]["refused"], answers[name]["wrong"]

    assert wrong == ""
    assert CASES[name][1] in refused
    assert refused.rstrip(".").count(".") >= 1 or ":" in refused


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("1e6000 ** 9", None),
        ("exp(1e6144)", None),
        ("modulo(1e6144, 3)", 1),
        ('@"P1D" * 1e60', None),
        ('@"2020-01-01" + @"P99999999999999999999D"', None),
        ("1e" + "9" * 1000, None),
        ("count(" + "[" * 50 + "]" * 50 + ")", 1),
        (f'string length(replace("{"x" * 300_000}", "x*y", "z"))', 300_000),
        ("1" + " + 1" * 5000, 5001),
        ("if false then 1 else " * 2000 + "2", 2),
        ("count(for i in 1..3000 return partial)", 3000),
    ],
)
def test_what_is_only_large_is_answered(text, wanted):
    assert evaluate_feel(text) == wanted


def test_an_include_and_a_style_sheet_are_passed_over():
    text = '<?xml-stylesheet href="http://127.0.0.1/"?>' + definitions(
        HARMLESS + decision("answer", literal("1"))
    )

    assert load(text)({}).value == 1
