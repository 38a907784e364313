"""Addresses of the archive on the desk."""

from django.urls import path

from motcua.web.desk.archive import destroying, shelf

urlpatterns = [
    path("archive/", shelf.archive, name="archive"),
    path("archive/<uuid:dossier_id>/", shelf.dossier, name="archived"),
    path("archive/<uuid:dossier_id>/package/", shelf.package, name="archived_package"),
    path("archive/<uuid:dossier_id>/summary/", shelf.summary, name="archived_summary"),
    path("archive/<uuid:dossier_id>/stamped/<slug:code>/", shelf.stamped, name="archived_stamped"),
    path("archive/destruction/", destroying.destructions, name="destructions"),
    path("archive/destruction/<uuid:destruction_id>/", destroying.destruction, name="destruction"),
    path("archive/destruction/<uuid:destruction_id>/minutes/", destroying.minutes, name="minutes"),
]
