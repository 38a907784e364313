"""Filing a list: only after confirmation, each row once, told and signed at the end."""

from datetime import timedelta

import pytest
from django.db import OperationalError, transaction
from garden import MEMBER, NOW, STRANGER, UNSURE, WARD

from motcua.agencies.models import Place
from motcua.cases.bulk.filing import file_part, rows_filed
from motcua.cases.bulk.manifest import ManifestRefused, compare, open_account
from motcua.cases.bulk.models import BulkFile, BulkRow, BulkUpload
from motcua.cases.bulk.queries import faults_in, filed_by, sheet_part
from motcua.cases.bulk.results import all_results, results_of
from motcua.cases.bulk.services import (
    PromiseMissing,
    UploadMovedOn,
    cancel_upload,
    confirm_upload,
    empty_old_uploads,
    order_sheets,
)
from motcua.cases.bulk.sheets import make_part
from motcua.cases.bulk.states import Outcome, UploadState
from motcua.cases.models import Case
from motcua.credentials.queries import trusted_keys
from motcua.credentials.services.keys import signing_key
from motcua.credentials.states import KeyUse
from motcua.events.queries import verify_ledger
from motcua.identity.models import Person
from motcua.identity.numbers import PersonNumber
from motcua.procedures.queries import procedure_in_force
from motcua.procedures.services import install_revision
from motcua.registers.queries import accesses_of
from motcua.seals import cose, deterministic

from .conftest import CLERK, Desk, bulk_content, csv_of, row, three


def confirm(upload: BulkUpload) -> None:
    confirm_upload(
        upload_id=upload.pk, account_id=upload.account_id, promised=True, rows=upload.rows_ready, now=NOW
    )


def test_list_is_decided_row_by_row_and_signed(desk: Desk) -> None:
    upload = desk.checked(three())
    assert (upload.state, upload.rows_ready, upload.rows_faulty) == (UploadState.CHECKED, 3, 0)
    assert Case.objects.count() == 0

    confirm(upload)
    file_part(upload_id=upload.pk, after_line=0, now=NOW)

    upload.refresh_from_db()
    outcomes = list(BulkRow.objects.filter(upload=upload).order_by("line").values_list("outcome", flat=True))
    assert outcomes == [Outcome.GRANTED, Outcome.REFUSED, Outcome.REFERRED]
    assert upload.state == UploadState.DONE
    assert Case.objects.count() == 3
    account = open_account(bytes(upload.manifest or b""), trusted_keys())
    compare(account, handed_in=three(), rows=rows_filed(upload.pk))
    assert account.counts == {"granted": 1, "refused": 1, "referred": 1, "failed": 0, "left out": 0}
    assert verify_ledger() is None


def test_nothing_is_filed_without_the_promise_the_count_seen_or_by_another_account(desk: Desk) -> None:
    upload = desk.checked(three())
    stranger = desk.citizen(CLERK)
    how = {"upload_id": upload.pk, "account_id": upload.account_id, "now": NOW}

    with pytest.raises(PromiseMissing):
        confirm_upload(**how, promised=False, rows=3)  # type: ignore[arg-type]
    with pytest.raises(UploadMovedOn):
        confirm_upload(**how, promised=True, rows=2)  # type: ignore[arg-type]
    with pytest.raises(BulkUpload.DoesNotExist):
        confirm_upload(**{**how, "account_id": stranger.account_id}, promised=True, rows=3)  # type: ignore[arg-type]

    assert file_part(upload_id=upload.pk, after_line=0, now=NOW) == 0
    assert not Case.objects.exists()


def test_confirming_twice_files_once(desk: Desk) -> None:
    upload = desk.checked(three())
    confirm(upload)

    with pytest.raises(UploadMovedOn):
        confirm(upload)
    file_part(upload_id=upload.pk, after_line=0, now=NOW)
    file_part(upload_id=upload.pk, after_line=0, now=NOW)

    assert Case.objects.count() == 3


def test_rows_with_faults_are_left_out_and_counted(desk: Desk) -> None:
    upload = desk.checked(csv_of([row(MEMBER), row("1"), row(STRANGER)]))
    confirm(upload)

    file_part(upload_id=upload.pk, after_line=0, now=NOW)

    upload.refresh_from_db()
    account = open_account(bytes(upload.manifest or b""), trusted_keys())
    assert (account.rows, account.counts["left out"], upload.rows_filed) == (3, 1, 2)


