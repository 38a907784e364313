"""Registers the app with Django."""

from django.apps import AppConfig


class TeamsSurfaceConfig(AppConfig):
    """Name and label of the app."""

    name = "motcua.web.teams"
    label = "web_teams"
