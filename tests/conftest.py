"""A real PostgreSQL for every test: the embedded server unless DATABASE_URL names another."""

import os
from pathlib import Path

from motcua.site import environment, postgres

ROOT = Path(__file__).resolve().parents[1]


def _embedded_server_url() -> str:
    """Start (or join) the test server under var/ and return its URL; it outlives the run, so the next is quick."""
    postgres.ensure_running(durable=False)
    return environment.embedded_url("postgres", "postgres")


os.environ.setdefault("MOTCUA_DATA_DIR", str(ROOT / "var" / "test"))
if "DATABASE_URL" not in os.environ:
    os.environ["DATABASE_URL"] = _embedded_server_url()
# Tests create and drop their database: they work as the owner, without the application's time limits.
os.environ.setdefault("DATABASE_OWNER_URL", os.environ["DATABASE_URL"])
os.environ.setdefault("MOTCUA_DATABASE_ROLE", "owner")
os.environ.setdefault("MOTCUA_TEST_DATABASE", f"test_motcua_{os.getpid()}")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "motcua.site.settings")

# Named here and not in pyproject.toml: pytest-django would then read the settings before this file.
import django  # noqa: E402 - after the settings above are in place
import pytest  # noqa: E402 - as above
from hypothesis import settings  # noqa: E402 - no setting of Django's, but an import all the same

django.setup()

# On a busy machine, or while coverage is measured, an example may take any time; the tests judge answers.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


@pytest.fixture(autouse=True)
def _no_law_of_another_test() -> None:
    # A process keeps the law for a second; a test that ended without a commit leaves one that never was.
    from motcua.directives.law import forget

    forget()
