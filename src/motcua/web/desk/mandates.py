"""Who asks to act for a firm where the register does not know: an officer confirms or refuses, with a reason."""

import contextlib

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from motcua.cases.bulk.authority import MandateSettled, MandateView, mandates_waiting, settle_mandate
from motcua.cases.bulk.models import Mandate
from motcua.identity.states import Purpose
from motcua.procedures.queries import NoSuchProcedure, procedure_in_force, revision, revisions_of
from motcua.web.ui.components import FieldError
from motcua.web.ui.officers import Officer, for_officers
from motcua.web.ui.words import Bilingual

LONGEST_REASON = 2000
NO_REASON = Bilingual("Viết lý do; người nộp sẽ đọc.", "Write the reason; the person who asked will read it.")


@require_http_methods(["GET", "HEAD", "POST"])
@for_officers(Purpose.DECIDE_CASES)
def mandates(request: HttpRequest, officer: Officer) -> HttpResponse:
    """List who waits, or settle one of them."""
    if request.method != "POST":
        return _page(request, officer, ())
    chosen, reason = request.POST.get("mandate", ""), request.POST.get("reason", "").strip()
    if not reason or len(reason) > LONGEST_REASON:
        return _page(request, officer, (FieldError(f"reason-{chosen[:9]}", NO_REASON),))
    if chosen.isdecimal() and len(chosen) < 10:
        # Settled meanwhile, or not within the officer's rights: the list shows what is left.
        with contextlib.suppress(Mandate.DoesNotExist, MandateSettled):
            settle_mandate(
                mandate_id=int(chosen),
                may_act=request.POST.get("answer") == "yes",
                rights=officer.rights,
                reason=reason,
                now=timezone.now(),
            )
    return redirect("desk:mandates")


def _page(request: HttpRequest, officer: Officer, errors: tuple[FieldError, ...]) -> HttpResponse:
    waiting = mandates_waiting(officer.rights)
    page = {
        "officer": officer,
        "waiting": [(each, _service(each), _why(each)) for each in waiting],
        "errors": errors,
        "section": "mandates",
    }
    return render(request, "desk/mandates.html", page, status=422 if errors else 200)


def _service(mandate: MandateView) -> object:
    """Return the title of the service; that of its last revision if it was withdrawn while the mandate waits."""
    try:
        found = procedure_in_force(mandate.procedure_code)
    except NoSuchProcedure:
        lines = revisions_of(mandate.procedure_code)
        if not lines:
            return Bilingual(mandate.procedure_code, mandate.procedure_code)
        found = revision(lines[-1].id)
    return found.content.manifest.title


def _why(mandate: MandateView) -> Bilingual:
    fact = mandate.fact
    return Bilingual(
        f"{fact.source_title}: {fact.reason('vi')}",
        f"{fact.source_title_en or fact.source_title}: {fact.reason('en')}",
    )
