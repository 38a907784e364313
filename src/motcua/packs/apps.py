"""Registers the app with Django."""

from django.apps import AppConfig


class PacksConfig(AppConfig):
    """Name and label of the app."""

    name = "motcua.packs"
    label = "packs"
