"""Questions about cases that somebody filed for their applicants."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction

from motcua.cases.counter.models import OnBehalf
from motcua.cases.models import Case
from motcua.cases.queries import CaseNotFound, CasePage, case_of_person
from motcua.cases.services.on_behalf import PHONE_SEALED_FOR
from motcua.cases.states import Channel
from motcua.identity.people import names_by_id
from motcua.identity.rights import Rights
from motcua.identity.sealing import unseal
from motcua.identity.states import PURPOSES, Purpose
from motcua.procedures.queries import ProcedureView, revision
from motcua.registers.questions import Asker
from motcua.registers.services.noting import note_access

# Who received a case elsewhere in the province may print its receipt again for so long; then it is the office's.
PRINTED_AGAIN_FOR = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class FiledOnBehalf:
    """Who filed a case for its applicant, where, how it came; ``arrived_on`` when by post."""

    account_id: int
    officer: str
    agency_path: str
    channel: Channel
    arrived_on: date | None
    phone: str
    filed_at: datetime


@dataclass(frozen=True, slots=True)
class FiledToday:
    """A case that an officer filed, as the list at the counter shows it."""

    number: str
    procedure: ProcedureView
    applicant: str
    filed_at: datetime


def filed_on_behalf(number: str) -> FiledOnBehalf | None:
    """Return who filed the case for its applicant, or None where the applicant did; one query."""
    row = OnBehalf.objects.filter(case_number=number).select_related("account").first()
    if row is None:
        return None
    sealed = bytes(row.phone_sealed)
    return FiledOnBehalf(
        account_id=row.account_id,
        officer=row.account.name,
        agency_path=row.agency_path,
        channel=Channel(row.channel),
        arrived_on=row.arrived_on,
        phone=unseal(sealed, PHONE_SEALED_FOR).decode() if sealed else "",
        filed_at=row.filed_at,
    )


def filed_by(account_id: int, *, now: datetime, limit: int = 20) -> list[FiledToday]:
    """Return what the account filed for others within a day, newest first; three queries."""
    since = now - timedelta(days=1)
    numbers = list(
        OnBehalf.objects.filter(account_id=account_id, filed_at__gt=since)
        .order_by("-filed_at")
        .values_list("case_number", flat=True)[:limit]
    )
    cases = Case.objects.filter(number__in=numbers, filed_on__gte=(since - timedelta(days=1)).date())
    rows = {case.number: case for case in cases}
    names = names_by_id({case.applicant_id for case in rows.values()})
    return [
        FiledToday(number, revision(case.revision_id), names[case.applicant_id], case.filed_at)
        for number in numbers
        if (case := rows.get(number)) is not None
    ]


@transaction.atomic
def open_case_received(*, number: str, account_id: int, rights: Rights, now: datetime) -> CasePage:
    """Return a case that the account filed lately for its applicant, to print the receipt, and note the reading.

    It may belong to an office whose cases the account does not see. Raises ``CaseNotFound``.
    """
    row = OnBehalf.objects.filter(
        case_number=number, account_id=account_id, filed_at__gt=now - PRINTED_AGAIN_FOR
    ).first()
    grant = next(
        (each for each in rights.grants if Purpose.RECEIVE_CASES in PURPOSES[each.role]),
        None,
    )
    case = Case.objects.filter(number=number).first() if row is not None else None
    if case is None or grant is None:
        raise CaseNotFound(number)
    found = case_of_person(number, case.applicant_id)
    note_access(
        person_key=found.applicant.key,
        asker=Asker("account", f"account:{account_id}", str(grant.role.label), grant.agency_path),
        purpose=Purpose.RECEIVE_CASES.value,
        source="cases",
        what=("receipt",),
        case_number=number,
        now=now,
    )
    return found
