"""Form and papers side by side: what was answered on the left, the pages of a paper as pictures on the right.

Opening a paper is noted for its owner once; its pages are fetched under a proof of that opening, which holds for half
an hour.
"""

import uuid
from dataclasses import dataclass

from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from motcua.agencies.queries import place_names_on
from motcua.cases.queries import CaseNotFound, CasePage, case_for_officer
from motcua.cases.services.open import open_case
from motcua.cases.services.papers import open_paper_of_case
from motcua.identity.states import Purpose
from motcua.vault.pages import PageNotShown, page_as_picture
from motcua.vault.queries import PaperView, components_of_case
from motcua.vault.services import PaperNotYours, read_held
from motcua.web.desk.pages import place_codes
from motcua.web.ui.case_words import CaseWords
from motcua.web.ui.officers import Officer, for_officers

PROOF = signing.TimestampSigner(salt="motcua.desk.opened")
HOLDS_SECONDS = 1800
MOST_PAGES = 60


@dataclass(frozen=True, slots=True)
class OpenPaper:
    """A paper that was opened: its pages by number, and the proof under which they are fetched."""

    paper: PaperView
    pages: tuple[int, ...]
    proof: str
    more: int


@require_safe
@for_officers(Purpose.READ_CASES)
def side_by_side(request: HttpRequest, officer: Officer, number: str) -> HttpResponse:
    """Show the answers with one paper of the case; the applicant will see that both were opened."""
    try:
        found = open_case(number=number, rights=officer.rights, now=officer.now)
    except CaseNotFound:
        raise Http404 from None
    papers = [each.paper for each in components_of_case(number) if each.paper is not None]
    wanted = request.GET.get("paper", "")
    chosen = next((each for each in papers if str(each.id) == wanted), papers[0] if papers else None)
    content = found.case.procedure.content
    words = CaseWords(content, place_names_on(timezone.localdate(found.case.filed_at), place_codes(found)))
    page = {
        "officer": officer,
        "section": "queue",
        "case": found.case,
        "title": content.manifest.title,
        "answers": words.answers(found.values),
        "papers": papers,
        "open": _opened(request, officer, found, chosen) if chosen else None,
        "large": request.GET.get("zoom") == "2",
    }
    return render(request, "desk/side.html", page)


@require_safe
@for_officers(Purpose.READ_CASES)
def paper_page(request: HttpRequest, officer: Officer, number: str, paper_id: str, page: str) -> HttpResponse:
    """Give one page of an opened paper as a picture that was drawn here; without the proof there is nothing."""
    try:
        case_for_officer(number, officer.rights)
        if not _proven(request.GET.get("opened", ""), _subject(officer, number, paper_id)):
            raise Http404(number)
        read = read_held(paper_id=uuid.UUID(paper_id), case_number=number)
        picture = page_as_picture(read.content, media_type=read.media_type, page=int(page))
    except (CaseNotFound, PaperNotYours, PageNotShown, ValueError):
        raise Http404(number) from None
    response = HttpResponse(picture, content_type="image/png")
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _opened(request: HttpRequest, officer: Officer, found: CasePage, paper: PaperView) -> OpenPaper:
    number = found.case.number
    subject = _subject(officer, number, str(paper.id))
    proof = request.GET.get("opened", "")
    if not _proven(proof, subject):
        try:
            open_paper_of_case(number=number, paper_id=paper.id, rights=officer.rights, now=officer.now)
        except (CaseNotFound, PaperNotYours):
            raise Http404 from None
        proof = PROOF.sign(subject).partition(":")[2]
    shown = min(max(paper.pages, 1), MOST_PAGES)
    return OpenPaper(paper, tuple(range(1, shown + 1)), proof, max(paper.pages - shown, 0))


def _subject(officer: Officer, number: str, paper_id: str) -> str:
    return f"{officer.account_id}/{number}/{paper_id}"


def _proven(proof: str, subject: str) -> bool:
    try:
        PROOF.unsign(f"{subject}:{proof}", max_age=HOLDS_SECONDS)
    except signing.BadSignature:
        return False
    return True
