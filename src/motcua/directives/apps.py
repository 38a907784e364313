"""Registers the app with Django."""

from django.apps import AppConfig


class DirectivesConfig(AppConfig):
    """Name and label of the app."""

    name = "motcua.directives"
    label = "directives"
