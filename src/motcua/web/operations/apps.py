"""Registers the app with Django."""

from django.apps import AppConfig


class OperationsConfig(AppConfig):
    """Name and label of the app."""

    name = "motcua.web.operations"
    label = "operations"
