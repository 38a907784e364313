"""Sending the letter of apology for a date that was missed."""

from datetime import date, datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from motcua.cases.desk.apologies import (
    APOLOGIZE,
    NothingToApologizeFor,
    PromiseNotPossible,
    apologize,
)
from motcua.cases.desk.reasons import left_to_fill
from motcua.cases.models import Case
from motcua.cases.numbers import LOCAL
from motcua.cases.queries import CaseNotFound
from motcua.cases.services import CaseMovedOn
from motcua.cases.services.act import ReasonMissing
from motcua.identity.states import Purpose
from motcua.web.desk.case import shown_again
from motcua.web.desk.sent import sent_only
from motcua.web.desk.wishes import (
    CLOSING,
    FILL_PLACES,
    GIVE_DATE,
    GIVE_REASON,
    LONGEST_REASON,
    PARTS,
    SHORTEN,
)
from motcua.web.ui.components import FieldError
from motcua.web.ui.officers import Officer, for_officers
from motcua.web.ui.words import Bilingual

LATER = Bilingual("Ngày hẹn mới phải sau hôm nay.", "The day promised has to lie ahead.")


@sent_only
@for_officers(Purpose.HANDLE_CASES, Purpose.DECIDE_CASES)
def send_apology(request: HttpRequest, officer: Officer, number: str) -> HttpResponse:
    """Apologize with a day that is promised now; the legal date stays where it was missed."""
    reason = request.POST.get("sorry", "").strip()
    promised = _day(request)
    errors = []
    if not reason:
        errors.append(FieldError("sorry", GIVE_REASON))
    if len(reason) > LONGEST_REASON:
        errors.append(FieldError("sorry", SHORTEN))
    if left_to_fill(reason):
        errors.append(FieldError("sorry", FILL_PLACES.filled(places=", ".join(left_to_fill(reason)))))
    if promised is None:
        errors.append(FieldError("promised", GIVE_DATE))
    if errors or promised is None:
        return shown_again(request, officer, number, errors=tuple(errors))
    try:
        apologize(number=number, rights=officer.rights, reason=reason, promised_at=promised, now=officer.now)
    except (CaseNotFound, Case.DoesNotExist):
        raise Http404 from None
    except ReasonMissing:
        return shown_again(request, officer, number, errors=(FieldError("sorry", GIVE_REASON),))
    except PromiseNotPossible:
        return shown_again(request, officer, number, errors=(FieldError("promised", LATER),))
    except (NothingToApologizeFor, CaseMovedOn):
        # Somebody was quicker, or the case is settled: the page shows how it stands now.
        return redirect("desk:case", number)
    return redirect(f"{reverse('desk:case', args=(number,))}?done={APOLOGIZE}")


def _day(request: HttpRequest) -> datetime | None:
    try:
        day, month, year = (int(request.POST.get(f"promised-{part}", "").strip()[:4]) for part in PARTS)
        return datetime.combine(date(year, month, day), CLOSING, LOCAL)
    except (ValueError, OverflowError):
        return None
