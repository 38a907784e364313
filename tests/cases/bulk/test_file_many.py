"""Filing a list: only after confirmation, each row once, told and signed at the end."""

from garden import NOW

from motcua.cases.bulk.filing import file_part, rows_filed
from motcua.cases.bulk.manifest import compare, open_account
from motcua.cases.bulk.models import BulkRow, BulkUpload
from motcua.cases.bulk.services import confirm_upload
from motcua.cases.bulk.states import Outcome, UploadState
from motcua.cases.models import Case
from motcua.credentials.queries import trusted_keys
from motcua.events.queries import verify_ledger

from .conftest import Desk, three


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
