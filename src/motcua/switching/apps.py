"""Registers the app with Django."""

from django.apps import AppConfig


class SwitchingConfig(AppConfig):
    """Name and label of the app."""

    name = "motcua.switching"
    label = "switching"
