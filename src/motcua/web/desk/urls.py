"""Addresses of the desk. A number that is not one leads nowhere, as one that is not there."""

from django.urls import path, re_path

from motcua.web.desk import case, fees, filters, mandates, papers, queue, search, sign_in
from motcua.web.desk.counter_urls import urlpatterns as counter_urlpatterns
from motcua.web.desk.halls.urls import urlpatterns as hall_urlpatterns

app_name = "desk"
NUMBER = r"(?P<number>[A-Z][0-9A-Z.]{0,11}-[0-9]{8}-[0-9]{7})"
urlpatterns = [
    *sign_in.urlpatterns,
    *counter_urlpatterns,
    *hall_urlpatterns,
    path("", queue.desk, name="queue"),
    path("choose/", queue.desk, name="choose"),
    path("mandates/", mandates.mandates, name="mandates"),
    path("fees/", fees.fees, name="fees"),
    path("fees/statement/", fees.statement, name="statement"),
    path("fees/payments/<int:payment>/assign/", fees.assign, name="assign"),
    path("fees/payments/<int:payment>/refund/", fees.refund, name="refund"),
    path("fees/refunds/<int:refund>/", fees.answer_refund, name="answer_refund"),
    path("fees/demands/<int:demand>/cancel/", fees.cancel, name="cancel_demand"),
    re_path(rf"^{NUMBER}/fees/$", fees.case_fees, name="case_fees"),
    re_path(rf"^{NUMBER}/papers/$", papers.case_papers, name="case_papers"),
    re_path(rf"^{NUMBER}/papers/(?P<paper_id>[0-9a-f-]{{36}})/$", papers.case_paper, name="case_paper"),
    path("search/", search.search, name="search"),
    path("filters/", filters.keep_filter, name="keep_filter"),
    path("filters/<int:filter_id>/drop/", filters.forget_filter, name="drop_filter"),
    re_path(rf"^{NUMBER}/$", case.case, name="case"),
    re_path(rf"^{NUMBER}/check/$", case.check, name="check"),
    re_path(rf"^{NUMBER}/act/$", case.act, name="act"),
]
