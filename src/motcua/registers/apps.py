"""Registers the app with Django."""

from django.apps import AppConfig


class RegistersConfig(AppConfig):
    """Name and label of the app."""

    name = "motcua.registers"
    label = "registers"
