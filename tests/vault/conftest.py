"""A citizen with an account, and a moment."""

from datetime import UTC, date, datetime

import pytest
from django.conf import settings

from motcua.identity.citizens import account_from_claims
from motcua.identity.models import Account

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)


def account(number: str = "048090000017", name: str = "Trần Thị Bình") -> Account:
    """Return the account of a citizen born as the number says."""
    claims = {
        "iss": "https://identity.example",
        "sub": number,
        settings.OIDC_NAME_CLAIM: name,
        settings.OIDC_NUMBER_CLAIM: number,
    }
    return account_from_claims(claims, now=NOW)


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def today() -> date:
    return NOW.date()


@pytest.fixture
def binh(db: None) -> Account:
    return account()


@pytest.fixture
def an(db: None) -> Account:
    return account("048090000018", "Nguyễn Văn An")
