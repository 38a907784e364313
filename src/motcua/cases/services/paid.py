"""Moves a case on once everything it was asked to pay is paid."""

from datetime import datetime

from django.db import transaction

from motcua.cases.conditions import Conditions
from motcua.cases.models import Case
from motcua.cases.services.move import move
from motcua.cases.states import open_acts
from motcua.fees.queries import owes
from motcua.procedures.queries import revision

PAID = "paid"


@transaction.atomic
def go_on_when_paid(*, number: str, now: datetime) -> bool:
    """Carry out the act ``paid`` by machine and return True, if the workflow has it here and nothing is owed.

    Raises ``CaseMovedOn`` if another hand moves the case meanwhile: to be tried again.
    """
    case = Case.objects.filter(number=number).first()
    if case is None or owes(number):
        return False
    content = revision(case.revision_id).content
    act = open_acts(content.workflow, case.state, "machine", Conditions(case)).get(PAID)
    if act is None:
        return False
    move(case, content=content, act_name=PAID, act=act, actor="machine", reason="", now=now)
    return True
