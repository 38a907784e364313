"""Addresses of the scanner, below ``/scanner/``."""

from django.urls import path

from motcua.web.scanner import pages, uploads

app_name = "scanner"
urlpatterns = [
    path("", pages.page, name="page"),
    path("sw.js", pages.worker, name="worker"),
    path("manifest.webmanifest", pages.manifest, name="manifest"),
    path("layouts.json", pages.layouts, name="layouts"),
    path("session.json", pages.session, name="session"),
    path("scans", uploads.receive, name="scans"),
]
