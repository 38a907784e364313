"""Sharing papers: chosen, for whom, until when; the link is shown once, and can be revoked."""

import contextlib
import uuid
from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from motcua.vault.queries import papers_of
from motcua.vault.services import LinkNotOpen, ShareRefused, revoke_share, share_papers
from motcua.vault.services.share import LONGEST_FOR_WHOM, LONGEST_PURPOSE
from motcua.web.portal.access import Citizen, for_citizens
from motcua.web.portal.papers.own import PAPERS
from motcua.web.ui.components import Choice, FieldError
from motcua.web.ui.paper_words import SHARE_FAULTS, line_of
from motcua.web.ui.words import Bilingual

TERMS = (
    Choice("1", Bilingual("1 ngày", "1 day")),
    Choice("7", Bilingual("7 ngày", "7 days")),
    Choice("30", Bilingual("30 ngày", "30 days")),
)


@require_http_methods(["GET", "HEAD", "POST"])
@for_citizens
def share(request: HttpRequest, citizen: Citizen) -> HttpResponse:
    """Ask for whom and until when, or make the link and show it this once."""
    sent = request.POST if request.method == "POST" else request.GET
    chosen = {each for each in map(_uuid, sent.getlist("paper")[:300]) if each}
    if request.method != "POST":
        return _form_page(request, citizen, chosen, ())
    now = timezone.now()
    days = request.POST.get("days", "")
    try:
        made = share_papers(
            person_id=citizen.person.id,
            account_id=citizen.account_id,
            paper_ids=chosen,
            for_whom=request.POST.get("for_whom", "").replace("\0", ""),
            purpose=request.POST.get("purpose", "").replace("\0", ""),
            until_at=now + timedelta(days=int(days) if days in {term.value for term in TERMS} else 0),
            one_time=request.POST.get("one_time") == "yes",
            now=now,
        )
    except ShareRefused as refusal:
        name = "days" if refusal.field == "until" else refusal.field
        return _form_page(request, citizen, chosen, (FieldError(name, SHARE_FAULTS[refusal.field]),))
    page = {
        "link": f"{settings.SITE_URL}{reverse('portal:shared')}?k={made.token}",
        "until": made.until_at,
        "for_whom": request.POST.get("for_whom", "").strip()[:LONGEST_FOR_WHOM],
        "one_time": request.POST.get("one_time") == "yes",
        "crumbs": [PAPERS],
        "section": "papers",
    }
    return render(request, "portal/papers/link.html", page)


@require_POST
@for_citizens
def revoke(request: HttpRequest, citizen: Citizen, share_id: uuid.UUID) -> HttpResponse:
    """End a link at once; one that stands no longer is as good as revoked."""
    with contextlib.suppress(LinkNotOpen):
        revoke_share(share_id=share_id, person_id=citizen.person.id, now=timezone.now())
    return redirect(f"{reverse('portal:papers')}?revoked=1")


def _form_page(
    request: HttpRequest, citizen: Citizen, chosen: set[uuid.UUID], errors: tuple[FieldError, ...]
) -> HttpResponse:
    lines = [line_of(paper) for paper in papers_of(citizen.person.id)]
    page = {
        "choices": [
            Choice(str(line.paper.id), line.paper.title, hint=line.paper.kind_words) for line in lines
        ],
        "chosen": [str(each) for each in chosen],
        "terms": TERMS,
        "days": request.POST.get("days", "7"),
        "for_whom": request.POST.get("for_whom", "")[:LONGEST_FOR_WHOM],
        "purpose": request.POST.get("purpose", "")[:LONGEST_PURPOSE],
        "one_time": request.POST.get("one_time") == "yes",
        "errors": errors,
        "papers_error": next((error.message for error in errors if error.name == "papers"), ""),
        "crumbs": [PAPERS],
        "section": "papers",
    }
    return render(request, "portal/papers/share.html", page, status=422 if errors else 200)


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
