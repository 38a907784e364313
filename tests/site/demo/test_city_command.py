"""``motcua city``: a city of any size in a folder, loaded where it may be."""

from pathlib import Path

import pytest
from django.test import override_settings

from motcua.registers.queries import registers
from motcua.site.commands import parser
from motcua.site.demo.commands import run_city

DAY = "2026-10-01"


def arguments(*words: str) -> object:
    return parser(["city"]).parse_args(["city", *words])


def city(*words: str) -> int:
    return int(run_city(arguments(*words)))  # type: ignore[arg-type]  # a namespace, as the parser makes it


def test_the_files_go_where_they_are_wanted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status = city("--people", "1000", "--day", DAY, "--to", str(tmp_path))

    assert status == 0
    assert f"{tmp_path / 'vaccinations.csv'}: " in capsys.readouterr().out
    assert (tmp_path / "city.json").exists()


def test_the_same_words_give_the_same_bytes(tmp_path: Path) -> None:
    for name in ("first", "second"):
        city("--people", "1000", "--seed", "5", "--day", DAY, "--to", str(tmp_path / name))

    first, second = (
        {path.name: path.read_bytes() for path in (tmp_path / name).iterdir()} for name in ("first", "second")
    )
    assert first == second


def test_a_city_without_people_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status = city("--people", "999", "--to", str(tmp_path / "new"))

    assert status == 2
    assert "between 1,000 and" in capsys.readouterr().err
    assert not (tmp_path / "new").exists()


def test_only_loading_needs_the_database() -> None:
    plain, loading = arguments(), arguments("--load")

    assert not plain.needs_database  # type: ignore[attr-defined]  # a namespace
    assert loading.needs_database  # type: ignore[attr-defined]  # a namespace
    assert loading.database_role == "owner"  # type: ignore[attr-defined]  # a namespace


def test_invented_people_are_not_loaded_outside_the_demo(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with override_settings(DEMO=False):
        status = city("--people", "1000", "--to", str(tmp_path / "new"), "--load")

    assert status == 2
    assert "demo mode" in capsys.readouterr().err
    assert not (tmp_path / "new").exists()


@pytest.mark.django_db
def test_loading_declares_the_registers_and_tells_what_was_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with override_settings(DEMO=True, SITE_URL="http://127.0.0.1:8000"):
        status = city("--people", "2000", "--to", str(tmp_path), "--load")

    said = capsys.readouterr().out
    loaded = {view.name for view in registers() if view.as_of is not None}
    assert status == 0
    assert {"population", "vaccinations", "tests", "health_declarations"} <= loaded
    assert "loaded vaccinations: " in said
    assert " 0 refused" not in next(line for line in said.splitlines() if "loaded vaccinations" in line)
