"""Addresses of the citizens' pages."""

from django.urls import path, re_path

from motcua.web.portal import (
    apply,
    catalogue,
    dossier,
    fees,
    helped,
    law,
    looked,
    my,
    rating,
    rules,
    sign_in,
    withdrawn,
)
from motcua.web.portal.booking.urls import urlpatterns as booking_urlpatterns
from motcua.web.portal.bulk.urls import urlpatterns as bulk_urlpatterns
from motcua.web.portal.halls.urls import urlpatterns as hall_urlpatterns
from motcua.web.portal.papers.urls import urlpatterns as paper_urlpatterns

app_name = "portal"
urlpatterns = [
    path("", catalogue.home, name="home"),
    path("services/", catalogue.services, name="services"),
    re_path(r"^services/catalogue\.(?P<form>ttl|jsonld)$", catalogue.linked_data, name="linked_data"),
    path("services/<slug:code>/", catalogue.service, name="service"),
    path("services/<slug:code>/rules/", rules.rules_page, name="rules"),
    path("law/", law.law, name="law"),
    path("law/feed.atom", law.law_feed, name="law_feed"),
    re_path(r"^law/(?P<code>[0-9]{5})/$", law.law_place, name="law_place"),
    path("status/", catalogue.status, name="status"),
    path("apply/filed/<uuid:key>/", apply.filed, name="filed"),
    path("apply/<slug:code>/", apply.start, name="apply"),
    path("apply/<slug:code>/check/", apply.check, name="check"),
    path("apply/<slug:code>/discard/", apply.discard, name="discard"),
    path("apply/<slug:code>/steps/<slug:name>/", apply.step, name="step"),
    path("my/", my.my_cases, name="my_cases"),
    path("my/access/", looked.access, name="access"),
    *booking_urlpatterns,
    *hall_urlpatterns,
    *paper_urlpatterns,
    path("my/<str:number>/", my.case, name="case"),
    path("my/<str:number>/receipt/", my.receipt, name="receipt"),
    path("my/<str:number>/receipt.pdf", my.receipt_file, name="receipt_file"),
    path("my/<str:number>/pass.pdf", my.pass_file, name="pass"),
    path("my/<str:number>/letter.pdf", my.letter_file, name="letter"),
    path("my/<str:number>/objection/", my.objection, name="objection"),
    path("my/<str:number>/supply/", dossier.supply, name="supply"),
    re_path(
        r"^my/(?P<number>[^/]+)/result/(?P<code>[0-9A-Z]{16})\.pdf$", dossier.result_file, name="result_file"
    ),
    re_path(
        r"^my/(?P<number>[^/]+)/result/(?P<code>[0-9A-Z]{16})/objection/$",
        withdrawn.objection,
        name="object_to_withdrawal",
    ),
    path("my/<str:number>/withdrawal/", my.withdrawal, name="withdrawal"),
    path("my/<str:number>/help/", helped.help_page, name="help"),
    path("my/<str:number>/rating/", rating.rating, name="rating"),
    path("my/<str:number>/fees/", fees.fees, name="fees"),
    path("my/<str:number>/fees/live/", fees.fees_live, name="fees_live"),
    path("my/<str:number>/fees/<int:demand>/receipt/", fees.fee_receipt, name="fee_receipt"),
    path("my/<str:number>/fees/<int:demand>/receipt.pdf", fees.fee_receipt_file, name="fee_receipt_file"),
    *bulk_urlpatterns,
    *sign_in.urlpatterns,
]
