"""An applicant rates how their case was handled."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from motcua.cases.models import Case
from motcua.events.services import publish
from motcua.ratings.events import ServiceRated
from motcua.ratings.models import Rating
from motcua.ratings.states import EDITABLE, ENDED, LONGEST_WORDS, Reason, Step


class NotEnded(ValueError):
    """The case is still on its way: there is nothing to rate yet."""


class RatedForGood(ValueError):
    """The case was rated more than a day ago; the rating stays as it is."""


class NotARating(ValueError):
    """The step or a reason is none of the lists, or the words are too long."""


@transaction.atomic
def rate_case(
    *, number: str, applicant_id: int, step: int, reasons: Collection[str], words: str, now: datetime
) -> bool:
    """Keep what the applicant thinks of their own ended case; return True for the first time, False for a change.

    Raises ``Case.DoesNotExist`` for anyone else's case, ``NotEnded``, ``RatedForGood`` and ``NotARating``.
    """
    words = words.replace("\0", "").strip()
    if step not in Step.values or not set(reasons) <= set(Reason.values) or len(words) > LONGEST_WORDS:
        raise NotARating(number)
    case = Case.objects.of_person(applicant_id).get(number=number)
    said = {"step": step, "reasons": sorted(set(reasons)), "words": words}
    # Looked at before the phase: a case that an objection opened again keeps its rating.
    found, is_new = (
        Rating.objects.get_or_create(
            case_number=number,
            defaults={
                **said,
                "procedure_code": case.procedure_code,
                "agency_path": case.agency_path,
                "place_path": case.place_path,
                "filed_on": case.filed_on,
                "rated_at": now,
                "changed_at": now,
            },
        )
        if case.phase in ENDED
        else (Rating.objects.filter(case_number=number).first(), False)
    )
    if found is None:
        raise NotEnded(number)
    if not is_new:
        _change(found, said, now)
        return False
    publish(
        ServiceRated(
            happened_at=now, agency_path=case.agency_path, subject=case.procedure_code, actor="citizen"
        )
    )
    return True


def _change(rating: Rating, said: dict[str, object], now: datetime) -> None:
    if now > rating.rated_at + EDITABLE:
        raise RatedForGood(rating.case_number)
    Rating.objects.filter(pk=rating.pk).update(**said, changed_at=max(now, rating.rated_at))
