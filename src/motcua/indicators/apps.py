"""Registers the app with Django."""

from django.apps import AppConfig


class IndicatorsConfig(AppConfig):
    """Name and label of the app."""

    name = "motcua.indicators"
    label = "indicators"
