"""A person's own papers: the list, an upload, a download, a deletion."""

import uuid

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from motcua.vault.checking.faults import PaperRefused
from motcua.vault.checking.limits import MOST_BYTES
from motcua.vault.queries import PaperView, papers_of, shares_of
from motcua.vault.services import PaperHeld, PaperNotYours, delete_paper, keep_upload, read_own
from motcua.vault.services.read import thumbnail_of_own
from motcua.vault.states import Source, kinds
from motcua.web.portal.access import Citizen, for_citizens
from motcua.web.ui.attachments import attachment
from motcua.web.ui.components import Choice, Crumb, FieldError
from motcua.web.ui.paper_words import CHOOSE_KIND, FILE_MISSING, line_of
from motcua.web.ui.sent_files import sent_file
from motcua.web.ui.words import Bilingual

PAPERS = Crumb(Bilingual("Giấy tờ của tôi", "My papers"), "/my/papers/")
ACCEPTED = "image/jpeg,image/png,image/webp,application/pdf,.jpg,.jpeg,.png,.webp,.pdf"
LONGEST_TITLE = 200


@require_http_methods(["GET", "HEAD", "POST"])
@for_citizens
def papers(request: HttpRequest, citizen: Citizen) -> HttpResponse:
    """List the citizen's papers, or take a new one."""
    if request.method != "POST":
        return _list_page(request, citizen, ())
    kind = request.POST.get("kind", "")
    errors = [] if kind in kinds() else [FieldError("kind", CHOOSE_KIND)]
    file, missing = sent_file(request, "file")
    if missing is not None or file is None:
        return _list_page(request, citizen, (*errors, missing or FieldError("file", FILE_MISSING)))
    if errors:
        return _list_page(request, citizen, tuple(errors))
    now = timezone.now()
    try:
        kept = keep_upload(
            person_id=citizen.person.id,
            kind=kind,
            title=request.POST.get("title", "").replace("\0", "")[:LONGEST_TITLE],
            file_name=str(file.name or ""),
            content=file.read(MOST_BYTES + 1),
            now=now,
            today=timezone.localdate(now),
        )
    except PaperRefused as refusal:
        return _list_page(request, citizen, (FieldError("file", refusal.said),))
    done = "again" if kept.again else "kept"
    return redirect(f"{reverse('portal:papers')}?{done}={kept.id}")


@require_GET
@for_citizens
def download(request: HttpRequest, citizen: Citizen, paper_id: uuid.UUID) -> HttpResponse:
    """Give the citizen a paper of theirs, to be kept and never shown within our pages."""
    try:
        read = read_own(paper_id=paper_id, person_id=citizen.person.id)
    except PaperNotYours:
        raise Http404(str(paper_id)) from None
    return attachment(read.content, media_type=read.media_type, file_name=read.file_name)


@require_GET
@for_citizens
def thumbnail(request: HttpRequest, citizen: Citizen, paper_id: uuid.UUID) -> HttpResponse:
    """Give the small picture that we drew of an image ourselves."""
    try:
        drawn = thumbnail_of_own(paper_id=paper_id, person_id=citizen.person.id)
    except PaperNotYours:
        drawn = b""
    if not drawn:
        raise Http404(str(paper_id))
    response = HttpResponse(drawn, content_type="image/png")
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@for_citizens
def delete(request: HttpRequest, citizen: Citizen, paper_id: uuid.UUID) -> HttpResponse:
    """Ask whether the citizen means it, then delete the paper; one that a case holds says which."""
    found = next((each for each in papers_of(citizen.person.id) if each.id == paper_id), None)
    if found is None:
        raise Http404(str(paper_id))
    if request.method != "POST":
        return _delete_page(request, found, held_by=_holders(found))
    try:
        delete_paper(paper_id=paper_id, person_id=citizen.person.id, now=timezone.now())
    except PaperHeld as refusal:
        return _delete_page(request, found, held_by=refusal.case_numbers, status=409)
    except PaperNotYours:
        # The first of two clicks deleted it.
        return redirect("portal:papers")
    return redirect(f"{reverse('portal:papers')}?deleted=1")


def _holders(paper: PaperView) -> tuple[str, ...]:
    return paper.held_by if paper.source == Source.UPLOADED else (paper.case_number or paper.register,)


def _delete_page(
    request: HttpRequest, paper: PaperView, *, held_by: tuple[str, ...], status: int = 200
) -> HttpResponse:
    page = {
        "line": line_of(paper),
        "held_by": held_by,
        "is_result": paper.source != Source.UPLOADED,
        "crumbs": [PAPERS],
        "section": "papers",
    }
    return render(request, "portal/papers/delete.html", page, status=status)


def _list_page(request: HttpRequest, citizen: Citizen, errors: tuple[FieldError, ...]) -> HttpResponse:
    now = timezone.now()
    own = papers_of(citizen.person.id)
    by_id = {str(paper.id): paper for paper in own}
    page = {
        "lines": [line_of(paper) for paper in own],
        "kept": by_id.get(request.GET.get("kept", "")),
        "again": by_id.get(request.GET.get("again", "")),
        "deleted": "deleted" in request.GET,
        "revoked": "revoked" in request.GET,
        "shares": shares_of(citizen.person.id, now=now),
        "kinds": [Choice(name, words) for name, words in kinds().items()],
        "kind": request.POST.get("kind", ""),
        "title": request.POST.get("title", "")[:LONGEST_TITLE],
        "accepted": ACCEPTED,
        "scanner": bool(settings.MOTCUA_CLAMD),
        "file_error": next((error.message for error in errors if error.name == "file"), ""),
        "errors": errors,
        "section": "papers",
    }
    return render(request, "portal/papers/list.html", page, status=422 if errors else 200)
