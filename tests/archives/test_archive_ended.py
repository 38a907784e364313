"""Ended dossiers become packages that other people's tools check, each whole or not at all."""

import hashlib
import io
import json
import subprocess
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from dossier import LEADER, ONE_STOP, SPECIALIST, Dossier, at

import motcua.archives.services.archive as archiving
from motcua.archives.bag import read_bag
from motcua.archives.models import ArchivedDossier, ArchivedPackage
from motcua.archives.services import ArchivedToday, archive_ended, verify_package
from motcua.archives.services.read import packed_of
from motcua.archives.services.verify import check_file
from motcua.cases.models import Case, CaseEntry
from motcua.documents.queries import result_bytes, results_of_case
from motcua.events.models import LedgerEntry
from motcua.events.queries import verify_ledger
from motcua.seals.chain import parse_heads

LATER = at("17 16:00") + timedelta(days=200)
NOTHING = ArchivedToday((), ())


@pytest.fixture
def sealed(accepted: Dossier) -> Dossier:
    """With its certificate signed and sealed on 17 November 2026."""
    accepted.act("submit", SPECIALIST, "17 09:00")
    accepted.act("approve", LEADER, "17 15:00")
    accepted.act("seal", ONE_STOP, "17 16:00")
    return accepted


@pytest.fixture
def refused(dossier: Dossier) -> Dossier:
    """Not accepted on 16 November 2026."""
    dossier.file()
    dossier.act("decline", ONE_STOP, "16 09:00", reason="Nơi cư trú không thuộc thành phố.")
    return dossier


def test_package_is_checked_by_other_tools_and_holds_the_signed_paper(
    sealed: Dossier, tmp_path: Path
) -> None:
    assert archive_ended(now=LATER, after_days=180) == ArchivedToday((sealed.number,), ())

    row = ArchivedDossier.objects.get()
    packed = packed_of(row)
    zipfile.ZipFile(io.BytesIO(packed)).extractall(tmp_path)
    folder = tmp_path / sealed.number
    for manifest in ("manifest-sha512.txt", "tagmanifest-sha512.txt"):
        subprocess.run(["sha512sum", "--strict", "--quiet", "-c", manifest], cwd=folder, check=True)
    (result,) = results_of_case(sealed.number)
    assert (folder / "data" / "results" / f"{result.code}.pdf").read_bytes() == result_bytes(result.id)
    assert all(
        (folder / "data" / name).read_bytes().startswith(b"%PDF-")
        for name in ("summary.pdf", "receipt.pdf", "letters/letter.pdf")
    )
    said = json.loads((folder / "data" / "dossier.json").read_text())
    assert (said["applicant"]["citizen_number"], said["applicant"]["name"]) == (
        "048190000017",
        "Nguyễn Thị An",
    )
    assert [each["act"] for each in said["history"]][-3:] == ["submit", "approve", "seal"]
    index = json.loads((folder / "data" / "index.jsonld").read_text())
    files = {str(path.relative_to(folder / "data")) for path in (folder / "data").rglob("*.*")}
    assert {part["@id"] for part in index["dcterms:hasPart"]} | {"index.jsonld"} == files
    info = (folder / "bag-info.txt").read_text()
    assert "Nguyễn Thị An" not in info
    assert f"External-Identifier: {sealed.number}" in info
    assert row.sha256 == hashlib.sha256(packed).hexdigest()


def test_proof_stands_against_the_whole_ledger(sealed: Dossier) -> None:
    archive_ended(now=LATER, after_days=180)

    row = ArchivedDossier.objects.get()
    checked = verify_package(row, now=LATER)
    assert checked.faults == ()
    # Not the archive's own event: the package was closed by then.
    assert checked.entries == LedgerEntry.objects.filter(subject=sealed.number).count() - 1
    heads = parse_heads(read_bag(packed_of(row))["data/ledger/heads.txt"].decode())
    assert verify_ledger(heads) is None
    noted = LedgerEntry.objects.get(name="DossierArchived")
    assert (noted.subject, noted.body["sha256"]) == (sealed.number, row.sha256)
    assert "An" not in json.dumps(noted.body).split()


def test_second_run_changes_nothing(refused: Dossier) -> None:
    archive_ended(now=LATER, after_days=180)

    assert archive_ended(now=LATER + timedelta(days=1), after_days=180) == NOTHING
    assert LedgerEntry.objects.filter(name="DossierArchived").count() == 1


@pytest.mark.parametrize(
    ("days", "after_days", "waiting"), [(179, 180, 0), (90, 5, 1)], ids=["too-soon", "can-be-objected-to"]
)
def test_dossier_stays_on_the_desk_until_its_day(
    refused: Dossier, days: int, after_days: int, waiting: int
) -> None:
    # The last day to object counts to its end, not to the hour at which the case ended.
    now = refused.row.changed_at + timedelta(days=days, hours=1)

    assert archive_ended(now=now, after_days=after_days) == ArchivedToday((), (), waiting)
    assert not ArchivedPackage.objects.exists()


def test_open_dossier_is_never_archived(accepted: Dossier) -> None:
    assert archive_ended(now=LATER + timedelta(days=900), after_days=1) == NOTHING


@pytest.mark.parametrize("state_moves", [True, False], ids=["another-state", "an-act-beside-the-state"])
def test_dossier_that_went_on_is_archived_again_as_the_next_edition(
    refused: Dossier, state_moves: bool
) -> None:
    archive_ended(now=LATER, after_days=180)
    if state_moves:
        Case.objects.filter(number=refused.number).update(changed_at=LATER)
    else:
        CaseEntry.objects.create(
            case_number=refused.number,
            happened_at=LATER,
            act="apologize",
            to_state=refused.row.state,
            actor="machine",
        )
    assert archive_ended(now=LATER + timedelta(days=179), after_days=180) == NOTHING

    archive_ended(now=LATER + timedelta(days=181), after_days=180)

    assert [row.edition for row in ArchivedDossier.objects.order_by("edition")] == [1, 2]


def test_run_that_dies_in_the_middle_leaves_nothing_of_that_dossier(
    refused: Dossier, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dies(event: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as killed:
        killed.setattr(archiving, "publish", dies)
        with pytest.raises(KeyboardInterrupt):
            archive_ended(now=LATER, after_days=180)
    assert not ArchivedDossier.objects.exists()
    assert not ArchivedPackage.objects.exists()

    assert archive_ended(now=LATER, after_days=180).archived == (refused.number,)


def test_one_that_cannot_be_packed_is_counted_and_named(
    refused: Dossier, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archiving, "parts_of", lambda page, now: 1 / 0)

    assert archive_ended(now=LATER, after_days=180) == ArchivedToday((), (refused.number,))
    assert not ArchivedDossier.objects.exists()


def test_package_given_out_checks_alone_and_a_changed_byte_is_seen(refused: Dossier) -> None:
    archive_ended(now=LATER, after_days=180)
    packed = packed_of(ArchivedDossier.objects.get())
    assert check_file(packed, now=LATER).faults == ()

    changed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(packed)) as before, zipfile.ZipFile(changed, "w") as after:
        for each in before.infolist():
            text = before.read(each)
            after.writestr(each, text.replace("không thuộc".encode(), "có ở trong".encode()))

    assert (
        "data/dossier.json is not what it was when it was archived"
        in check_file(changed.getvalue(), now=LATER).faults
    )
