"""Registers the app with Django."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """Name and label of the app."""

    name = "motcua.web.portal"
    label = "portal"
