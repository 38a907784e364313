from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection

from motcua.credentials.models import DoubleUse, Scan
from motcua.credentials.services import ScanUpload, UploadOutcome, record_scans
from motcua.identity.models import Account
from motcua.identity.states import Role

from .conftest import NOW, Device, issued, officer

LATER = NOW + timedelta(hours=1)


def at_once(account: Account, uploads: list[ScanUpload]) -> list[UploadOutcome]:
    def send(upload: ScanUpload) -> UploadOutcome:
        try:
            return record_scans(account=account, upload=upload, now=LATER)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(uploads)) as pool:
        return list(pool.map(send, uploads))


@pytest.mark.django_db(transaction=True)
def test_a_device_that_sends_twice_at_once_is_heard_once() -> None:
    upload = Device("Chốt 1").upload(issued().text, NOW, LATER)

    outcomes = at_once(officer(Role.INSPECTOR), [upload] * 4)

    assert sorted(outcome.recorded for outcome in outcomes) == [0, 0, 0, 1]
    assert Scan.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_checkpoints_that_send_at_once_do_not_miss_each_other() -> None:
    text = issued().text
    uploads = [Device(f"Chốt {number}").upload(text, NOW, LATER) for number in range(4)]

    at_once(officer(Role.INSPECTOR), uploads)

    assert DoubleUse.objects.count() == 6
