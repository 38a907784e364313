"""Registers the app with Django."""

from django.apps import AppConfig


class AppointmentsConfig(AppConfig):
    """Name and label of the app."""

    name = "motcua.appointments"
    label = "appointments"
