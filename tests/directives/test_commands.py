"""``motcua directives``: what a person at a terminal sees."""

from pathlib import Path

import pytest
from directing import NOW, WARD, directive_text

from motcua.directives.services import install
from motcua.site.commands import COMMANDS, parser

pytestmark = pytest.mark.usefixtures("law")


def run(*arguments: str) -> int:
    args = parser(COMMANDS).parse_args(["directives", *arguments])
    return int(args.run(args))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "05.yaml"
    path.write_text(directive_text(parameters="{zones.color: green}"), encoding="utf-8")
    return path


def test_a_good_text_is_in_order(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("check", str(file)) == 0

    assert "in order (05/CT-UBND" in capsys.readouterr().out


def test_a_wrong_text_is_refused_with_file_line_column_and_remedy(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file.write_text(directive_text(parameters="{zones.colour: green}"), encoding="utf-8")

    assert run("check", str(file)) == 1

    assert f"{file}, line 13, column 14: there is no parameter zones.colour. Did you mean" in (
        capsys.readouterr().err
    )


def test_a_file_that_is_not_there_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("check", str(tmp_path / "09.yaml")) == 1

    assert "09.yaml" in capsys.readouterr().err


def test_a_first_law_is_installed_and_listed(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("install", str(file)) == 0
    assert run("list") == 0

    assert capsys.readouterr().out.count("05/CT-UBND") == 2


def test_a_law_that_is_refused_changes_nothing(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file.write_text(directive_text(since="2099-01-01"), encoding="utf-8")

    assert run("install", str(file)) == 1
    assert run("list") == 0

    assert capsys.readouterr().out == ""


def test_the_law_of_a_place_and_a_moment(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    install(text=file.read_text(encoding="utf-8"), now=NOW)

    assert run("law", "--place", WARD, "--at", "2026-09-20") == 0
    assert run("law", "--place", WARD, "--at", "2026-09-02T23:59") == 0

    told = capsys.readouterr().out
    assert told.count(" green ") == 1
    assert "05/CT-UBND since 2026-09-03 00:00" in told


@pytest.mark.parametrize("arguments", [("--place", "99999"), ("--place", WARD, "--at", "soon")])
def test_a_place_or_moment_that_there_is_not_is_told(
    arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("law", *arguments) == 1

    assert capsys.readouterr().err
