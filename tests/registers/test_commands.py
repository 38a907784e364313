"""The commands: what they print, and that a refusal has a status and a sentence but no traceback."""

import argparse
from pathlib import Path

import pytest

from motcua.registers.commands import add_commands
from motcua.registers.models import RegisterLoad

from .conftest import HEADER, NUMBER

YAML = """\
name: jobs
title: {vi: Việc làm, en: Jobs}
owner: bhxh
absence_means: no
purposes: [travel_pass]
key: [record]
columns:
  - {name: record, type: text, required: true, label: {vi: Mã, en: Record}}
  - {name: person, type: person, required: true, label: {vi: Người, en: Person}}
"""
HEAD = "record,person\n"


def run(*words: str) -> int:
    parser = argparse.ArgumentParser()
    add_commands(parser.add_subparsers())
    args = parser.parse_args(["registers", *words])
    return int(args.run(args))


@pytest.fixture
def declared(db: None, tmp_path: Path) -> Path:
    path = tmp_path / "jobs.yaml"
    path.write_text(YAML, encoding="utf-8")
    assert run("declare", str(path)) == 0
    return tmp_path


def test_declare_says_that_a_file_is_needed(declared: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()

    assert run("declare", str(declared / "jobs.yaml")) == 0

    assert "jobs: declared; load a file" in capsys.readouterr().out


def test_load_lists_refused_rows_in_both_languages(
    declared: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (declared / "jobs.csv").write_text(f"{HEAD}1,{NUMBER}\n2,123\n", encoding="utf-8")

    status = run("load", "jobs", str(declared / "jobs.csv"), "--as-of", "2026-09-30")

    said = capsys.readouterr()
    assert status == 0
    assert "1 rows loaded, 1 refused" in said.out
    assert "line 3: person không phải số định danh" in said.err
    assert "/ person is not a valid citizen number" in said.err


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("load", "nothing", "{csv}", "--as-of", "2026-09-30"), "There is no register nothing"),
        (("load", "jobs", "{csv}", "--as-of", "30.9.2026"), "write a date such as"),
        (("load", "jobs", "{csv}", "--as-of", "2999-01-01"), "in the future"),
        (("load", "jobs", "{csv}x", "--as-of", "2026-09-30"), "cannot be read"),
        (("load", "jobs", "{csv}", "--as-of", "2026-09-30"), "Line 1: missing columns record, person"),
        (("declare", "{csv}"), "line 1"),
    ],
)
def test_a_refusal_is_a_sentence_and_a_status(
    declared: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], sentence: str
) -> None:
    (declared / "x.csv").write_text(HEADER.replace("record,person", "a,b"), encoding="utf-8")

    status = run(*(word.replace("{csv}", str(declared / "x.csv")) for word in words))

    assert status == 1
    assert sentence in capsys.readouterr().err
    assert not RegisterLoad.objects.exists()


def test_list_says_how_fresh_each_register_is(declared: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run("list")
    assert "not loaded" in capsys.readouterr().out
    (declared / "jobs.csv").write_text(f"{HEAD}1,{NUMBER}\n", encoding="utf-8")
    run("load", "jobs", str(declared / "jobs.csv"), "--as-of", "2026-09-30")

    run("list")

    assert "as of 2026-09-30 00:00" in capsys.readouterr().out
