"""Registers the app with Django."""

from django.apps import AppConfig


class DeskConfig(AppConfig):
    """Name and label of the app."""

    name = "motcua.web.desk"
    label = "desk"
