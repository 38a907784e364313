"""The commands: what they print, and the status that a script sees."""

import argparse
from pathlib import Path

import pytest

from motcua.packs.commands import add_commands

from .conftest import ROOT, Spoiled


def run(*words: str) -> int:
    parser = argparse.ArgumentParser()
    add_commands(parser.add_subparsers())
    args = parser.parse_args(["packs", *words])
    return int(args.run(args))


def test_check_says_that_a_pack_is_in_order(capsys: pytest.CaptureFixture[str]) -> None:
    status = run("check", str(ROOT / "packs" / "market_card"))

    assert status == 0
    assert "in order (market_card, content " in capsys.readouterr().out


def test_check_prints_file_line_problem_and_remedy(pack: Spoiled, capsys: pytest.CaptureFixture[str]) -> None:
    line = pack.replace("workflow.yaml", "phase: person", "phase: persom")

    status = run("check", str(pack.folder))

    assert status == 1
    assert (
        f'workflow.yaml, line {line}: states.with_officer.phase: "persom" is not an allowed value'
        in capsys.readouterr().err
    )


def test_test_counts_the_examples_and_names_them_when_asked(capsys: pytest.CaptureFixture[str]) -> None:
    status = run("test", "-v", str(ROOT / "packs" / "market_card"))

    out = capsys.readouterr().out
    assert status == 0
    assert "ok     odd_household_in_a_green_zone" in out
    assert "20 examples hold, and they reach every rule." in out


def test_one_bad_pack_of_two_fails_the_run_and_the_other_is_still_told(
    pack: Spoiled, capsys: pytest.CaptureFixture[str]
) -> None:
    pack.replace("examples/answers.yaml", "reason: moved_away", "reason: gone")

    status = run("test", str(pack.folder), str(ROOT / "packs" / "market_card"))

    told = capsys.readouterr()
    assert status == 1
    assert "refused, 1 finding." in told.err
    assert "20 examples hold" in told.out


def test_new_then_test_works(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("new", "tree_report", "--under", str(tmp_path)) == 0
    assert run("test", str(tmp_path / "tree_report")) == 0
    assert "6 examples hold" in capsys.readouterr().out


def test_new_under_a_bad_code_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("new", "Tree Report", "--under", str(tmp_path)) == 1
    assert "is no code" in capsys.readouterr().err


@pytest.mark.django_db
def test_install_of_a_pack_whose_registers_are_missing_fails(capsys: pytest.CaptureFixture[str]) -> None:
    status = run("install", str(ROOT / "packs" / "market_card"))

    assert status == 1
    assert "is not declared here" in capsys.readouterr().err


def test_new_reads_an_outline_and_prints_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("new", "tree_report", "--show") == 0
    outline = tmp_path / "mine.yaml"
    outline.write_text(capsys.readouterr().out.replace("New service", "Tree report"), encoding="utf-8")

    assert run("new", "tree_report", "--under", str(tmp_path), "--outline", str(outline)) == 0

    assert "Tree report" in (tmp_path / "tree_report" / "pack.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("text", "told"), [("a: 1", "mine.yaml, line 1"), ("{", "this is not YAML"), (None, "No such")]
)
def test_outline_that_cannot_be_read_writes_nothing(
    text: str | None, told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    outline = tmp_path / "mine.yaml"
    if text is not None:
        outline.write_text(text, encoding="utf-8")

    assert run("new", "tree_report", "--under", str(tmp_path), "--outline", str(outline)) == 1

    assert told in capsys.readouterr().err
    assert not (tmp_path / "tree_report").exists()
