"""An account has so many lists under way and no more, also when it hands them in at the same moment."""

import threading
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from motcua.cases.bulk.models import BulkUpload
from motcua.cases.bulk.services import MOST_AT_ONCE, TooManyUploads

from .conftest import Desk, three


@pytest.mark.django_db(transaction=True)
def test_lists_handed_in_at_the_same_moment_are_counted_one_after_the_other(desk: Desk) -> None:
    desk.owner()
    clients = MOST_AT_ONCE * 4
    ready = threading.Barrier(clients)

    def hand_in(_: int) -> uuid.UUID | TooManyUploads:
        try:
            connection.ensure_connection()
            ready.wait(60)
            return desk.hand_in(three())
        except TooManyUploads as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(clients) as pool:
        outcomes = list(pool.map(hand_in, range(clients)))

    assert sum(isinstance(outcome, uuid.UUID) for outcome in outcomes) == MOST_AT_ONCE
    assert BulkUpload.objects.count() == MOST_AT_ONCE
