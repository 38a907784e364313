"""Addresses of the operations board."""

from django.urls import path, re_path

from motcua.web.operations import board, halls, late, ratings, receipts, teams
from motcua.web.operations.directives.urls import urlpatterns as directive_urlpatterns

app_name = "operations"
CODE = r"(?P<code>[a-z][a-z0-9_]{0,59})"
urlpatterns = [
    path("", board.board, name="board"),
    path("ratings/", ratings.ratings, name="ratings"),
    path("late/", late.late, name="late"),
    path("live/", board.live, name="live"),
    path("halls/", halls.halls, name="halls"),
    path("wards.geojson", board.outlines, name="outlines"),
    re_path(rf"^figures/{CODE}/$", receipts.receipt, name="figure"),
    re_path(rf"^figures/{CODE}/cases/$", receipts.rows, name="rows"),
    path("teams/", teams.teams, name="teams"),
    path("teams/<int:team_id>/", teams.team, name="team"),
    path("teams/objections/<uuid:key>/", teams.settle, name="settle_help"),
    *directive_urlpatterns,
]
