"""What has ended is forgotten: windows of tries and sessions."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.sessions.models import Session

from motcua.identity.jobs import forget
from motcua.identity.models import SignInTries
from motcua.identity.throttle import WINDOW, spend_try


@pytest.mark.django_db
def test_what_has_ended_is_forgotten_and_the_rest_stays() -> None:
    now = datetime.now(UTC)
    for minutes in (-1, 30):
        Session.objects.create(session_key=f"s{minutes}", expire_date=now + timedelta(minutes=minutes))
    spend_try(login="old", address="203.0.113.1", now=now - WINDOW)
    spend_try(login="new", address="203.0.113.2", now=now)

    forget(0)

    assert list(Session.objects.values_list("session_key", flat=True)) == ["s30"]
    assert SignInTries.objects.count() == 2
