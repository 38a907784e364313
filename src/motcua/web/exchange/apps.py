"""Registers the app with Django."""

from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    """Name and label of the app."""

    name = "motcua.web.exchange"
    label = "exchange"
