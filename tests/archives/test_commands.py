"""``motcua archive`` fills the archive and tells what is whole, what is not, and what was destroyed."""

import argparse
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from dossier import ONE_STOP, Dossier, at

from motcua.archives.commands import add_commands
from motcua.archives.models import ArchivedDossier, ArchivedPackage
from motcua.archives.services import archive_ended
from motcua.archives.services.read import packed_of
from motcua.events.models import LedgerEntry
from motcua.identity.sealing import seal

LATER = at("16 09:00") + timedelta(days=200)


def run(*arguments: str) -> int:
    parser = argparse.ArgumentParser()
    add_commands(parser.add_subparsers())
    options = parser.parse_args(["archive", *arguments])
    return int(options.run(options))


@pytest.fixture
def ended(dossier: Dossier) -> Dossier:
    dossier.file()
    dossier.act("decline", ONE_STOP, "16 09:00", reason="Nơi cư trú không thuộc thành phố.")
    return dossier


def test_packages_are_checked_by_number_by_file_and_all(
    ended: Dossier, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    archive_ended(now=LATER, after_days=180)
    given = tmp_path / "ho-so.zip"
    given.write_bytes(packed_of(ArchivedDossier.objects.get()))

    assert [run("verify", what) for what in (ended.number, str(given), "--all")] == [0, 0, 0]

    assert capsys.readouterr().out.count(f"{ended.number}: whole, ") == 3
    assert run("verify", "H17-20200101-0000001") == 2
    assert run("verify") == 2


def test_package_that_the_ledger_did_not_note_is_not_whole(
    ended: Dossier, capsys: pytest.CaptureFixture[str]
) -> None:
    archive_ended(now=LATER, after_days=180)
    row = ArchivedDossier.objects.get()
    other = packed_of(row) + b"\0"
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE archives_archivedpackage DISABLE TRIGGER archives_package_unchanged")
    ArchivedPackage.objects.update(content_sealed=seal(other, "archive"))
    LedgerEntry.objects.filter(subject=ended.number, name="CaseFiled").delete()

    assert run("verify", ended.number) == 1

    told = capsys.readouterr().out
    assert "the package is another one than the archive took in" in told
    assert "the ledger did not note that this package was archived" in told
    assert "the ledger has no such entry" in told


def test_run_says_how_many_and_takes_no_more_than_asked(
    ended: Dossier, capsys: pytest.CaptureFixture[str]
) -> None:
    assert archive_ended(now=LATER, after_days=180, most=0).archived == ()

    assert run("run", "--after-days", "90000") == 0

    assert capsys.readouterr().out == "archived: 0\n"
