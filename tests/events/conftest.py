"""Events to publish."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction

from motcua.events.services import publish
from motcua.events.values import Event

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoneMoved(Event):
    weight_kg: int


def moved(number: int) -> StoneMoved:
    return StoneMoved(
        happened_at=NOW + timedelta(minutes=number),
        agency_path="dn",
        subject=f"stone-{number}",
        actor="machine",
        weight_kg=number,
    )


@pytest.fixture
def five_entries(db: None) -> None:
    for number in range(1, 6):
        with transaction.atomic():
            publish(moved(number))
