"""An officer reads the papers of a case: each reading is noted for the applicant, with office, role and purpose."""

import uuid
from datetime import datetime

from django.db import transaction

from motcua.cases.queries import case_for_officer
from motcua.cases.services.open import asker_over
from motcua.identity.rights import Rights
from motcua.identity.states import Purpose
from motcua.vault.services import ReadPaper, open_for_officer


@transaction.atomic
def open_paper_of_case(*, number: str, paper_id: uuid.UUID, rights: Rights, now: datetime) -> ReadPaper:
    """Return a paper that the case holds, for an officer who may read the case.

    Raises ``CaseNotFound`` and ``PaperNotYours``.
    """
    page = case_for_officer(number, rights)
    return open_for_officer(
        paper_id=paper_id,
        case_number=number,
        asker=asker_over(page.case, rights),
        purpose=Purpose.READ_CASES,
        now=now,
    )
