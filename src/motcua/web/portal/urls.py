"""Addresses of the citizens' pages."""

from django.urls import path, re_path

from motcua.web.portal import apply, catalogue, law, looked, my, rules, sign_in
from motcua.web.portal.bulk.urls import urlpatterns as bulk_urlpatterns

app_name = "portal"
urlpatterns = [
    path("", catalogue.home, name="home"),
    path("services/", catalogue.services, name="services"),
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
    path("my/<str:number>/", my.case, name="case"),
    path("my/<str:number>/receipt/", my.receipt, name="receipt"),
    path("my/<str:number>/pass.pdf", my.pass_file, name="pass"),
    path("my/<str:number>/letter.pdf", my.letter_file, name="letter"),
    path("my/<str:number>/objection/", my.objection, name="objection"),
    path("my/<str:number>/withdrawal/", my.withdrawal, name="withdrawal"),
    *bulk_urlpatterns,
    *sign_in.urlpatterns,
]
