"""What whoever holds a link sees: whose papers, for what, until when. A link that does not open says no more."""

import uuid
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from motcua.identity.access import address_behind
from motcua.identity.throttle import TooManyTries, spend_opening
from motcua.vault.services import LinkNotOpen, open_share, read_shared
from motcua.vault.services.share import OpenedShare, look_at_share
from motcua.vault.states import kind_in_words
from motcua.web.ui.attachments import attachment
from motcua.web.ui.paper_words import details_of

LONGEST_TOKEN = 100


@require_http_methods(["GET", "HEAD", "POST"])
def shared(request: HttpRequest) -> HttpResponse:
    """Say what a link would open, or open it: only then is it noted, and used up if it serves once.

    Programs that fetch a link to show a preview of it do not post.
    """
    now = timezone.now()
    token = (request.POST if request.method == "POST" else request.GET).get("k", "")[:LONGEST_TOKEN]
    try:
        spend_opening(address=address_behind(request), now=now)
        if request.method != "POST":
            return _page(request, look_at_share(token=token, now=now), token)
        return _page(request, open_share(token=token, now=now), "")
    except TooManyTries as refusal:
        return _too_many(request, refusal.until, now)
    except LinkNotOpen:
        return _closed(request)


@require_POST
def paper(request: HttpRequest) -> HttpResponse:
    """Give one of the papers to whoever opened the link just now."""
    now = timezone.now()
    try:
        spend_opening(address=address_behind(request), now=now)
        read = read_shared(
            ticket=request.POST.get("ticket", "")[:400],
            paper_id=uuid.UUID(request.POST.get("paper", "")),
            now=now,
        )
    except TooManyTries as refusal:
        return _too_many(request, refusal.until, now)
    except (LinkNotOpen, ValueError):
        return _closed(request)
    return attachment(read.content, media_type=read.media_type, file_name=read.file_name)


def _page(request: HttpRequest, share: OpenedShare, token: str) -> HttpResponse:
    page = {
        "share": share,
        "token": token,
        "lines": [
            (each, kind_in_words(each.kind), details_of(each.media_type, each.bytes, each.pages))
            for each in share.papers
        ],
    }
    return _private(render(request, "portal/papers/shared.html", page))


def _closed(request: HttpRequest) -> HttpResponse:
    return _private(render(request, "portal/papers/closed.html", status=404))


def _too_many(request: HttpRequest, until: datetime, now: datetime) -> HttpResponse:
    answer = render(request, "portal/papers/closed.html", {"again_at": until}, status=429)
    answer.headers["Retry-After"] = str(max(1, int((until - now).total_seconds())))
    return _private(answer)


def _private(response: HttpResponse) -> HttpResponse:
    # The address holds the link itself: it goes to no other site and into no index. Not "no-referrer": with it
    # browsers send the form below without saying where it comes from, which is then refused as foreign.
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response
