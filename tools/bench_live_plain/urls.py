"""The one address of the plain way."""

from django.urls import path

from bench_live_plain.views import submit

urlpatterns = [path("api/submissions", submit)]
