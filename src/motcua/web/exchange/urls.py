"""Addresses of the doors for machines."""

from django.urls import path

from motcua.web.exchange.api import api

urlpatterns = [path("", api.urls)]
