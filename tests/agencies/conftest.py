"""The shipped places, loaded into the test's database."""

from datetime import UTC, datetime

import pytest

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


@pytest.fixture
def places(db: None) -> None:
    # Imported here: this file is read before Django is ready.
    from motcua.agencies.services import load_places

    load_places(now=NOW)
