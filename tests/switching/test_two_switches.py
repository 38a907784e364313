"""Two directives due at the same moment: one after the other, and the second is held against what the first left."""

from uuid import UUID

import pytest
from directing import OTHER_WARD, WARD
from town import SWITCH_AT, Town

from motcua.directives.law import law_at
from motcua.directives.models import Directive
from motcua.directives.services import unschedule
from motcua.switching import switch as switching
from motcua.switching.models import Switch
from motcua.switching.steps import SwitchState
from motcua.switching.switch import call_waiting, execute
from motcua.switching.switch_queries import waits_for

EVERYWHERE_RED = "{zones.color: red, limits.days: 7}"
AS_BEFORE = "{zones.color: green, limits.days: 7}"
RED = f'{{zones.color: {{places: {{"{WARD}": red, "{OTHER_WARD}": red}}}}}}'


def two(town: Town, first: str) -> tuple[UUID, UUID]:
    """Confirm two directives for one moment, the first of which replaces the law."""
    town.file_all()
    earlier = town.confirmed("08/CT-UBND", first)
    return earlier, town.confirmed("09/CT-UBND", RED, more="[]")


def test_second_waits_until_the_first_has_ended(town: Town) -> None:
    first, second = two(town, AS_BEFORE)

    assert execute(second, SWITCH_AT) == SwitchState.SCHEDULED
    assert waits_for(second, SWITCH_AT) == "08/CT-UBND"
    assert waits_for(first, SWITCH_AT) is None
    assert law_at(SWITCH_AT).directives()[0].number == "05/CT-UBND"
    assert execute(first, SWITCH_AT) == SwitchState.DONE
    assert call_waiting(now=SWITCH_AT, but=first) == 1

    # What the first changed is nothing that the second was tried on.
    assert waits_for(second, SWITCH_AT) is None
    assert execute(second, SWITCH_AT) == SwitchState.DONE
    begun = [Switch.objects.get(pk=each).begun_at for each in (first, second)]
    assert begun == sorted(begun)


def test_second_stops_and_names_the_first_where_its_counts_no_longer_match(town: Town) -> None:
    first, second = two(town, EVERYWHERE_RED)
    execute(first, SWITCH_AT)

    assert execute(second, SWITCH_AT) == SwitchState.STOPPED

    row = Switch.objects.get(pk=second)
    (why,) = row.why_stopped
    assert "luật đã đổi (08/CT-UBND), nên 40 trường hợp" in why["vi"]
    assert "on the law as it is now" in why["en"]
    assert Directive.objects.get(number="09/CT-UBND").begun_at is None


def test_one_that_has_begun_goes_before_one_that_is_due_earlier(town: Town) -> None:
    first, second = two(town, AS_BEFORE)
    Switch.objects.filter(pk=second).update(state=SwitchState.COMPARING)

    assert execute(first, SWITCH_AT) == SwitchState.SCHEDULED
    assert execute(second, SWITCH_AT) == SwitchState.DONE
    assert execute(first, SWITCH_AT) == SwitchState.DONE


def test_what_another_worker_carries_is_waited_for(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    from contextlib import nullcontext

    first, _ = two(town, AS_BEFORE)
    monkeypatch.setattr(switching, "alone", lambda: nullcontext(False))

    assert execute(first, SWITCH_AT) == SwitchState.SCHEDULED


def test_one_that_can_never_be_worked_out_is_taken_back_and_lets_the_other_go(town: Town) -> None:
    first, second = two(town, AS_BEFORE)
    Switch.objects.filter(pk=first).update(state=SwitchState.COMPARING)
    directive_id = Switch.objects.get(pk=first).directive_id
    unschedule(directive_id=directive_id, account_id=town.chair, now=SWITCH_AT)

    assert execute(second, SWITCH_AT) == SwitchState.SCHEDULED
    assert execute(first, SWITCH_AT) == SwitchState.STOPPED
    assert execute(second, SWITCH_AT) == SwitchState.DONE
