"""Addresses of the pages about directives, below those of the operations."""

from django.urls import path, re_path

from motcua.web.operations.directives import drafting, opinions, pages, places, runs, switching

PARAMETER = r"(?P<parameter>[a-z][a-z0-9_]{1,39}\.[a-z][a-z0-9_]{1,39})"
ONE = r"^directives/(?P<directive_id>[0-9]{1,9})"
RUN = rf"{ONE}/dry-runs/(?P<run_id>[0-9a-f]{{8}}(?:-[0-9a-f]{{4}}){{3}}-[0-9a-f]{{12}})"
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
    re_path(rf"{ONE}/dry-runs/$", runs.begin_run, name="dry_run_start"),
    re_path(rf"{RUN}/$", runs.show, name="dry_run"),
    re_path(rf"{RUN}/live/$", runs.live, name="dry_run_live"),
    re_path(rf"{RUN}/cancel/$", runs.stop, name="dry_run_cancel"),
    re_path(rf"{RUN}/changes.csv$", runs.download, name="dry_run_download"),
    re_path(rf"{ONE}/schedule/$", switching.set_time, name="directive_schedule"),
    re_path(rf"{ONE}/unschedule/$", switching.take_back, name="directive_unschedule"),
    re_path(rf"{ONE}/confirm/$", switching.confirmation, name="directive_confirm"),
    re_path(rf"{ONE}/switch/$", switching.progress, name="directive_switch"),
    re_path(rf"{ONE}/switch/live/$", switching.live, name="directive_switch_live"),
    re_path(rf"{ONE}/undo/$", switching.undoing, name="directive_undo"),
]
