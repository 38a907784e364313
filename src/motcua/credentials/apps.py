"""Registers the app with Django."""

from django.apps import AppConfig


class CredentialsConfig(AppConfig):
    """Name and label of the app."""

    name = "motcua.credentials"
    label = "credentials"
