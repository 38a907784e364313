"""Undoing within the set time: what was replaced is law again, and the time between stays as it was."""

from datetime import timedelta

import pytest
from directing import NOW, WARD, at, directive_text, switch
from django.db import IntegrityError, transaction

from motcua.directives.law import law_at
from motcua.directives.models import Directive
from motcua.directives.queries import directive, history
from motcua.directives.services import DirectiveMovedOn, ReplacedSince, TooLateToUndo, prepare, undo
from motcua.directives.states import DirectiveState

BEGUN = at(days=1)


def color(moment: object) -> object:
    found = law_at(moment).value("zones.color", WARD)  # type: ignore[arg-type]  # a moment of the tests below
    return found.value if found else None


@pytest.fixture
def green(chair: int, deputy: int) -> int:
    return switch(directive_text("05/CT-UBND"), by=chair, second=deputy, at=NOW)


@pytest.fixture
def red(green: int, chair: int, deputy: int) -> int:
    text = directive_text("08/CT-UBND", replaces="[05/CT-UBND]", parameters="{zones.color: red}")
    return switch(text, by=chair, second=deputy, at=BEGUN)


def test_what_was_replaced_is_law_again(green: int, red: int, chair: int) -> None:
    undone = BEGUN + timedelta(hours=2)

    undo(directive_id=red, account_id=chair, now=undone)

    assert color(undone) == "green"
    assert color(undone - timedelta(seconds=1)) == "red"
    assert color(BEGUN - timedelta(seconds=1)) == "green"
    assert directive(red, undone).state is DirectiveState.UNDONE
    assert directive(green, undone).state is DirectiveState.IN_FORCE


def test_the_history_tells_all_three_times(red: int, chair: int) -> None:
    undone = BEGUN + timedelta(hours=2)
    undo(directive_id=red, account_id=chair, now=undone)

    spells = history("zones.color", WARD, undone + timedelta(days=1))

    assert [
        (spell.found.directive if spell.found else None, spell.since, spell.until) for spell in spells
    ] == [
        ("05/CT-UBND", NOW, BEGUN),
        ("08/CT-UBND", BEGUN, undone),
        ("05/CT-UBND", undone, None),
    ]


def test_the_last_moment_is_in_time_and_the_next_is_not(red: int, chair: int) -> None:
    last = BEGUN + timedelta(hours=24)

    with pytest.raises(TooLateToUndo):
        undo(directive_id=red, account_id=chair, now=last + timedelta(microseconds=1))

    assert color(last) == "red"
    undo(directive_id=red, account_id=chair, now=last)
    assert color(last) == "green"


def test_what_another_has_replaced_is_not_undone_under_it(green: int, red: int, chair: int) -> None:
    with pytest.raises(ReplacedSince):
        undo(directive_id=green, account_id=chair, now=BEGUN)

    assert color(BEGUN) == "red"


def test_it_is_undone_once(red: int, chair: int) -> None:
    undo(directive_id=red, account_id=chair, now=BEGUN)

    with pytest.raises(DirectiveMovedOn):
        undo(directive_id=red, account_id=chair, now=BEGUN)


def test_a_draft_is_not_undone(chair: int) -> None:
    draft = prepare(text=directive_text("09/CT-UBND"), account_id=chair, now=NOW)

    with pytest.raises(DirectiveMovedOn):
        undo(directive_id=draft, account_id=chair, now=NOW)

    with pytest.raises(IntegrityError, match="directive_undone_after_begun"), transaction.atomic():
        Directive.objects.filter(pk=draft).update(undone_at=NOW, undone_by=chair)


def test_the_number_is_free_again(red: int, chair: int) -> None:
    undo(directive_id=red, account_id=chair, now=BEGUN)

    text = directive_text("08/CT-UBND", replaces="[05/CT-UBND]", parameters="{zones.color: red}")

    assert prepare(text=text, account_id=chair, now=BEGUN) != red
