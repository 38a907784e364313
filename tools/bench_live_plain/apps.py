"""Registers the app with Django."""

from django.apps import AppConfig


class PlainConfig(AppConfig):
    """Name and label of the app."""

    name = "bench_live_plain"
    label = "plain"
    default_auto_field = "django.db.models.BigAutoField"
