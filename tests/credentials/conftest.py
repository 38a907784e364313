"""Keys in a folder of the test's own, officers of several roles, and passes."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from pytest_django import Settings

from motcua.agencies.models import Agency
from motcua.credentials import keyring
from motcua.credentials.services import (
    IssuedCredential,
    ScanSeen,
    ScanUpload,
    ensure_keys,
    issue,
)
from motcua.credentials.states import Answer
from motcua.identity.models import Account, Appointment
from motcua.identity.states import AccountKind, Role

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def keys(db: None, settings: Settings, tmp_path: Path) -> Iterator[None]:
    settings.SECRETS_DIR = tmp_path
    ensure_keys(now=NOW - timedelta(hours=1))
    yield
    keyring._read.cache_clear()


def issued(number: str = "DN-1", **changes: object) -> IssuedCredential:
    values: dict[str, object] = {
        "case_number": number,
        "agency_path": "dn.hai_chau",
        "kind": "travel_pass",
        "claims": {"n": "Nguyễn Thị Hoa", "b": 1987, "h": "06:00-22:00"},
        "valid_from": NOW,
        "valid_to": NOW + timedelta(days=7),
        "now": NOW,
        **changes,
    }
    return issue(**values)  # type: ignore[arg-type]


def officer(role: Role | None, *, agency: str = "dn.hai_chau", place: str = "vn.p48.w20242") -> Account:
    """An officer of one role, or of none."""
    account = Account.objects.create(
        kind=AccountKind.OFFICER, login=f"o{uuid4().hex[:8]}", name="Cán bộ", created_at=NOW
    )
    if role is not None:
        office, _ = Agency.objects.get_or_create(
            path=agency,
            defaults={
                "code": agency.replace(".", "_"),
                "name": agency,
                "name_en": agency,
                "kind": "commune",
                "place_path": place,
            },
        )
        Appointment.objects.create(
            account=account, role=role, agency=office, place_path=place, valid_from=date(2026, 1, 1)
        )
    return account


@dataclass
class Device:
    """A scanner that makes uploads of one scan each."""

    checkpoint: str
    clock_error: timedelta = timedelta()

    def __post_init__(self) -> None:
        self.id = uuid4()

    def upload(self, text: str, scanned_at: datetime, sent_at: datetime) -> ScanUpload:
        seen = ScanSeen(
            key=uuid4(),
            text=text,
            scanned_at=scanned_at + self.clock_error,
            answer=Answer.VALID,
            reason="",
            checkpoint=self.checkpoint,
        )
        return ScanUpload(self.id, sent_at + self.clock_error, (seen,))


@pytest.fixture
def inspector() -> Account:
    return officer(Role.INSPECTOR)


@pytest.fixture
def device() -> Callable[..., Device]:
    return Device
