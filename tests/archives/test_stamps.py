"""Sealed results of the archive stay provable: stamped when packed, stamped anew before a stamp's certificate ends."""

import hashlib
from datetime import datetime, timedelta

import pytest
from django.db import DatabaseError, transaction
from dossier import LEADER, ONE_STOP, SPECIALIST, Dossier, at

from motcua.archives.bag import read_bag
from motcua.archives.models import ArchivedDossier, ArchivedStamp
from motcua.archives.services import Renewed, archive_ended, renew_stamps, verify_package
from motcua.archives.services.read import packed_of
from motcua.archives.stamps import grown, stamped_file
from motcua.documents import records
from motcua.documents.queries import result_bytes, results_of_case
from motcua.documents.signing.authority import Use
from motcua.documents.signing.time_stamps import OwnTimeStamps
from motcua.documents.stores import local_authority
from motcua.events.models import LedgerEntry

LATER = at("17 16:00") + timedelta(days=200)
TOO_OLD = "does not prove the paper: The certificate of the time stamp has expired"


@pytest.fixture
def packed(accepted: Dossier) -> ArchivedDossier:
    """With its certificate sealed in November 2026 and archived in June 2027."""
    accepted.act("submit", SPECIALIST, "17 09:00")
    accepted.act("approve", LEADER, "17 15:00")
    accepted.act("seal", ONE_STOP, "17 16:00")
    archive_ended(now=LATER, after_days=180)
    return ArchivedDossier.objects.get()


@pytest.fixture
def ends(packed: ArchivedDossier) -> datetime:
    """When the certificate of the stamp in the package ends, in 2029."""
    return ArchivedStamp.objects.get().good_until


def new_authority(monkeypatch: pytest.MonkeyPatch, now: datetime) -> None:
    """Let the authority of time stamps work with a certificate of its next three years."""
    issued = local_authority().issue(
        key="next-stamps",
        name="Dấu thời gian sau",
        agency="Thử",
        use=Use.TIME_STAMPS,
        now=now - timedelta(days=1),
    )
    monkeypatch.setattr(records, "stamps_for", lambda moment: OwnTimeStamps(issued, moment))


def faults(row: ArchivedDossier, now: datetime) -> str:
    return "; ".join(verify_package(row, now=now).faults)


def test_package_holds_the_sealed_file_and_the_same_with_a_stamp_behind_it(packed: ArchivedDossier) -> None:
    files = read_bag(packed_of(packed))
    (result,) = results_of_case(packed.case_number)
    sealed, stamped = files[f"data/results/{result.code}.pdf"], files[f"data/results/{result.code}-lta.pdf"]

    assert sealed == result_bytes(result.id)
    assert hashlib.sha256(sealed).hexdigest() == result.sha256
    assert stamped.startswith(sealed)
    assert len(stamped) > len(sealed)
    stamp = ArchivedStamp.objects.get()
    assert (stamp.code, stamp.sequence) == (result.code, 1)
    assert stamp.sha256 == hashlib.sha256(stamped).hexdigest()
    assert faults(packed, LATER + timedelta(days=1)) == ""


def test_stamp_is_renewed_before_it_ends_and_the_package_stays_as_it_was(
    packed: ArchivedDossier, ends: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = packed_of(packed)
    assert renew_stamps(now=ends - timedelta(days=181)) == Renewed(0, (), ())
    due = ends - timedelta(days=170)
    # The authority still has the certificate that ends.
    assert renew_stamps(now=due) == Renewed(0, (packed.case_number,), ())
    new_authority(monkeypatch, due)

    assert renew_stamps(now=due) == Renewed(1, (), ())
    assert renew_stamps(now=due) == Renewed(0, (), ())

    assert packed_of(packed) == before
    first, second = ArchivedStamp.objects.order_by("sequence")
    whole = grown(read_bag(before)[f"data/results/{first.code}-lta.pdf"], [first, second])
    assert hashlib.sha256(whole).hexdigest() == second.sha256
    assert stamped_file(before, dossier_id=packed.pk, code=first.code) == whole
    assert stamped_file(before, dossier_id=packed.pk, code="another") is None
    assert second.good_until > first.good_until
    assert LedgerEntry.objects.get(name="StampRenewed").body["sha256"] == second.sha256
    assert TOO_OLD not in faults(packed, ends + timedelta(days=1))
    assert TOO_OLD in faults(packed, second.good_until + timedelta(days=1))


def test_stamp_that_ended_is_named_and_not_stamped_over(
    packed: ArchivedDossier, ends: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    late = ends + timedelta(days=1)
    new_authority(monkeypatch, late)

    assert renew_stamps(now=late) == Renewed(0, (), (packed.case_number,))

    assert ArchivedStamp.objects.count() == 1
    assert TOO_OLD in faults(packed, late)


def test_nobody_changes_or_removes_a_stamp(packed: ArchivedDossier) -> None:
    for breach in (
        lambda: ArchivedStamp.objects.update(good_until=LATER + timedelta(days=9000)),
        lambda: ArchivedStamp.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            breach()

    assert ArchivedStamp.objects.count() == 1
