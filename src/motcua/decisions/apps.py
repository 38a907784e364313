"""Registers the app with Django."""

from django.apps import AppConfig


class DecisionsConfig(AppConfig):
    """Name and label of the app."""

    name = "motcua.decisions"
    label = "decisions"
