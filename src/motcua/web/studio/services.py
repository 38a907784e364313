"""The services whose rules an officer writes, and the history of one: its revisions and its drafts."""

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from motcua.identity.queries import account_names
from motcua.identity.states import Purpose
from motcua.packs.drafts import ServiceNotYours, service_to_design
from motcua.packs.queries import DraftView, drafts_of, services_to_design
from motcua.packs.states import Outcome
from motcua.procedures.queries import ProcedureView, revisions_of, texts_of
from motcua.web.ui.officers import Officer, for_officers
from motcua.web.ui.words import Bilingual

OUTCOMES = {
    Outcome.OPEN: (Bilingual("Đang soạn", "Being written"), "yellow"),
    Outcome.INSTALLED: (Bilingual("Đã áp dụng", "Installed"), "green"),
    Outcome.DISCARDED: (Bilingual("Đã bỏ", "Given up"), "grey"),
}


@dataclass(frozen=True, slots=True)
class DraftLine:
    """A draft in the history of a service: what became of it, who wrote it and who closed it."""

    draft: DraftView
    state: Bilingual
    color: str
    begun_by: str
    authors: str
    closed_by: str


@require_safe
@for_officers(Purpose.DESIGN_SERVICES)
def services(request: HttpRequest, officer: Officer) -> HttpResponse:
    """List the services whose rules are the officer's to change."""
    page = {"officer": officer, "section": "studio", "lines": services_to_design(officer.rights)}
    return render(request, "studio/services.html", page)


@require_safe
@for_officers(Purpose.DESIGN_SERVICES)
def service(request: HttpRequest, officer: Officer, code: str) -> HttpResponse:
    """Show every revision of a service and every draft."""
    procedure = found_service(code, officer)
    drafts = drafts_of(code, officer.rights)
    lines = draft_lines(drafts)
    page = {
        "officer": officer,
        "section": "studio",
        "procedure": procedure,
        "title": procedure.content.manifest.title,
        "revisions": tuple(reversed(revisions_of(code))),
        "open": next((line for line in lines if line.draft.outcome is Outcome.OPEN), None),
        "closed": tuple(line for line in lines if line.draft.outcome is not Outcome.OPEN),
        "has_files": bool(texts_of(procedure.revision_id)),
        "done": request.GET.get("done", ""),
    }
    return render(request, "studio/service.html", page)


def found_service(code: str, officer: Officer) -> ProcedureView:
    """Return the service; one that is not the officer's to change looks like one that is not there."""
    try:
        return service_to_design(code, officer.rights)
    except ServiceNotYours:
        raise Http404(code) from None


def draft_lines(drafts: list[DraftView]) -> tuple[DraftLine, ...]:
    """Return the drafts with names; one query."""
    names = account_names(set[int]().union(*(draft.accounts for draft in drafts)))
    lines = []
    for draft in drafts:
        state, color = OUTCOMES[draft.outcome]
        authors = ", ".join(names.get(author, "") for author in sorted(draft.authors))
        closed_by = names.get(draft.closed_by, "") if draft.closed_by else ""
        lines.append(DraftLine(draft, state, color, names.get(draft.begun_by, ""), authors, closed_by))
    return tuple(lines)
