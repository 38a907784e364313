"""Addresses of the desk. A number that is not one leads nowhere, as one that is not there."""

from django.urls import path, re_path

from motcua.web.desk import case, mandates, queue, sign_in

app_name = "desk"
NUMBER = r"(?P<number>[A-Z][0-9A-Z.]{0,11}-[0-9]{8}-[0-9]{7})"
urlpatterns = [
    *sign_in.urlpatterns,
    path("", queue.desk, name="queue"),
    path("mandates/", mandates.mandates, name="mandates"),
    path("search/", queue.search, name="search"),
    re_path(rf"^{NUMBER}/$", case.case, name="case"),
    re_path(rf"^{NUMBER}/check/$", case.check, name="check"),
    re_path(rf"^{NUMBER}/act/$", case.act, name="act"),
]
