"""Registers the app with Django."""

from django.apps import AppConfig


class EventsConfig(AppConfig):
    """Name and label of the app."""

    name = "motcua.events"
    label = "events"
