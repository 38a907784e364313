"""Registers the app with Django."""

from django.apps import AppConfig


class FeesConfig(AppConfig):
    """Name and label of the app."""

    name = "motcua.fees"
    label = "fees"
