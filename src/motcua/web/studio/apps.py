"""Registers the app with Django."""

from django.apps import AppConfig


class StudioConfig(AppConfig):
    """Name and label of the app."""

    name = "motcua.web.studio"
    label = "studio"
