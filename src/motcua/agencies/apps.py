"""Registers the app with Django."""

from django.apps import AppConfig


class AgenciesConfig(AppConfig):
    """Name and label of the app."""

    name = "motcua.agencies"
    label = "agencies"
