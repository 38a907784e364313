"""Addresses of the tablet, below ``/teams/``."""

from django.urls import path

from motcua.web.teams import counts, pages, sending

app_name = "teams"
urlpatterns = [
    path("", pages.page, name="page"),
    path("sw.js", pages.worker, name="worker"),
    path("manifest.webmanifest", pages.manifest, name="manifest"),
    path("session.json", pages.session, name="session"),
    path("services.json", pages.services, name="services"),
    path("mine.json", pages.mine, name="mine"),
    path("sign-out", pages.sign_out, name="sign_out"),
    path("counts/", counts.counts, name="counts"),
    path("help/<uuid:key>", sending.begin_or_ask, name="help"),
    path("help/<uuid:key>/papers/<uuid:device_id>", sending.paper, name="paper"),
    path("help/<uuid:key>/file", sending.file, name="file"),
]
