"""Addresses of the desk. A number that is not one leads nowhere, as one that is not there."""

from django.urls import path, re_path

from motcua.web.desk import (
    apologies,
    assigning,
    away,
    batches,
    case,
    consults,
    fees,
    filters,
    finishing,
    mandates,
    papers,
    queue,
    results,
    search,
    side,
    sign_in,
    templates_kept,
    withdrawing,
)
from motcua.web.desk.archive.urls import urlpatterns as archive_urlpatterns
from motcua.web.desk.counter_urls import urlpatterns as counter_urlpatterns
from motcua.web.desk.halls.urls import urlpatterns as hall_urlpatterns

app_name = "desk"
NUMBER = r"(?P<number>[A-Z][0-9A-Z.]{0,11}-[0-9]{8}-[0-9]{7})"
urlpatterns = [
    *sign_in.urlpatterns,
    *counter_urlpatterns,
    *hall_urlpatterns,
    *archive_urlpatterns,
    path("", queue.desk, name="queue"),
    path("choose/", batches.choose, name="choose"),
    path("results/", finishing.results, name="results"),
    path("preview/", batches.preview, name="preview"),
    path("confirm/", batches.confirm, name="confirm"),
    path("batches/<uuid:batch_id>/", batches.batch, name="batch"),
    path("away/", away.away, name="away"),
    path("away/colleague/", away.for_colleague, name="away_colleague"),
    path("away/<int:absence_id>/back/", away.back, name="come_back"),
    re_path(rf"^{NUMBER}/apologize/$", apologies.send_apology, name="apologize"),
    re_path(rf"^{NUMBER}/hand/$", assigning.hand, name="hand"),
    path("reasons/", templates_kept.reasons, name="reasons"),
    re_path(r"^reasons/(?P<key>[0-9a-f-]{36})/$", templates_kept.reason, name="reason"),
    re_path(r"^reasons/(?P<key>[0-9a-f-]{36})/withdraw/$", templates_kept.withdraw, name="withdraw_reason"),
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
    re_path(rf"^{NUMBER}/side/$", side.side_by_side, name="side_by_side"),
    re_path(
        rf"^{NUMBER}/papers/(?P<paper_id>[0-9a-f-]{{36}})/pages/(?P<page>[1-9][0-9]{{0,2}})/$",
        side.paper_page,
        name="paper_page",
    ),
    path("withdrawals/", withdrawing.withdrawals, name="withdrawals"),
    re_path(
        rf"^{NUMBER}/result/(?P<result_id>[0-9a-f-]{{36}})/standing/$",
        withdrawing.standing,
        name="result_standing",
    ),
    path("search/", search.search, name="search"),
    path("filters/", filters.keep_filter, name="keep_filter"),
    path("filters/<int:filter_id>/drop/", filters.forget_filter, name="drop_filter"),
    re_path(rf"^{NUMBER}/$", case.case, name="case"),
    re_path(rf"^{NUMBER}/check/$", case.check, name="check"),
    re_path(rf"^{NUMBER}/act/$", case.act, name="act"),
    re_path(rf"^{NUMBER}/consults/(?P<code>[a-z0-9_]{{1,60}})/$", consults.consult, name="consult"),
    re_path(rf"^{NUMBER}/result/preview/$", results.preview, name="preview_result"),
    re_path(
        rf"^{NUMBER}/result/(?P<result_id>[0-9a-f-]{{36}})\.pdf$", results.result_file, name="result_file"
    ),
]
