"""Registers the app with Django."""

from django.apps import AppConfig


class TeamsConfig(AppConfig):
    """Name and label of the app."""

    name = "motcua.teams"
    label = "teams"
