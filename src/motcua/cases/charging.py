"""Asks a case to pay what its pack's schedule says, where its workflow has come to the point."""

from datetime import datetime

from django.db import transaction

from motcua.agencies.queries import agency
from motcua.calendars import vietnam
from motcua.cases.conditions import Conditions
from motcua.cases.models import Case
from motcua.cases.plans import LayoutNotUsable, plan_of
from motcua.events.outbox import queue_job
from motcua.fees.queries import owes
from motcua.fees.schedule import FeeNotUsable, fee_lines, lines_for
from motcua.fees.services import demand, take_back_demand
from motcua.fees.states import Occasion
from motcua.procedures.content import HOURS_OF_A_DAY, Content, State
from motcua.procedures.queries import revision


@transaction.atomic
def ask_fees(case: Case, *, content: Content, occasions: tuple[Occasion, ...], now: datetime) -> None:
    """Ask the case to pay what is due on these occasions; what was asked before is not asked again.

    Raises ``LayoutNotUsable`` if the schedule gives no amount for this case.
    """
    wanted = {line.when for line in fee_lines(content)} & {occasion.value for occasion in occasions}
    if not wanted:
        return
    scope = Conditions(case).scope
    scope = {**scope, **plan_of(revision(case.revision_id)).outputs(scope)}
    days = content.fees.within_working_days if content.fees else None
    due_at = vietnam().after(now, working_hours=days * HOURS_OF_A_DAY) if days else None
    for occasion in occasions:
        try:
            lines = lines_for(content, occasion, scope)
        except FeeNotUsable as fault:
            raise LayoutNotUsable(f"fees.yaml: {fault}, for {case.number}") from fault
        if lines:
            demand(
                case_number=case.number,
                # That of the service: the agency that has the case at the moment does not keep its money.
                agency_path=agency(content.manifest.agency).path,
                place_path=case.place_path,
                occasion=occasion,
                lines=lines,
                due_at=due_at,
                now=now,
            )
        elif occasion is Occasion.BEFORE_DECISION:
            # Worked out anew, nothing is owed: what was asked before and not begun to be paid goes.
            take_back_demand(case_number=case.number, occasion=occasion, now=now)


def ask_fees_on_arrival(case: Case, *, content: Content, state: State, now: datetime) -> None:
    """Ask what is due in the state that the case has just come to; costs nothing for a service without fees.

    Who owes nothing goes on from a state that waits for payment. Raises ``LayoutNotUsable``.
    """
    waits = state.clock == "payment"
    if waits:
        ask_fees(case, content=content, occasions=(Occasion.AT_FILING, Occasion.BEFORE_DECISION), now=now)
        if not owes(case.number):
            queue_job("motcua.cases.go_on_when_paid", queue="cases", number=case.number)
    elif state.phase == "granted":
        ask_fees(case, content=content, occasions=(Occasion.WITH_RESULT,), now=now)


@transaction.atomic
def ask_fees_of_new_case(*, number: str, now: datetime) -> None:
    """Ask a case that was just filed to pay what is due at filing and where it stands; harmless when run twice."""
    case = Case.objects.get(number=number)
    content = revision(case.revision_id).content
    ask_fees(case, content=content, occasions=(Occasion.AT_FILING,), now=now)
    ask_fees_on_arrival(case, content=content, state=content.workflow.states[case.state], now=now)
