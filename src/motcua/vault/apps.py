"""The vault as a Django app."""

from django.apps import AppConfig


class VaultConfig(AppConfig):
    """Names the app."""

    name = "motcua.vault"
    label = "vault"
