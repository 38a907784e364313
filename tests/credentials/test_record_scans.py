from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import transaction

from motcua.credentials.models import DoubleUse, Scan
from motcua.credentials.queries import double_uses
from motcua.credentials.services import (
    NotAnInspector,
    ScanUpload,
    UploadOutcome,
    record_scans,
    revoke,
    rotate_key,
)
from motcua.credentials.states import Answer
from motcua.events.models import LedgerEntry
from motcua.identity.models import Account
from motcua.identity.rights import rights_of
from motcua.identity.states import Role
from motcua.seals.keys import generate_key
from motcua.seals.passes import seal_pass

from .conftest import NOW, Device, issued, officer

MINUTE = timedelta(minutes=1)


def record(account: Account, upload: ScanUpload, after: timedelta = 60 * MINUTE) -> UploadOutcome:
    return record_scans(account=account, upload=upload, now=NOW + after)


def test_a_scan_is_kept_once_however_often_it_is_sent(inspector: Account) -> None:
    upload = Device("Chốt 1").upload(issued().text, NOW + MINUTE, NOW + 60 * MINUTE)

    first, second = record(inspector, upload), record(inspector, upload)

    assert (first.recorded, first.known_already) == (1, 0)
    assert (second.recorded, second.known_already) == (0, 1)
    scan = Scan.objects.get()
    assert (scan.answer, scan.scanned_at, scan.clock_error_seconds) == (Answer.VALID, NOW + MINUTE, 0)
    assert (scan.agency_path, scan.place_path) == ("dn.hai_chau", "vn.p48.w20242")


@pytest.mark.parametrize("arrive", [(0, 1), (1, 0)])
def test_double_use_is_flagged_whatever_the_order_of_arrival(
    inspector: Account, arrive: tuple[int, int]
) -> None:
    text = issued().text
    uploads = [
        Device("Chốt 1").upload(text, NOW + 5 * MINUTE, NOW + 60 * MINUTE),
        Device("Chốt 2").upload(text, NOW + 12 * MINUTE, NOW + 60 * MINUTE),
    ]

    outcomes = [record(inspector, uploads[place]) for place in arrive]

    assert outcomes[0].double_uses == ()
    assert outcomes[1].double_uses == (uploads[arrive[1]].scans[0].key,)
    pair = DoubleUse.objects.get()
    assert (pair.first.checkpoint, pair.second.checkpoint) == ("Chốt 1", "Chốt 2")
    told = LedgerEntry.objects.get(name="DoubleUseFound")
    assert (told.subject, told.body["seconds_apart"]) == ("DN-1", 420)


def test_both_scans_in_one_upload_are_one_double_use(inspector: Account) -> None:
    text = issued().text
    one = Device("Chốt 1").upload(text, NOW + MINUTE, NOW + 60 * MINUTE)
    other = Device("Chốt 2").upload(text, NOW + 2 * MINUTE, NOW + 60 * MINUTE)

    outcome = record(inspector, ScanUpload(one.device, one.sent_at, one.scans + other.scans))

    assert len(outcome.double_uses) == 1
    assert DoubleUse.objects.count() == 1


def test_the_same_checkpoint_and_distant_times_are_no_double_use(inspector: Account) -> None:
    text = issued().text
    for device, minute in ((Device("Chốt 1"), 1), (Device("Chốt 1"), 3), (Device("Chốt 2"), 40)):
        record(inspector, device.upload(text, NOW + minute * MINUTE, NOW + 60 * MINUTE))

    assert not DoubleUse.objects.exists()


def test_without_names_of_checkpoints_two_devices_tell_places_apart(inspector: Account) -> None:
    text, device = issued().text, Device("")
    for each in (device, device):
        record(inspector, each.upload(text, NOW + MINUTE, NOW + 60 * MINUTE))
    assert not DoubleUse.objects.exists()

    record(inspector, Device("").upload(text, NOW + MINUTE, NOW + 60 * MINUTE))

    assert DoubleUse.objects.count() == 2


def test_a_wrong_clock_is_corrected_by_its_error_at_upload(inspector: Account) -> None:
    slow = Device("Chốt 1", clock_error=-timedelta(hours=9))

    record(inspector, slow.upload(issued().text, NOW + 5 * MINUTE, NOW + 60 * MINUTE))

    scan = Scan.objects.get()
    assert (scan.scanned_at, scan.clock_error_seconds) == (NOW + 5 * MINUTE, -9 * 3600)
    assert scan.answer == Answer.VALID


