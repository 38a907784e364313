"""Putting what a case ended with among the papers of its applicant, so that no other service asks for it again."""

from collections.abc import Sequence
from datetime import datetime

from django.utils import timezone

from motcua.cases.holding import held_vnd
from motcua.cases.models import Case
from motcua.documents.queries import ResultOfCase, result_bytes, results_of_case
from motcua.documents.states import ResultKind, ResultState
from motcua.procedures.queries import revision
from motcua.vault.services import keep_result, mark_withdrawn

OTHER = "other"


def keep_results_of_case(*, number: str, now: datetime) -> int:
    """Keep every sealed paper of the case for its applicant, byte for byte, and return how many there are.

    One that was taken back stays among them and says so; the notice is kept too, under no kind that a form asks for.
    Nothing is kept while the result is held back for its fee, but what was kept before is marked. Done twice it
    changes nothing; a number that is no case of ours has nobody to keep it for. Raises ``PaperRefused``.
    """
    case = Case.objects.filter(number=number).first()
    if case is None:
        return 0
    content = revision(case.revision_id).content
    sealed = [each for each in results_of_case(number) if each.state is ResultState.SEALED]
    if held_vnd(case, content):
        _mark(number, sealed, now)
        return 0
    kind = content.manifest.gives_paper or OTHER
    for each in sealed:
        keep_result(
            person_id=case.applicant_id,
            case_number=number,
            kind=kind if each.kind is ResultKind.RESULT else OTHER,
            title=each.title,
            content=result_bytes(each.id),
            as_of=timezone.localdate(each.sealed_at or now),
            now=now,
        )
    _mark(number, sealed, now)
    return len(sealed)


def _mark(number: str, sealed: Sequence[ResultOfCase], now: datetime) -> None:
    for each in sealed:
        if each.withdrawn is not None:
            mark_withdrawn(
                case_number=number,
                sha256=each.sha256,
                ground=each.withdrawn.ground.value,
                at=each.withdrawn.withdrawn_at or now,
            )
