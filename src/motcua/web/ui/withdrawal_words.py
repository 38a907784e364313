"""A paper that was taken back, in words: for its applicant, for officers, and for whoever checks it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from motcua.cases.queries import CasePage
from motcua.cases.services.object import last_moment_to_object
from motcua.documents.queries import Objection, ResultOfCase, WithdrawalOfCase
from motcua.documents.replacing import GROUNDS
from motcua.documents.states import Ground, ObjectionAnswer
from motcua.web.ui.words import Bilingual

WITHDRAWN = Bilingual("Đã thu hồi", "Withdrawn")
ANSWERS = {
    ObjectionAnswer.STANDS: Bilingual("Giữ nguyên việc thu hồi", "The withdrawal stands"),
    ObjectionAnswer.ISSUE_AGAIN: Bilingual("Cơ quan sẽ cấp lại giấy", "The office will give the paper again"),
}


@dataclass(frozen=True, slots=True)
class WithdrawalShown:
    """That a paper was taken back: when, why, by which notice, what is in its place, and what was said against it."""

    at: datetime
    ground: Bilingual
    reason: str
    notice: ResultOfCase | None
    replaced_by: ResultOfCase | None
    object_until: datetime
    objection: Objection | None

    @property
    def answer(self) -> Bilingual | None:
        """What a person answered to the objection, if somebody has."""
        given = self.objection.answer if self.objection else None
        return ANSWERS[given] if given else None


def ground_in_words(ground: Ground) -> Bilingual:
    """Return why a paper was taken back."""
    return Bilingual(*GROUNDS[ground])


def withdrawal_shown(
    page: CasePage, result: ResultOfCase, papers: Sequence[ResultOfCase]
) -> WithdrawalShown | None:
    """Return the withdrawal of a paper, None for one in force; ``papers`` are all of the case."""
    found: WithdrawalOfCase | None = result.withdrawn
    if found is None or found.withdrawn_at is None:
        return None
    days = page.case.procedure.content.manifest.objection_within_days
    return WithdrawalShown(
        at=found.withdrawn_at,
        ground=ground_in_words(found.ground),
        reason=found.reason,
        notice=next((each for each in papers if each.id == found.notice_id), None),
        replaced_by=next((each for each in papers if each.replaces == result.id and each.sealed_at), None),
        object_until=last_moment_to_object(found.withdrawn_at, within_days=days),
        objection=found.objection,
    )
