"""A citizen answers a request for additions: in words, and by correcting what they had filled in."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from motcua.cases.conditions import Conditions
from motcua.cases.models import Case
from motcua.cases.papers import provide_again
from motcua.cases.plans import plan_of
from motcua.cases.services.act import ReasonMissing
from motcua.cases.services.move import move
from motcua.cases.states import ActNotOpen, open_acts
from motcua.procedures.content import Act, Content, FormField
from motcua.procedures.queries import revision


class NothingAsked(ActNotOpen):
    """Nobody waits for anything from the applicant, or what was asked is there already."""


def supply_act(acts: Mapping[str, Act], content: Content, state: str) -> tuple[str, Act] | None:
    """Return the act by which the applicant supplies what was asked, if it is one of these."""
    workflow = content.workflow
    return next(((name, act) for name, act in acts.items() if workflow.supplies(act, state)), None)


def correctable(content: Content) -> tuple[FormField, ...]:
    """Return the fields that may be answered anew; a place stays, because the case belongs to it."""
    return tuple(field for field in content.form.fields if field.widget != "place")


@transaction.atomic
def supply_additions(
    *, number: str, applicant_id: int, text: str, corrected: Mapping[str, object], now: datetime
) -> str:
    """Take what the applicant adds to their own case, let its clock run on, and return the new state.

    ``corrected`` are answers of the form in place of the old ones, None for one that is taken back; those that are
    the same change nothing. Raises
    ``Case.DoesNotExist`` for anyone else's case, ``NothingAsked``, ``ReasonMissing`` if nothing is supplied,
    ``FormRefused`` with a message a field, and ``CaseMovedOn``.
    """
    case = Case.objects.of_person(applicant_id).get(number=number)
    procedure = revision(case.revision_id)
    content = procedure.content
    mine = open_acts(content.workflow, case.state, "citizen", Conditions(case))
    found = supply_act(mine, content, case.state)
    if found is None:
        raise NothingAsked("supply", case.state, mine)
    name, act = found
    allowed = {field.name for field in correctable(content)}
    wanted = {field: value for field, value in corrected.items() if field in allowed}
    kept = {field: value for field, value in case.values.items() if field not in wanted}
    given = {field: value for field, value in wanted.items() if value is not None}
    values = plan_of(procedure).check({**kept, **given}) if wanted else dict(case.values)
    changed = {
        field: [case.values.get(field), values.get(field)]
        for field in sorted({*values, *case.values})
        if case.values.get(field) != values.get(field)
    }
    if not text.strip() and not changed:
        raise ReasonMissing(name)
    provide_again(
        case_number=number,
        procedure=procedure,
        fields=[field for field in plan_of(procedure).paper_fields if field.name in changed],
        person_id=applicant_id,
        values=values,
        now=now,
    )
    columns: dict[str, object] = {"values": values} if changed else {}
    move(
        case,
        content=content,
        act_name=name,
        act=act,
        actor="citizen",
        reason=text.strip(),
        now=now,
        until=None,
        corrected=changed,
        findings=None,
        account=None,
        **columns,
    )
    return case.state
