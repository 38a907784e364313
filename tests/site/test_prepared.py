"""A start leaves out what the last one prepared, and nothing else."""

import os
from pathlib import Path
from urllib.parse import quote

import pytest
from django.db import connection

from motcua.site import prepared

PEOPLE = 2000


@pytest.fixture(autouse=True)
def _installation(db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_OWNER_URL", _address(str(connection.settings_dict["NAME"])))
    monkeypatch.setenv("MOTCUA_DATA_DIR", str(tmp_path))
    monkeypatch.delenv("MOTCUA_SECRETS_DIR", raising=False)
    (tmp_path / "secrets").mkdir()


def _address(name: str) -> str:
    to = connection.settings_dict
    return f"postgresql://{to['USER']}@/{name}?host={quote(str(to['HOST']))}&port={to['PORT'] or 5432}"


def test_nothing_is_prepared_before_it_was_noted() -> None:
    assert not prepared.is_prepared(PEOPLE)

    prepared.note_prepared(PEOPLE)

    assert prepared.is_prepared(PEOPLE)


def test_more_people_are_prepared() -> None:
    prepared.note_prepared(PEOPLE)

    assert not prepared.is_prepared(PEOPLE + 1)


def test_another_setting_is_prepared(monkeypatch: pytest.MonkeyPatch) -> None:
    prepared.note_prepared(PEOPLE)

    monkeypatch.setenv("MOTCUA_DEMO_REQUESTS", "77")

    assert not prepared.is_prepared(PEOPLE)


def test_a_changed_file_is_prepared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pack = tmp_path / "packs" / "a" / "pack.yaml"
    pack.parent.mkdir(parents=True)
    pack.write_text("code: a", encoding="utf-8")
    monkeypatch.setattr(prepared, "_SOURCES", (tmp_path / "packs",))
    prepared.note_prepared(PEOPLE)

    pack.write_text("code: b", encoding="utf-8")
    os.utime(pack, ns=(1, 1))

    assert not prepared.is_prepared(PEOPLE)


def test_a_lost_key_is_prepared(tmp_path: Path) -> None:
    key = tmp_path / "secrets" / "credential_keys" / "a.pem"
    key.parent.mkdir()
    key.write_text("k", encoding="ascii")
    prepared.note_prepared(PEOPLE)
    # Made by a program when it first needs it: nothing to prepare.
    (tmp_path / "secrets" / "ledger.pem").write_text("k", encoding="ascii")
    assert prepared.is_prepared(PEOPLE)

    key.unlink()

    assert not prepared.is_prepared(PEOPLE)


def test_a_key_written_anew_is_not_prepared(tmp_path: Path) -> None:
    # As the list of what was revoked is, every day.
    revoked = tmp_path / "secrets" / "signing" / "trust" / "local.crl"
    revoked.parent.mkdir(parents=True)
    revoked.write_text("of yesterday", encoding="ascii")
    prepared.note_prepared(PEOPLE)

    revoked.write_text("of today, and longer", encoding="ascii")

    assert prepared.is_prepared(PEOPLE)


def test_another_version_of_a_package_is_prepared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    packages = tmp_path / "site-packages"
    (packages / "procrastinate-3.5.0.dist-info").mkdir(parents=True)
    monkeypatch.syspath_prepend(str(packages))
    prepared.note_prepared(PEOPLE)

    (packages / "procrastinate-3.5.0.dist-info").rename(packages / "procrastinate-3.6.0.dist-info")

    assert not prepared.is_prepared(PEOPLE)


@pytest.mark.parametrize("keep", [0, 1, 64, 130, -1])
def test_a_mark_that_was_half_written_is_no_mark(tmp_path: Path, keep: int) -> None:
    prepared.note_prepared(PEOPLE)
    mark = tmp_path / "run" / "prepared"

    mark.write_bytes(mark.read_bytes()[:keep])

    assert not prepared.is_prepared(PEOPLE)
    assert not prepared.is_of_today()


def test_a_mark_that_holds_anything_is_no_mark(tmp_path: Path) -> None:
    prepared.note_prepared(PEOPLE)

    (tmp_path / "run" / "prepared").write_bytes(b"\xff\x00" * 500)

    assert not prepared.is_prepared(PEOPLE)


def test_a_new_day_is_another_thing_than_a_change(monkeypatch: pytest.MonkeyPatch) -> None:
    prepared.note_prepared(PEOPLE)
    assert prepared.is_of_today()

    monkeypatch.setattr(prepared, "_today", lambda: "2021-10-01")

    assert prepared.is_prepared(PEOPLE)
    assert not prepared.is_of_today()


def test_a_mark_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    # Something else is where the folder would be; root may write anywhere else.
    (tmp_path / "run").write_text("in the way", encoding="ascii")

    assert not prepared.note_prepared(PEOPLE)


def test_a_database_behind_the_program_is_prepared(monkeypatch: pytest.MonkeyPatch) -> None:
    prepared.note_prepared(PEOPLE)

    # A database in which nothing was ever migrated.
    monkeypatch.setenv("DATABASE_OWNER_URL", _address("postgres"))

    assert not prepared.is_prepared(PEOPLE)


def test_without_an_answer_of_the_database_all_is_prepared(monkeypatch: pytest.MonkeyPatch) -> None:
    prepared.note_prepared(PEOPLE)

    monkeypatch.delenv("DATABASE_OWNER_URL")

    assert not prepared.is_prepared(PEOPLE)
