"""Registers the app with Django."""

from django.apps import AppConfig


class RatingsConfig(AppConfig):
    """Name and label of the app."""

    name = "motcua.ratings"
    label = "ratings"
