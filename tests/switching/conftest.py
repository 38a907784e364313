"""The small town of tests/support/town.py."""

from datetime import timedelta

import pytest
from town import town

from motcua.switching import late

__all__ = ["town"]


@pytest.fixture(autouse=True)
def everybody_knows_the_law_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(late, "SETTLED_AFTER", timedelta())
