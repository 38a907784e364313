"""What a case ends with is handed over once its fees are paid: worked out from what it owes, never stored."""

from motcua.cases.models import Case
from motcua.cases.states import Phase
from motcua.fees.queries import demands_of_case, owes
from motcua.fees.schedule import fee_lines
from motcua.procedures.content import Content


def held_vnd(case: Case, content: Content) -> int:
    """Return what is left to pay before the result of a granted case is handed over; 0 where nothing holds it.

    A pack that hands over at once says so in ``fees.yaml`` (``holds_result: false``). What was handed over already
    is not taken back. No query for a service without fees, one where nothing is owed, otherwise up to five.
    """
    holds = content.fees is None or content.fees.holds_result
    if case.phase != Phase.GRANTED or not holds or not fee_lines(content):
        return 0
    if content.workflow.is_handed_over(case.state) or not owes(case.number):
        return 0
    return sum(demand.left_vnd for demand in demands_of_case(case.number))
