"""What was received at the counter: where it stands, and its receipt to print."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from motcua.cases.counter.queries import open_case_received
from motcua.cases.queries import CaseNotFound, CasePage, case_for_officer
from motcua.identity.states import Purpose
from motcua.web.ui.case_words import COLORS
from motcua.web.ui.legal_clock import clock_story
from motcua.web.ui.officers import Officer, for_officers
from motcua.web.ui.receipts import receipt_name, receipt_pdf
from motcua.web.ui.words import current_language


@require_safe
@for_officers(Purpose.RECEIVE_CASES)
def filed(request: HttpRequest, officer: Officer, number: str) -> HttpResponse:
    """Show what became of a request just received, with the way to print its receipt and to the next person."""
    found = _found(officer, number)
    page = {
        "officer": officer,
        "section": "counter",
        "found": found,
        "color": COLORS[found.case.phase],
        "story": clock_story(found, officer.now),
        "receiving": found.clock is not None and found.clock.receiving,
        "elsewhere": request.GET.get("accepted") == "elsewhere",
        "on_the_desk": _is_on_the_desk(officer, number),
    }
    return render(request, "desk/counter_filed.html", page)


@require_safe
@for_officers(Purpose.RECEIVE_CASES)
def receipt(request: HttpRequest, officer: Officer, number: str) -> HttpResponse:
    """Give the receipt as a PDF to print."""
    found = _found(officer, number)
    response = HttpResponse(
        receipt_pdf(found, current_language(), made_at=officer.now), content_type="application/pdf"
    )
    response.headers["Content-Disposition"] = f'inline; filename="{receipt_name(number)}"'
    return response


def _found(officer: Officer, number: str) -> CasePage:
    try:
        return open_case_received(
            number=number, account_id=officer.account_id, rights=officer.rights, now=officer.now
        )
    except CaseNotFound:
        raise Http404(number) from None


def _is_on_the_desk(officer: Officer, number: str) -> bool:
    try:
        case_for_officer(number, officer.rights)
    except CaseNotFound:
        return False
    return True
