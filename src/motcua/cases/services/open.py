"""An officer opens a case: a reading of a person's data, noted for that person before it is shown."""

from datetime import datetime

from django.db import transaction

from motcua.cases.queries import CasePage, CaseView, case_for_officer
from motcua.cases.sight import grant_to_read
from motcua.identity.rights import Rights
from motcua.identity.states import Purpose
from motcua.registers.questions import Asker
from motcua.registers.services.noting import note_access

SHOWN = ("applicant", "form", "facts", "decisions", "history")


@transaction.atomic
def open_case(*, number: str, rights: Rights, now: datetime) -> CasePage:
    """Return the page of a case within the officer's rights, and note the reading under "who looked".

    The person reads role and office; the account stands in the log for auditors. Raises ``CaseNotFound``.
    """
    page = case_for_officer(number, rights)
    note_access(
        person_key=page.applicant.key,
        asker=asker_over(page.case, rights),
        purpose=Purpose.READ_CASES.value,
        source="cases",
        what=SHOWN,
        case_number=number,
        now=now,
    )
    return page


def asker_over(case: CaseView, rights: Rights) -> Asker:
    """Return who reads the case, as its applicant reads it: role and office, and the account for auditors."""
    grant = grant_to_read(
        number=case.number, agency_path=case.agency_path, place_path=case.place_path, rights=rights
    )
    return Asker(
        kind="account",
        reference=f"account:{rights.account_id}",
        label=str(grant.role.label),
        agency_path=grant.agency_path,
    )
