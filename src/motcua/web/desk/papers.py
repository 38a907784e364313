"""The papers of a case on the desk: what the form asked for, how each was provided, and a way to open it."""

import uuid
from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from motcua.cases.queries import CaseNotFound, case_for_officer
from motcua.cases.services.papers import open_paper_of_case
from motcua.identity.states import Purpose
from motcua.procedures.content import Content
from motcua.vault.queries import ComponentView, components_of_case
from motcua.vault.services import PaperNotYours
from motcua.vault.states import Means
from motcua.web.ui.attachments import attachment
from motcua.web.ui.officers import Officer, for_officers
from motcua.web.ui.words import Bilingual, InTwoLanguages

MEANS = {
    Means.UPLOADED: (Bilingual("Tải lên khi nộp", "Uploaded when filing"), "blue"),
    Means.REUSED: (Bilingual("Dùng lại giấy đã có", "A kept paper, used again"), "green"),
    Means.DATA: (Bilingual("Dữ liệu thay giấy", "Data stand in for it"), "green"),
    Means.MISSING: (Bilingual("Chưa có", "Missing"), "red"),
}


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the dossier in words."""

    component: ComponentView
    label: InTwoLanguages
    means: Bilingual
    colour: str
    replaced_by: InTwoLanguages


@require_safe
@for_officers(Purpose.READ_CASES)
def case_papers(request: HttpRequest, officer: Officer, number: str) -> HttpResponse:
    """List the parts that the form asked for; no paper is opened by it."""
    try:
        found = case_for_officer(number, officer.rights)
    except CaseNotFound:
        raise Http404(number) from None
    content = found.case.procedure.content
    page = {
        "officer": officer,
        "section": "queue",
        "case": found.case,
        "title": content.manifest.title,
        "parts": [_part(each, content) for each in components_of_case(number)],
    }
    return render(request, "desk/papers.html", page)


@require_safe
@for_officers(Purpose.READ_CASES)
def case_paper(request: HttpRequest, officer: Officer, number: str, paper_id: str) -> HttpResponse:
    """Give a paper of the case as an attachment; the applicant sees that it was opened, by whom and what for."""
    try:
        read = open_paper_of_case(
            number=number, paper_id=uuid.UUID(paper_id), rights=officer.rights, now=officer.now
        )
    except (CaseNotFound, PaperNotYours, ValueError):
        raise Http404(number) from None
    return attachment(read.content, media_type=read.media_type, file_name=read.file_name)


def _part(component: ComponentView, content: Content) -> Part:
    labels = {field.name: field.label for field in content.form.fields}
    facts = {fact.name: fact.label for fact in content.facts}
    means, colour = MEANS[component.means]
    return Part(
        component=component,
        label=labels.get(component.field, Bilingual(component.field, component.field)),
        means=means,
        colour=colour,
        replaced_by=facts.get(component.fact, Bilingual("", "")),
    )
