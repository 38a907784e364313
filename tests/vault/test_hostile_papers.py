"""Hostile files: each is refused in time, with a sentence that says what, why and what to do; nothing is kept."""

import time
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from papers import hostile_papers

from motcua.events.models import LedgerEntry
from motcua.vault.checking.faults import FAULTS, PaperRefused
from motcua.vault.models import Paper, PaperFile
from motcua.vault.services import keep_upload

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
HOSTILE = hostile_papers()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "make", "fault"), [pytest.param(*each, id=what) for what, each in HOSTILE.items()]
)
def test_hostile_file_is_refused_in_time_and_nothing_is_kept(
    name: str, make: Callable[[], bytes], fault: str
) -> None:
    content = make()
    began = time.monotonic()

    with pytest.raises(PaperRefused) as refusal:
        keep_upload(
            person_id=1,
            kind="other",
            title="",
            file_name=name,
            content=content,
            now=NOW,
            today=NOW.date(),
        )

    assert time.monotonic() - began < 20
    assert refusal.value.fault == fault
    assert not PaperFile.objects.exists()
    assert not Paper.objects.exists()
    assert not LedgerEntry.objects.filter(name="PaperKept").exists()


def test_there_are_more_than_fifty_hostile_files() -> None:
    assert len(HOSTILE) >= 50


@pytest.mark.parametrize("fault", sorted(FAULTS))
def test_every_refusal_says_what_to_do_in_both_languages(fault: str) -> None:
    said = FAULTS[fault]

    # What and why, then the remedy: at least two sentences or clauses, and none runs on for a page.
    assert len(said.vi) in range(40, 300)
    assert len(said.en) in range(40, 300)
    assert any(
        word in said.vi.lower()
        for word in ("chụp", "tải lên lại", "chọn", "thử lại", "đổi tên", "in ra", "xóa", "tách")
    )
