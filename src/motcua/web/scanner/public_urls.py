"""Addresses that other scanners and the public use; they hang at the root of the site."""

from django.urls import path

from motcua.web.scanner import papers, public

app_name = "passes"
urlpatterns = [
    path("keys.json", public.keys_json, name="keys"),
    path("status-list", public.status_list, name="status_list"),
    path("published/<str:name>", public.published_file, name="published"),
    path("verify/", public.verify, name="verify"),
    path("verify/paper/", papers.paper, name="paper"),
    path("verify/paper/<str:code>/", papers.paper, name="paper_of"),
]
