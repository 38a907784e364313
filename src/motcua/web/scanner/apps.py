"""Registers the app with Django."""

from django.apps import AppConfig


class ScannerConfig(AppConfig):
    """Name and label of the app."""

    name = "motcua.web.scanner"
    label = "scanner"
