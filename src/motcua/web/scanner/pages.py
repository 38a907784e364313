"""The installable scanner: its page, service worker, manifest, and what it asks of the server."""

from csp.decorators import csp_update
from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_safe

from motcua.credentials.published import POINTER
from motcua.identity.rights import rights_of
from motcua.identity.states import Purpose
from motcua.procedures.queries import search_services
from motcua.web.ui.offline import offline_files, worker_answer
from motcua.web.ui.words import Bilingual, current_language

ICONS = ("icon.svg", "icon-192.png", "icon-512.png", "icon-maskable-512.png")
NAME = Bilingual("Kiểm tra giấy", "Check a pass")


@require_safe
@cache_control(no_cache=True)
# The decoder is WebAssembly; no other page may compile any.
@csp_update({"script-src": ["'wasm-unsafe-eval'"]})
def page(request: HttpRequest) -> HttpResponse:
    """Show the scanner; the same page for everyone, so that it can be kept on the device."""
    return render(
        request,
        "scanner/page.html",
        {
            "time_zone": settings.TIME_ZONE,
            "published": f"{settings.PUBLISHED_URL}{POINTER}",
            "list_hours": getattr(settings, "SCANNER_LIST_MAX_HOURS", 24),
            "keys_hours": getattr(settings, "SCANNER_KEYS_MAX_HOURS", 168),
            "sign_in_url": f"{reverse('desk:sign_in')}?next={reverse('scanner:page')}",
        },
    )


@require_safe
@cache_control(no_cache=True)
def worker(request: HttpRequest) -> HttpResponse:
    """Give the service worker with the list of files to keep; it changes whenever a file does."""
    files = offline_files("scanner/main.ts", [static(f"scanner/{icon}") for icon in ICONS])
    return worker_answer(cache="motcua-scanner-", page=reverse("scanner:page"), files=files)


@require_safe
@cache_control(max_age=3600, public=True)
def manifest(request: HttpRequest) -> JsonResponse:
    """Say how the scanner looks once installed."""
    icons = [
        {"src": static("scanner/icon.svg"), "sizes": "any", "type": "image/svg+xml"},
        {"src": static("scanner/icon-192.png"), "sizes": "192x192", "type": "image/png"},
        {"src": static("scanner/icon-512.png"), "sizes": "512x512", "type": "image/png"},
        {
            "src": static("scanner/icon-maskable-512.png"),
            "sizes": "512x512",
            "type": "image/png",
            "purpose": "maskable",
        },
    ]
    return JsonResponse(
        {
            "id": reverse("scanner:page"),
            "name": str(NAME),
            "short_name": str(NAME),
            "lang": current_language(),
            "start_url": reverse("scanner:page"),
            "scope": reverse("scanner:page"),
            "display": "standalone",
            "orientation": "portrait",
            "background_color": "#ffffff",
            "theme_color": "#073b46",
            "icons": icons,
        },
        content_type="application/manifest+json",
    )


@require_safe
@cache_control(no_cache=True)
def layouts(request: HttpRequest) -> JsonResponse:
    """Name what each kind of pass carries, in both languages."""
    found = [service.content.credential for service in search_services()]
    return JsonResponse(
        [
            {
                "kind": layout.kind,
                "title": {"vi": layout.title.vi, "en": layout.title.en},
                "claims": [
                    {"key": claim.key, "label": {"vi": claim.label.vi, "en": claim.label.en}}
                    for claim in layout.claims
                ],
            }
            for layout in found
            if layout is not None
        ],
        safe=False,
    )


@require_safe
@never_cache
def session(request: HttpRequest) -> JsonResponse:
    """Tell the time here, whether scans may be sent, and the token to send them with."""
    now = timezone.now()
    rights = rights_of(request.user.pk, now)
    return JsonResponse(
        {
            "now": now.isoformat(),
            "inspector": rights.serves(Purpose.CHECK_PASSES),
            "token": get_token(request),
        }
    )
