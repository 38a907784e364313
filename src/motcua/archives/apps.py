"""Registers the app with Django."""

from django.apps import AppConfig


class ArchivesConfig(AppConfig):
    """Name and label of the app."""

    name = "motcua.archives"
    label = "archives"
