"""The key of citizen numbers: made once, private to its owner, stable between runs and processes."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from pytest_django import Settings

from motcua.identity.numbers import PersonNumber
from motcua.identity.sealing import NotSealedHere
from motcua.identity.secrets import KeyFileDamaged, ensure_key, key_for

NUMBER = "048190000777"


@pytest.fixture
def folder(tmp_path: Path, settings: Settings) -> Path:
    settings.SECRETS_DIR = tmp_path / "secrets"
    return tmp_path / "secrets"


def test_the_key_is_made_once_and_only_its_owner_reads_it(folder: Path) -> None:
    path = ensure_key()
    first = path.read_bytes()

    assert ensure_key().read_bytes() == first
    assert len(first) == 32
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert os.listdir(folder) == ["identity.key"]


def test_every_purpose_has_a_key_of_its_own(folder: Path) -> None:
    assert key_for("one") != key_for("two")
    assert key_for("one") == key_for("one")


def test_a_damaged_key_file_is_refused_not_replaced(folder: Path) -> None:
    folder.mkdir()
    (folder / "identity.key").write_bytes(b"short")

    with pytest.raises(KeyFileDamaged, match="restore it"):
        PersonNumber(NUMBER).key()

    assert (folder / "identity.key").read_bytes() == b"short"


def test_another_process_finds_the_same_person(folder: Path) -> None:
    here = PersonNumber(NUMBER).key()
    program = (
        "import django; django.setup();"
        "from motcua.identity.numbers import PersonNumber; print(PersonNumber('048190000777').key().hex())"
    )

    there = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", program],
        env={**os.environ, "MOTCUA_SECRETS_DIR": str(folder)},
        capture_output=True,
        text=True,
        check=True,
    )

    assert there.stdout.strip() == here.hex()


def test_another_installation_finds_and_opens_nothing(folder: Path, settings: Settings) -> None:
    key, sealed = PersonNumber(NUMBER).key(), PersonNumber(NUMBER).seal()

    settings.SECRETS_DIR = folder.parent / "elsewhere"

    assert PersonNumber(NUMBER).key() != key
    with pytest.raises(NotSealedHere):
        PersonNumber.unseal(sealed)
