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


def test_a_database_behind_the_program_is_prepared(monkeypatch: pytest.MonkeyPatch) -> None:
    prepared.note_prepared(PEOPLE)

    # A database in which nothing was ever migrated.
    monkeypatch.setenv("DATABASE_OWNER_URL", _address("postgres"))

    assert not prepared.is_prepared(PEOPLE)


def test_without_an_answer_of_the_database_all_is_prepared(monkeypatch: pytest.MonkeyPatch) -> None:
    prepared.note_prepared(PEOPLE)

    monkeypatch.delenv("DATABASE_OWNER_URL")

    assert not prepared.is_prepared(PEOPLE)
