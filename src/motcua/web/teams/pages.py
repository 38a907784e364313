"""The installable page of the tablet, its service worker, and what it fetches before it goes out."""

from csp.decorators import csp_update
from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_POST, require_safe

from motcua.identity.sessions import end_session
from motcua.teams.queries import own_filings
from motcua.teams.tally import team_counts
from motcua.teams.times import KEPT_FOR, TOLERANCE
from motcua.web.teams.catalogue import catalogue
from motcua.web.teams.members import Helper, for_helpers, helper_behind
from motcua.web.ui.offline import offline_files, worker_answer
from motcua.web.ui.words import Bilingual, current_language

NAME = Bilingual("Tổ công nghệ số", "Digital team")
ENTRY = "teams/main.ts"
ICONS = ("icon.svg", "icon-192.png", "icon-512.png", "icon-maskable-512.png")


@require_safe
@cache_control(no_cache=True)
# The decoder of the card's QR is WebAssembly.
@csp_update({"script-src": ["'wasm-unsafe-eval'"]})
def page(request: HttpRequest) -> HttpResponse:
    """Show the tablet's page; the same for everyone, so that it can be kept on the device."""
    return render(
        request,
        "teams/page.html",
        {
            "time_zone": settings.TIME_ZONE,
            "kept_days": KEPT_FOR.days,
            "tolerance": int(TOLERANCE.total_seconds()),
            "sign_in_url": f"{reverse('desk:sign_in')}?next={reverse('teams:page')}",
        },
    )


@require_safe
@cache_control(no_cache=True)
def worker(request: HttpRequest) -> HttpResponse:
    """Give the service worker with the list of files to keep."""
    files = offline_files(ENTRY, [static(f"scanner/{icon}") for icon in ICONS])
    return worker_answer(cache="motcua-teams-", page=reverse("teams:page"), files=files)


@require_safe
@cache_control(max_age=3600, public=True)
def manifest(request: HttpRequest) -> JsonResponse:
    """Say how the page looks once installed."""
    sizes = {
        "icon.svg": ("any", "image/svg+xml"),
        "icon-192.png": ("192x192", "image/png"),
        "icon-512.png": ("512x512", "image/png"),
    }
    return JsonResponse(
        {
            "id": reverse("teams:page"),
            "name": str(NAME),
            "short_name": str(NAME),
            "lang": current_language(),
            "start_url": reverse("teams:page"),
            "scope": reverse("teams:page"),
            "display": "standalone",
            "background_color": "#ffffff",
            "theme_color": "#073b46",
            "icons": [
                {"src": static(f"scanner/{name}"), "sizes": size, "type": kind}
                for name, (size, kind) in sizes.items()
            ],
        },
        content_type="application/manifest+json",
    )


@require_safe
@never_cache
def session(request: HttpRequest) -> JsonResponse:
    """Tell the time here, who is signed in, and the token to send with; nothing about who is not a member."""
    helper = helper_behind(request)
    return JsonResponse(
        {
            "now": timezone.now().isoformat(),
            "member": None if helper is None else _member(helper),
            "signedIn": request.user.is_authenticated,
            "token": get_token(request),
        }
    )


def _member(helper: Helper) -> dict[str, object]:
    member = helper.member
    return {"id": str(member.account_id), "name": member.name, "team": member.team}


@require_safe
@never_cache
@for_helpers
def services(request: HttpRequest, helper: Helper) -> JsonResponse:
    """Give the services with their questions, the places, and the words of each consent."""
    return JsonResponse(catalogue(helper.member, helper.today))


@require_safe
@never_cache
@for_helpers
def mine(request: HttpRequest, helper: Helper) -> JsonResponse:
    """Give what the member filed, by number, service and state only, and the counts of the team."""
    counted = team_counts(helper.member.team_id, helper.member.account_id, now=helper.now)
    return JsonResponse(
        {
            "filed": [
                {
                    "number": each.number,
                    "title": {"vi": each.title.vi, "en": each.title.en},
                    "state": {"vi": each.state.vi, "en": each.state.en},
                    "filedAt": each.filed_at.isoformat(),
                }
                for each in own_filings(helper.member.account_id)
            ],
            "counts": {
                "mineThisWeek": counted.mine_this_week,
                "mine": counted.mine,
                "teamThisWeek": counted.team_this_week,
                "team": counted.team,
            },
        }
    )


@require_POST
@never_cache
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session; the device has deleted what it held."""
    end_session(request)
    return HttpResponse(status=204)
