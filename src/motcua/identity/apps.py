"""Registers the app with Django."""

from django.apps import AppConfig


class IdentityConfig(AppConfig):
    """Name and label of the app."""

    name = "motcua.identity"
    label = "identity"
