"""Figures of opinion beside a directive: the import."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from motcua.directives.complaints import DirectiveRefused
from motcua.directives.opinions import LARGEST_BYTES, import_opinions
from motcua.directives.services import DirectiveNotYours
from motcua.identity.states import Purpose
from motcua.web.operations.directives.drafting import NO_FILE, NOT_YOURS, faults_of, refused
from motcua.web.operations.directives.pages import directive_page, found_directive
from motcua.web.ui.officers import Officer, for_officers


@require_POST
@for_officers(Purpose.DIRECT)
def import_figures(request: HttpRequest, officer: Officer, directive_id: int) -> HttpResponse:
    """Take the figures of a CSV file, all or none."""
    found = found_directive(directive_id, officer)
    uploaded = request.FILES.get("file")
    if uploaded is None:
        return refused(request, officer, NO_FILE, 422)
    try:
        import_opinions(
            directive_id=found.id,
            content=uploaded.read(LARGEST_BYTES + 1),
            account_id=officer.account_id,
            now=officer.now,
        )
    except DirectiveRefused as refusal:
        page = {**directive_page(found, officer), "complaints": faults_of(refusal.complaints, [])}
        return render(request, "operations/directives/opinions_refused.html", page, status=422)
    except DirectiveNotYours:
        return refused(request, officer, NOT_YOURS, 403)
    return redirect(f"{reverse('operations:directive', args=(found.id,))}?done=opinions")
