"""A list is filed by a real process that is killed again and again: each row once, none lost, none twice."""

import os
import signal
import subprocess
import sys
import textwrap
import time
import uuid

import pytest
from django.db import connection
from garden import NOW

from motcua.cases.bulk.filing import key_of, rows_filed
from motcua.cases.bulk.manifest import compare, open_account
from motcua.cases.bulk.models import BulkRow, BulkUpload
from motcua.cases.bulk.services import confirm_upload
from motcua.cases.bulk.states import Outcome, UploadState
from motcua.cases.models import Case, Submission
from motcua.credentials.queries import trusted_keys
from motcua.events.queries import verify_ledger

from .conftest import Desk, csv_of, many

ROWS, A_PART = 120, 12
KILLS = 6
# What the worker does with the jobs of the queue, one after another, in a process of its own.
WORK = """
    import sys, uuid
    import django
    django.setup()
    from datetime import UTC, datetime
    from motcua.cases.bulk import filing
    from motcua.cases.bulk.models import BulkUpload
    filing.ROWS_AT_ONCE = int(sys.argv[2])
    upload_id = uuid.UUID(sys.argv[1])
    while True:
        upload = BulkUpload.objects.get(pk=upload_id)
        if upload.state != "filing":
            break
        filing.file_part(upload_id=upload_id, after_line=upload.filed_through, now=datetime.fromisoformat(sys.argv[3]))
"""


def begin(upload_id: uuid.UUID) -> "subprocess.Popen[bytes]":
    environment = {
        **os.environ,
        "DATABASE_URL": _url(),
        "DATABASE_OWNER_URL": _url(),
        "PYTHONPATH": os.pathsep.join(sys.path),
    }
    return subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(WORK), str(upload_id), str(A_PART), NOW.isoformat()],
        env=environment,
        stderr=subprocess.PIPE,
    )


def _url() -> str:
    """Return the address of the test's own database."""
    server = os.environ["DATABASE_URL"]
    path, _, query = server.partition("?")
    return f"{path.rpartition('/')[0]}/{connection.settings_dict['NAME']}{'?' + query if query else ''}"


def filed_through(upload_id: uuid.UUID) -> int:
    return BulkUpload.objects.values_list("filed_through", flat=True).get(pk=upload_id)


@pytest.mark.django_db(transaction=True)
def test_killed_in_the_middle_it_goes_on_and_every_row_is_filed_once(desk: Desk) -> None:
    content = csv_of(many(ROWS))
    upload = desk.checked(content)
    confirm_upload(
        upload_id=upload.pk, account_id=upload.account_id, promised=True, rows=upload.rows_ready, now=NOW
    )

    kills = 0
    while BulkUpload.objects.get(pk=upload.pk).state == UploadState.FILING:
        worker = begin(upload.pk)
        before = filed_through(upload.pk)
        until = time.monotonic() + 60
        while worker.poll() is None and time.monotonic() < until:
            # Once it has filed a part, it dies somewhere in the next.
            if kills < KILLS and filed_through(upload.pk) > before:
                time.sleep(0.03 * kills)
                worker.send_signal(signal.SIGKILL)
                kills += 1
                break
            time.sleep(0.01)
        _, said = worker.communicate(timeout=60)
        assert worker.returncode in (0, -signal.SIGKILL), said.decode()[-2000:]

    upload.refresh_from_db()
    rows = list(BulkRow.objects.filter(upload=upload, outcome__in=Outcome.filed()))
    assert kills > 2
    assert (upload.state, upload.rows_filed, len(rows)) == (UploadState.DONE, ROWS, ROWS)
    assert Case.objects.count() == len({row.case_number for row in rows}) == ROWS
    keys = set(Submission.objects.values_list("key", flat=True))
    assert keys == {key_of(upload.pk, row.line) for row in rows}
    compare(
        open_account(bytes(upload.manifest or b""), trusted_keys()),
        handed_in=content,
        rows=rows_filed(upload.pk),
    )
    assert verify_ledger() is None
