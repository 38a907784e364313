"""Addresses of the pages about directives, below those of the operations."""

from django.urls import path, re_path

from motcua.web.operations.directives import drafting, opinions, pages, places

PARAMETER = r"(?P<parameter>[a-z][a-z0-9_]{1,39}\.[a-z][a-z0-9_]{1,39})"
ONE = r"^directives/(?P<directive_id>[0-9]{1,9})"
urlpatterns = [
    path("directives/", pages.listing, name="directives"),
    path("directives/begin/", drafting.begin, name="directive_begin"),
    path("directives/new/", drafting.save_new, name="directive_new"),
    re_path(
        rf"^directives/history/{PARAMETER}/(?P<code>[0-9]{{5}})/$",
        pages.place_history,
        name="directive_history",
    ),
    re_path(rf"{ONE}/$", pages.one, name="directive"),
    re_path(rf"{ONE}/text/$", drafting.text, name="directive_text"),
    re_path(rf"{ONE}/discard/$", drafting.give_up, name="directive_discard"),
    re_path(rf"{ONE}/places/{PARAMETER}/$", places.places, name="directive_places"),
    re_path(rf"{ONE}/places/{PARAMETER}/import/$", places.import_places, name="directive_import"),
    re_path(rf"{ONE}/opinions/$", opinions.import_figures, name="directive_opinions"),
]
