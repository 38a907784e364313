"""An officer reads the paper of a case: as an act would draft or sign it, or its file as far as it is signed."""

import uuid
from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from motcua.cases.models import Case
from motcua.cases.queries import case_for_officer
from motcua.cases.result_papers import PaperToSign, paper_to_sign, preview_pdf
from motcua.cases.services.act import acts_for
from motcua.cases.services.open import asker_over
from motcua.cases.sight import may_read
from motcua.cases.states import ActNotOpen
from motcua.documents.queries import result_bytes, results_of_case
from motcua.documents.states import ResultState
from motcua.identity.rights import Rights
from motcua.identity.states import Purpose
from motcua.procedures.content import Act
from motcua.procedures.queries import revision
from motcua.registers.services.noting import note_access


def paper_before_act(
    *, number: str, act: str, rights: Rights, findings: Mapping[str, object], now: datetime
) -> PaperToSign | None:
    """Return the paper as the act would draft, sign or seal it; None for an act that has to do with none.

    Raises ``Case.DoesNotExist``, ``ActNotOpen``, ``PaperMissing``, ``LayoutNotUsable``.
    """
    case, found = _open_act(number, act, rights)
    return paper_to_sign(case, found, now=now, found=findings)


def preview_of_paper(
    *, number: str, act: str, rights: Rights, findings: Mapping[str, object], now: datetime
) -> bytes:
    """Return the paper that the act would draft as a PDF that says that it is none yet; raises as above."""
    case, found = _open_act(number, act, rights)
    paper = paper_to_sign(case, found, now=now, found=findings)
    if paper is None or paper.result_id is not None:
        raise ActNotOpen(act, case.state, ())
    return preview_pdf(case, paper.text, now=now)


@transaction.atomic
def open_result(*, number: str, result_id: uuid.UUID, rights: Rights, now: datetime) -> bytes:
    """Return the file of a result of the case, and note the reading for the applicant.

    Raises ``CaseNotFound``, and ``Case.DoesNotExist`` for a result that is another case's or was given up.
    """
    page = case_for_officer(number, rights)
    standing = {each.id for each in results_of_case(number) if each.state is not ResultState.ABANDONED}
    if result_id not in standing:
        raise Case.DoesNotExist(number)
    note_access(
        person_key=page.applicant.key,
        asker=asker_over(page.case, rights),
        purpose=Purpose.READ_CASES.value,
        source="cases",
        what=("result",),
        case_number=number,
        now=now,
    )
    return result_bytes(result_id)


def _open_act(number: str, act: str, rights: Rights) -> tuple[Case, Act]:
    case = Case.objects.get(may_read(rights), number=number)
    allowed = acts_for(case, rights, revision(case.revision_id).content.workflow)
    if act not in allowed:
        raise ActNotOpen(act, case.state, allowed)
    return case, allowed[act]