def test_a_scan_from_the_future_happened_now_at_the_latest(inspector: Account) -> None:
    record(inspector, Device("Chốt 1").upload(issued().text, NOW + timedelta(days=3), NOW + 60 * MINUTE))

    assert Scan.objects.get().scanned_at == NOW + 60 * MINUTE


def test_the_answer_here_stands_beside_the_answer_of_the_device(inspector: Account) -> None:
    credential = issued()
    revoke(credential_id=credential.id, reason="withdrawn", now=NOW + MINUTE)

    record(inspector, Device("Chốt 1").upload(credential.text, NOW + 2 * MINUTE, NOW + 60 * MINUTE))

    scan = Scan.objects.get()
    assert (scan.device_answer, scan.answer, scan.reason) == (Answer.VALID, Answer.NOT_VALID, "revoked")


def test_texts_that_are_no_pass_of_ours_are_kept_as_a_digest_only(inspector: Account) -> None:
    foreign = seal_pass(
        {1: "hn", 4: 2_000_000_000, 5: 1, 6: 1_795_000_000, 7: bytes(4), "K": "x"},
        generate_key(now=NOW),
    )
    for text in ("MC1:" + "A" * 5000, "\ud800", foreign):
        record(inspector, Device("Chốt 1").upload(text, NOW, NOW + 60 * MINUTE))

    answers = sorted(Scan.objects.values_list("answer", "reason", "credential_id"))
    assert answers == [
        ("cannot_tell", "unknown_key", None),
        ("not_valid", "damaged", None),
        ("not_valid", "not_a_pass", None),
    ]


def test_a_pass_signed_by_our_key_but_not_issued_is_not_valid(inspector: Account) -> None:
    from motcua.credentials import keyring

    key = keyring.fetch(bytes.fromhex(rotate_key(now=NOW)))
    forged = seal_pass(
        {1: "dn", 4: int(NOW.timestamp()) + 900, 5: 1, 6: int(NOW.timestamp()), 7: bytes(4), "K": "x"}, key
    )

    record(inspector, Device("Chốt 1").upload(forged, NOW + MINUTE, NOW + 60 * MINUTE))

    assert (Scan.objects.get().answer, Scan.objects.get().reason) == (Answer.NOT_VALID, "not_issued")


@pytest.mark.parametrize(("role", "may"), [(role, role is Role.INSPECTOR) for role in Role] + [(None, False)])
def test_only_an_inspector_may_upload(role: Role | None, may: bool) -> None:
    account = officer(role)
    upload = Device("Chốt 1").upload(issued().text, NOW, NOW)

    if may:
        assert record(account, upload).recorded == 1
    else:
        with pytest.raises(NotAnInspector), transaction.atomic():
            record(account, upload)
        assert not Scan.objects.exists()


@pytest.mark.parametrize(
    ("role", "agency", "place", "sees"),
    [
        (Role.LEADER, "dn", "vn.p48", True),
        (Role.APPROVER, "dn.hai_chau", "vn.p48.w20242", True),
        (Role.AUDITOR, "dn", "vn", True),
        (Role.LEADER, "dn.son_tra", "vn.p48", False),
        (Role.LEADER, "dn", "vn.p48.w20263", False),
        (Role.INSPECTOR, "dn", "vn.p48", False),
        (Role.SPECIALIST, "dn", "vn.p48", False),
        (None, "", "", False),
    ],
)
def test_double_uses_are_seen_within_office_and_place(
    inspector: Account, role: Role | None, agency: str, place: str, sees: bool
) -> None:
    text = issued().text
    for name in ("Chốt 1", "Chốt 2"):
        record(inspector, Device(name).upload(text, NOW + MINUTE, NOW + 60 * MINUTE))

    seen = double_uses(rights_of(officer(role, agency=agency, place=place), NOW))

    assert bool(seen) is sees
    if sees:
        assert (seen[0].case_number, {seen[0].first_checkpoint, seen[0].second_checkpoint}) == (
            "DN-1",
            {"Chốt 1", "Chốt 2"},
        )


def test_an_upload_with_new_keys_for_an_old_scan_is_another_scan(
    inspector: Account, device: Callable[..., Device]
) -> None:
    upload = device("Chốt 1").upload(issued().text, NOW, NOW)
    record(inspector, upload)
    from dataclasses import replace

    again = replace(upload, scans=(replace(upload.scans[0], key=uuid4()),))

    assert record(inspector, again).recorded == 1
    assert not DoubleUse.objects.exists()
