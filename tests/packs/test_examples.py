"""Packs prove themselves: each line of their examples is a test."""

from functools import cache
from pathlib import Path

import pytest

from motcua.packs.checks import check_pack
from motcua.packs.proof import Proof, Proven, prove
from motcua.packs.reading import read_pack

PACKS = Path(__file__).resolve().parents[2] / "packs"
FOLDERS = sorted(path for path in PACKS.iterdir() if path.is_dir())


@cache
def proof_of(folder: Path) -> Proof:
    return prove(read_pack(folder))


EXAMPLES = [
    pytest.param(example, id=f"{folder.name}-{example.name}")
    for folder in FOLDERS
    for example in proof_of(folder).examples
]


@pytest.mark.parametrize("example", EXAMPLES)
def test_example_comes_out_as_written(example: Proven) -> None:
    assert example.faults == ()


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_every_rule_is_reached_by_an_example(folder: Path) -> None:
    assert proof_of(folder).unreached == ()


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_pack_is_in_order(folder: Path) -> None:
    assert check_pack(read_pack(folder)) == []


def test_travel_pass_has_an_example_of_every_reason_and_every_unknown() -> None:
    pack = read_pack(PACKS / "travel_pass")
    answers = pack.examples["examples/answers.yaml"].answers

    reasons = {example.reason for example in answers}
    left_open = {name for example in answers for name, value in example.given.items() if value is None}

    assert len(answers) >= 40
    assert len([each for each in reasons if each.endswith("_unknown")]) == 6
    assert {fact.name for fact in pack.content.facts} - left_open == {
        "home_place",
        "directive",
        "zone_directive",
    }


def test_no_pack_holds_python() -> None:
    assert [path for path in PACKS.rglob("*") if path.suffix == ".py"] == []
