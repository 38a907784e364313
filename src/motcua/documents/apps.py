"""Registers the app with Django."""

from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    """Name and label of the app."""

    name = "motcua.documents"
    label = "documents"
