"""Where each surface hangs."""

from django.urls import URLPattern, URLResolver, include, path

from motcua.site.health import healthz, readyz

handler400 = "motcua.site.errors.bad_request"
handler403 = "motcua.web.ui.errors.permission_denied"
handler404 = "motcua.site.errors.page_not_found"
handler500 = "motcua.site.errors.server_error"

SURFACES = {
    "": "motcua.web.portal.urls",
    "desk/": "motcua.web.desk.urls",
    "operations/": "motcua.web.operations.urls",
    "scanner/": "motcua.web.scanner.urls",
    "teams/": "motcua.web.teams.urls",
    "studio/": "motcua.web.studio.urls",
    "api/": "motcua.web.exchange.urls",
}

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("motcua.web.ui.urls")),
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("", include("motcua.web.scanner.public_urls")),
    *(path(prefix, include(module)) for prefix, module in SURFACES.items()),
]
