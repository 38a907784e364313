"""A citizen acts on their own case: objects to the decision, or withdraws."""

from datetime import datetime, time, timedelta

from django.db import transaction

from motcua.cases.conditions import Conditions
from motcua.cases.models import Case
from motcua.cases.numbers import LOCAL
from motcua.cases.services.act import ReasonMissing
from motcua.cases.services.move import move
from motcua.cases.states import act_from
from motcua.procedures.queries import revision

OBJECT = "object"
WITHDRAW = "withdraw"


class ObjectionTooLate(ValueError):
    """The time to object has passed; the message carries the last day."""


def last_moment_to_object(decided_at: datetime, *, within_days: int) -> datetime:
    """Return the last second of the last day: a term in days ends with its last day, not at the hour it began.

    Source: Civil Code 91/2015/QH13, articles 147 and 148.
    """
    last_day = decided_at.astimezone(LOCAL).date() + timedelta(days=within_days)
    return datetime.combine(last_day, time(23, 59, 59), LOCAL)


@transaction.atomic
def object_to_decision(*, number: str, applicant_id: int, text: str, now: datetime) -> str:
    """Put the applicant's own case on the desk with their objection and return its new state.

    Raises ``Case.DoesNotExist`` for anyone else's case, ``ActNotOpen``, ``ReasonMissing`` and
    ``ObjectionTooLate``.
    """
    case = Case.objects.of_person(applicant_id).get(number=number)
    content = revision(case.revision_id).content
    act = act_from(content.workflow, case.state, OBJECT, "citizen", Conditions(case))
    if not text.strip():
        raise ReasonMissing(OBJECT)
    last_moment = last_moment_to_object(case.changed_at, within_days=content.manifest.objection_within_days)
    if now > last_moment:
        raise ObjectionTooLate(f"{last_moment:%d/%m/%Y}")
    move(
        case,
        content=content,
        act_name=OBJECT,
        act=act,
        actor="citizen",
        reason=text.strip(),
        now=now,
        objected=True,
    )
    return case.state


@transaction.atomic
def withdraw_case(*, number: str, applicant_id: int, now: datetime) -> str:
    """Withdraw the applicant's own case and return its new state.

    Raises ``Case.DoesNotExist`` for anyone else's case, ``ActNotOpen`` and ``CaseMovedOn``.
    """
    case = Case.objects.of_person(applicant_id).get(number=number)
    content = revision(case.revision_id).content
    act = act_from(content.workflow, case.state, WITHDRAW, "citizen", Conditions(case))
    move(case, content=content, act_name=WITHDRAW, act=act, actor="citizen", reason="", now=now)
    return case.state
