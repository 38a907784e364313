"""The shipped places, loaded into the test's database."""

from datetime import UTC, datetime

import pytest

from motcua.agencies.services import load_places

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


@pytest.fixture
def places(db: None) -> None:
    load_places(now=NOW)
