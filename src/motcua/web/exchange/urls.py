"""Addresses of the doors for machines."""

from django.urls import path

from motcua.web.exchange.api import api

app_name = "doors"
urlpatterns = [path("", api.urls)]
