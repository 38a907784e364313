"""Registers the app with Django."""

from django.apps import AppConfig


class CasesConfig(AppConfig):
    """Name and label of the app."""

    name = "motcua.cases"
    label = "cases"
