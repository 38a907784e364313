"""One case on the desk: everything an officer needs to decide, and the acts open to them."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from motcua.cases.queries import CaseNotFound, CasePage, case_for_officer
from motcua.cases.result_papers import PaperNotSeen
from motcua.cases.services import CaseMovedOn, act_on_case
from motcua.cases.services.open import open_case
from motcua.cases.states import ActNotOpen
from motcua.documents.results import ResultMovedOn
from motcua.identity.states import Purpose
from motcua.web.desk.acting import REFUSALS, findings_page, last_look, mistake
from motcua.web.desk.around import around_case, from_template
from motcua.web.desk.found import read_found
from motcua.web.desk.pages import case_page, latest_entry
from motcua.web.desk.sent import sent_only
from motcua.web.desk.wishes import (
    LONGEST_REASON,
    NO_WISH,
    Wish,
    date_field,
    reason_field,
    wish_of,
)
from motcua.web.ui.components import FieldError
from motcua.web.ui.consult_words import consult_lines, found_lines, paper_cards
from motcua.web.ui.officers import Officer, for_officers


@require_safe
@for_officers(Purpose.READ_CASES)
def case(request: HttpRequest, officer: Officer, number: str) -> HttpResponse:
    """Show a case; the applicant will see that it was opened, by which office and when."""
    return _shown(request, officer, number, wish=NO_WISH, errors=(), done=request.GET.get("done", ""))


@sent_only
@for_officers(Purpose.READ_CASES)
def check(request: HttpRequest, officer: Officer, number: str) -> HttpResponse:
    """Show what an act will bring about before it is done, or what is missing."""
    found = _found(officer, number)
    wish = wish_of(request)
    if wish.seen_state != found.case.state_name:
        return _moved_on(request, officer, number)
    if request.POST.get("step") == "fill":
        return _shown(request, officer, number, wish=from_template(wish, request, found), errors=())
    errors = wish.errors(found, officer.now)
    if errors or request.POST.get("step") == "mend":
        return _shown(request, officer, number, wish=wish, errors=errors)
    try:
        return last_look(request, officer, found, wish)
    except REFUSALS as refusal:
        return _shown(request, officer, number, wish=wish, errors=(mistake(refusal),))


@sent_only
@for_officers(Purpose.READ_CASES)
def act(request: HttpRequest, officer: Officer, number: str) -> HttpResponse:
    """Carry out a confirmed act, and show the case with what became of it."""
    found = _found(officer, number)
    wish = wish_of(request)
    errors = wish.errors(found, officer.now) if wish.seen_state == found.case.state_name else ()
    if errors:
        return _shown(request, officer, number, wish=wish, errors=errors)
    given = read_found(found.acts[wish.act].findings if wish.act in found.acts else (), request.POST)
    if given.errors:
        return findings_page(request, officer, found, wish, given, asked=True)
    try:
        act_on_case(
            number=number,
            act=wish.act,
            rights=officer.rights,
            reason=wish.reason,
            seen_state=wish.seen_state,
            now=officer.now,
            until=wish.until,
            findings=given.values,
            seen_paper=request.POST.get("seen_paper", "")[:64],
        )
    except (CaseMovedOn, ActNotOpen, ResultMovedOn):
        return _moved_on(request, officer, number)
    except PaperNotSeen:
        return last_look(request, officer, found, wish, changed=True)
    except REFUSALS as refusal:
        return _shown(request, officer, number, wish=wish, errors=(mistake(refusal),))
    return redirect(f"{reverse('desk:case', args=(number,))}?done={wish.act}")


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
    consults = consult_lines(found, officer.now)
    page = {
        "officer": officer,
        "section": "queue",
        "wish": wish,
        "errors": errors,
        "longest": LONGEST_REASON,
        "done": found.case.procedure.content.workflow.acts.get(done),
        "answered": "answered" in request.GET,
        "number": number,
        "consults": consults,
        "to_answer": [each for each in consults if each.mine],
        "found": found_lines(found),
        "cards": paper_cards(found),
        "held_vnd": found.held_vnd,
        "reason": reason_field(wish, found.acts.values(), errors),
        "act": wish.act or _only_act(found),
        "until": date_field(wish, errors) if any(act.extends for act in found.acts.values()) else None,
        **case_page(found, officer.now),
        **around_case(found, officer),
    }
    return render(request, "desk/case.html", page, status=422 if errors else 200)


def _only_act(found: CasePage) -> str:
    """Return the one act that is open, ticked before it is asked: it is confirmed all the same; never a revocation."""
    names = [name for name, act in found.acts.items() if "revoke_credential" not in act.effect]
    return names[0] if len(found.acts) == len(names) == 1 else ""


def shown_again(
    request: HttpRequest, officer: Officer, number: str, *, errors: tuple[FieldError, ...]
) -> HttpResponse:
    """Show a case with what has to be mended before something beside its acts can be done."""
    return _shown(request, officer, number, wish=NO_WISH, errors=errors)


def _moved_on(request: HttpRequest, officer: Officer, number: str) -> HttpResponse:
    found = _found(officer, number)
    page = {
        "officer": officer,
        "section": "queue",
        "case": found.case,
        "entry": latest_entry(found),
    }
    return render(request, "desk/moved_on.html", page, status=409)
