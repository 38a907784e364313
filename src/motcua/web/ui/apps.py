"""Registers the app with Django."""

from django.apps import AppConfig


class UiConfig(AppConfig):
    """Name and label of the app."""

    name = "motcua.web.ui"
    label = "ui"
