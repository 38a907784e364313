"""Registers the app with Django."""

from django.apps import AppConfig


class ProceduresConfig(AppConfig):
    """Name and label of the app."""

    name = "motcua.procedures"
    label = "procedures"