def test_stop_keeps_what_is_filed_and_signs_it(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("motcua.cases.bulk.filing.ROWS_AT_ONCE", 2)
    upload = desk.checked(csv_of([row(MEMBER), row(STRANGER), row(UNSURE)]))
    confirm(upload)
    file_part(upload_id=upload.pk, after_line=0, now=NOW)

    cancel_upload(upload_id=upload.pk, account_id=upload.account_id)
    file_part(upload_id=upload.pk, after_line=3, now=NOW)

    upload.refresh_from_db()
    account = open_account(bytes(upload.manifest or b""), trusted_keys())
    assert upload.state == UploadState.CANCELLED
    assert Case.objects.count() == 2
    assert (account.complete, account.counts["left out"]) == (False, 1)
    with pytest.raises(UploadMovedOn):
        cancel_upload(upload_id=upload.pk, account_id=upload.account_id)


def test_part_that_breaks_leaves_nothing_and_runs_again(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    upload = desk.checked(three())
    confirm(upload)

    def broken(*_: object) -> None:
        raise OperationalError("the connection is gone")

    with monkeypatch.context() as breaking:
        breaking.setattr("motcua.cases.bulk.filing._count", broken)
        with pytest.raises(OperationalError), transaction.atomic():
            file_part(upload_id=upload.pk, after_line=0, now=NOW)
    assert not Case.objects.exists()

    file_part(upload_id=upload.pk, after_line=0, now=NOW)

    assert Case.objects.count() == 3


def test_row_that_the_form_refuses_at_filing_fails_alone(desk: Desk) -> None:
    upload = desk.checked(three())
    install_revision(content=bulk_content(), sha256="e" * 64, now=NOW)
    Place.objects.filter(code=WARD).update(valid_to=NOW.date())
    desk.citizen(MEMBER)
    confirm(upload)

    file_part(upload_id=upload.pk, after_line=0, now=NOW)

    upload.refresh_from_db()
    assert (upload.state, upload.rows_failed, Case.objects.count()) == (UploadState.DONE, 3, 0)
    assert faults_in(upload.pk, limit=9)[0].column.vi == "Phường"


def test_people_nobody_knew_are_recorded_by_number_and_known_ones_keep_their_name(desk: Desk) -> None:
    desk.citizen(MEMBER)
    upload = desk.checked(csv_of([row(MEMBER, "TRAN THI THU"), row(STRANGER, "Nguyễn Mới")]))
    confirm(upload)

    file_part(upload_id=upload.pk, after_line=0, now=NOW)

    names = dict(Person.objects.values_list("key", "name"))
    assert names[PersonNumber(MEMBER).key()] == "Trần Thị Thử"
    assert names[PersonNumber(STRANGER).key()] == "Nguyễn Mới"
    assert Person.objects.get(key=PersonNumber(STRANGER).key()).born_on is None


def test_firm_reads_the_answer_and_not_the_reason_and_the_person_sees_it(desk: Desk) -> None:
    upload = desk.checked(three())
    confirm(upload)
    file_part(upload_id=upload.pk, after_line=0, now=NOW)

    found = results_of(
        upload_id=upload.pk, account_id=upload.account_id, words="", outcome="", page=1, now=NOW
    )

    assert [row.phase for row in found.rows] == ["granted", "refused", "person"]
    assert "lapsed" not in repr(found)
    assert found.rows[0].valid_to is not None
    looked = [each for each in accesses_of(PersonNumber(STRANGER).key()) if each.asker_kind == "account"]
    assert [(each.asker_label, each.columns) for each in looked] == [("Vườn Xanh", ("answer", "validity"))]
    assert filed_by(found.rows[0].case_number) is not None
    with pytest.raises(BulkUpload.DoesNotExist):
        results_of(upload_id=upload.pk, account_id=0, words="", outcome="", page=1, now=NOW)


@pytest.mark.parametrize(
    ("words", "lines"),
    [
        (STRANGER, [3]),
        ("tran thi", [2, 3, 4]),
        ("3", [3]),
        ("không có ai", []),
        ("%", []),
        ("048 090 000 017", [2]),
    ],
)
def test_results_are_found_by_number_name_and_row(desk: Desk, words: str, lines: list[int]) -> None:
    upload = desk.checked(three())
    confirm(upload)
    file_part(upload_id=upload.pk, after_line=0, now=NOW)

    found = results_of(
        upload_id=upload.pk, account_id=upload.account_id, words=words, outcome="", page=1, now=NOW
    )

    assert [row.line for row in found.rows] == lines


def test_reason_that_the_pack_names_is_told(desk: Desk) -> None:
    told = {"member": {"vi": "Không.", "en": "No."}, "lapsed": {"vi": "Hết hạn.", "en": "Ended."}}
    install_revision(content=bulk_content(told=told), sha256="f" * 64, now=NOW)
    newest = Desk(procedure_in_force("garden_key"), desk.citizen)
    upload = newest.checked(three())
    confirm(upload)
    file_part(upload_id=upload.pk, after_line=0, now=NOW)

    found = all_results(upload_id=upload.pk, account_id=upload.account_id, now=NOW)

    reasons = {row.line: row.reason.vi if row.reason else None for row in found}
    assert reasons[2] is None
    assert reasons[3] == "Hết hạn."


def test_changed_manifest_or_rows_are_found(desk: Desk) -> None:
    upload = desk.checked(three())
    confirm(upload)
    file_part(upload_id=upload.pk, after_line=0, now=NOW)
    upload.refresh_from_db()
    manifest = bytes(upload.manifest or b"")

    for at in range(0, len(manifest), 7):
        changed = bytearray(manifest)
        changed[at] ^= 1
        with pytest.raises(ManifestRefused):
            open_account(bytes(changed), trusted_keys())
    account = open_account(manifest, trusted_keys())
    with pytest.raises(ManifestRefused, match="rows"):
        compare(account, handed_in=None, rows=rows_filed(upload.pk).replace(b"refused", b"granted"))
    with pytest.raises(ManifestRefused, match="list"):
        compare(account, handed_in=three() + b"\n", rows=None)
    with pytest.raises(ManifestRefused, match="not known"):
        open_account(manifest, [])


def test_a_pass_is_no_manifest(desk: Desk) -> None:
    upload = desk.checked(three())
    confirm(upload)
    file_part(upload_id=upload.pk, after_line=0, now=NOW)
    key = signing_key(KeyUse.PASSES, now=NOW)

    with pytest.raises(ManifestRefused, match="not a manifest"):
        open_account(cose.seal(deterministic.encode({1: "x"}), key), trusted_keys())


def test_sheets_hold_a_qr_for_each_person_granted(desk: Desk) -> None:
    upload = desk.checked(three())
    confirm(upload)
    file_part(upload_id=upload.pk, after_line=0, now=NOW)

    for layout in ("one", "eight"):
        order_sheets(upload_id=upload.pk, account_id=upload.account_id, layout=layout)
        assert make_part(upload_id=upload.pk, layout=layout, part=1, after_line=0, now=NOW) == 1
        assert make_part(upload_id=upload.pk, layout=layout, part=1, after_line=0, now=NOW) == 0
        assert (sheet_part(upload.pk, 1) or b"").startswith(b"%PDF-")


def test_old_lists_are_emptied_and_what_was_filed_stays(desk: Desk) -> None:
    kept = desk.checked(csv_of([row(MEMBER), row("1")]))
    confirm(kept)
    file_part(upload_id=kept.pk, after_line=0, now=NOW)
    desk.checked(csv_of([row(STRANGER)]))

    assert empty_old_uploads(keep_days=30, now=NOW + timedelta(days=31)) == 2
    assert empty_old_uploads(keep_days=30, now=NOW + timedelta(days=32)) == 0

    assert BulkUpload.objects.count() == 1
    assert not BulkFile.objects.exists()
    (row_left,) = BulkRow.objects.all()
    assert bytes(row_left.content_sealed) == b""
    kept.refresh_from_db()
    compare(
        open_account(bytes(kept.manifest or b""), trusted_keys()), handed_in=None, rows=rows_filed(kept.pk)
    )
