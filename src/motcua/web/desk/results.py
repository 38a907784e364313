"""The paper of a case as a file on the desk: as an act would draft it, or as far as it is signed."""

import uuid

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_POST, require_safe

from motcua.agencies.queries import AgencyNotKnown
from motcua.cases.models import Case
from motcua.cases.plans import LayoutNotUsable
from motcua.cases.queries import CaseNotFound, case_for_officer
from motcua.cases.result_papers import PaperMissing
from motcua.cases.services.paper import open_result, preview_of_paper
from motcua.cases.states import ActNotOpen
from motcua.identity.states import Purpose
from motcua.web.desk.found import read_found
from motcua.web.desk.wishes import wish_of
from motcua.web.ui.officers import Officer, for_officers


@require_POST
@for_officers(Purpose.READ_CASES)
def preview(request: HttpRequest, officer: Officer, number: str) -> HttpResponse:
    """Give the paper that an act would draft as a PDF that says that it is none yet."""
    wish = wish_of(request)
    try:
        act = case_for_officer(number, officer.rights).acts.get(wish.act)
        given = read_found(act.findings if act else (), request.POST)
        pdf = preview_of_paper(
            number=number, act=wish.act, rights=officer.rights, findings=given.values, now=officer.now
        )
    except (CaseNotFound, Case.DoesNotExist, ActNotOpen, PaperMissing, LayoutNotUsable, AgencyNotKnown):
        raise Http404(number) from None
    return _inline(pdf, f"xem-truoc-{number}.pdf")


@require_safe
@for_officers(Purpose.READ_CASES)
def result_file(request: HttpRequest, officer: Officer, number: str, result_id: str) -> HttpResponse:
    """Give the paper as far as it is signed; the applicant sees that it was read."""
    try:
        pdf = open_result(
            number=number, result_id=uuid.UUID(result_id), rights=officer.rights, now=officer.now
        )
    except (CaseNotFound, Case.DoesNotExist, ValueError):
        raise Http404(number) from None
    return _inline(pdf, f"ket-qua-{number}.pdf")


def _inline(pdf: bytes, name: str) -> HttpResponse:
    response = HttpResponse(pdf, content_type="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{name}"'
    return response
