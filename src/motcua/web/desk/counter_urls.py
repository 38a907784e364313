"""Addresses of the counter."""

from django.urls import path, re_path

from motcua.web.desk import counter, counter_filed, counter_form

NUMBER = r"(?P<number>[A-Z][0-9A-Z.]{0,11}-[0-9]{8}-[0-9]{7})"
urlpatterns = [
    path("counter/", counter.counter, name="counter"),
    path("counter/services/<slug:code>/", counter.person, name="counter_person"),
    path("counter/drafts/<uuid:draft_id>/", counter_form.draft, name="counter_draft"),
    path("counter/drafts/<uuid:draft_id>/keep/", counter_form.keep, name="counter_keep"),
    path("counter/drafts/<uuid:draft_id>/check/", counter_form.check, name="counter_check"),
    path("counter/drafts/<uuid:draft_id>/discard/", counter_form.discard, name="counter_discard"),
    re_path(rf"^counter/filed/{NUMBER}/$", counter_filed.filed, name="counter_filed"),
    re_path(rf"^counter/filed/{NUMBER}/receipt\.pdf$", counter_filed.receipt, name="counter_receipt"),
]
