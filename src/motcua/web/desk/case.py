"""One case on the desk: everything an officer needs to decide, and the acts open to them."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from motcua.agencies.queries import AgencyNotKnown
from motcua.calendars.clock import EventRefused
from motcua.cases.plans import LayoutNotUsable
from motcua.cases.queries import CaseNotFound, CasePage, case_for_officer
from motcua.cases.services import CaseMovedOn, act_on_case
from motcua.cases.services.act import NewDateMissing, ReasonMissing
from motcua.cases.services.open import open_case
from motcua.cases.states import ActNotOpen
from motcua.identity.states import Purpose
from motcua.web.desk.pages import before_act, case_page, latest_entry
from motcua.web.desk.wishes import (
    GIVE_DATE,
    GIVE_REASON,
    LONGEST_REASON,
    NO_WISH,
    Wish,
    date_field,
    refused_date,
    wish_of,
)
from motcua.web.ui.components import FieldError
from motcua.web.ui.officers import Officer, for_officers
from motcua.web.ui.words import Bilingual

NO_CREDENTIAL = Bilingual(
    "Không lập được giấy từ dữ liệu của hồ sơ này, nên chưa có gì thay đổi. Báo cho người phụ trách dịch vụ.",
    "No credential can be made from the data of this case, so nothing was changed. Tell the service's owner.",
)


NO_AGENCY = Bilingual(
    "Cơ quan nhận hồ sơ ở bước này chưa được khai báo, nên chưa có gì thay đổi. Báo cho người phụ trách dịch vụ.",
    "The agency that works on this step is not registered, so nothing was changed. Tell the service's owner.",
)


@require_safe
@for_officers(Purpose.READ_CASES)
def case(request: HttpRequest, officer: Officer, number: str) -> HttpResponse:
    """Show a case; the applicant will see that it was opened, by which office and when."""
    return _shown(request, officer, number, wish=NO_WISH, errors=(), done=request.GET.get("done", ""))


@require_POST
@for_officers(Purpose.READ_CASES)
def check(request: HttpRequest, officer: Officer, number: str) -> HttpResponse:
    """Show what an act will bring about before it is done, or what is missing."""
    found = _found(officer, number)
    wish = wish_of(request)
    if wish.seen_state != found.case.state_name:
        return _moved_on(request, officer, number)
    errors = wish.errors(found, officer.now)
    if errors or request.POST.get("step") == "mend":
        return _shown(request, officer, number, wish=wish, errors=errors)
    act = found.acts[wish.act]
    page = {
        "officer": officer,
        "section": "queue",
        "case": found.case,
        "wish": wish,
        "act": act,
        **before_act(found, act, wish),
    }
    return render(request, "desk/confirm.html", page)


@require_POST
@for_officers(Purpose.READ_CASES)
def act(request: HttpRequest, officer: Officer, number: str) -> HttpResponse:
    """Carry out a confirmed act, and show the case with what became of it."""
    found = _found(officer, number)
    wish = wish_of(request)
    errors = wish.errors(found, officer.now) if wish.seen_state == found.case.state_name else ()
    if errors:
        return _shown(request, officer, number, wish=wish, errors=errors)
    try:
        act_on_case(
            number=number,
            act=wish.act,
            rights=officer.rights,
            reason=wish.reason,
            seen_state=wish.seen_state,
            now=officer.now,
            until=wish.until,
        )
    except (CaseMovedOn, ActNotOpen):
        return _moved_on(request, officer, number)
    except (ReasonMissing, NewDateMissing, EventRefused, LayoutNotUsable, AgencyNotKnown) as refusal:
        return _shown(request, officer, number, wish=wish, errors=(_mistake(refusal),))
    return redirect(f"{reverse('desk:case', args=(number,))}?done={wish.act}")


def _mistake(refusal: Exception) -> FieldError:
    """Return what an act was refused for, at the field that mends it."""
    match refusal:
        case EventRefused():
            return refused_date(refusal)
        case ReasonMissing():
            return FieldError("reason", GIVE_REASON)
        case NewDateMissing():
            return FieldError("until", GIVE_DATE)
        case AgencyNotKnown():
            return FieldError("act", NO_AGENCY)
        case _:
            return FieldError("act", NO_CREDENTIAL)


def _found(officer: Officer, number: str) -> CasePage:
    try:
        return case_for_officer(number, officer.rights)
    except CaseNotFound:
        raise Http404 from None


def _shown(
    request: HttpRequest,
    officer: Officer,
    number: str,
    *,
    wish: Wish,
    errors: tuple[FieldError, ...],
    done: str = "",
) -> HttpResponse:
    try:
        found = open_case(number=number, rights=officer.rights, now=officer.now)
    except CaseNotFound:
        raise Http404 from None
    page = {
        "officer": officer,
        "section": "queue",
        "wish": wish,
        "errors": errors,
        "longest": LONGEST_REASON,
        "done": found.case.procedure.content.workflow.acts.get(done),
        "until": date_field(wish, errors) if any(act.extends for act in found.acts.values()) else None,
        **case_page(found, officer.now),
    }
    return render(request, "desk/case.html", page, status=422 if errors else 200)


def _moved_on(request: HttpRequest, officer: Officer, number: str) -> HttpResponse:
    found = _found(officer, number)
    page = {
        "officer": officer,
        "section": "queue",
        "case": found.case,
        "entry": latest_entry(found),
    }
    return render(request, "desk/moved_on.html", page, status=409)
