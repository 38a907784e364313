"""A real PostgreSQL for every test: the embedded server unless DATABASE_URL names another."""

import os
import secrets
from collections.abc import Iterator
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
os.environ.setdefault("MOTCUA_TEST_DATABASE", f"test_motcua_{secrets.token_hex(4)}")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "motcua.site.settings")

# Named here and not in pyproject.toml: pytest-django would then read the settings before this file.
import django  # noqa: E402 - after the settings above are in place
import pytest  # noqa: E402 - as above
from django.db import connection  # noqa: E402 - as above
from hypothesis import settings  # noqa: E402 - no setting of Django's, but an import all the same
from migrated import template_for  # noqa: E402 - as above
from pytest_django import DjangoDbBlocker  # noqa: E402 - as above

django.setup()

# On a busy machine, or while coverage is measured, an example may take any time; the tests judge answers.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None,
    django_db_use_migrations: bool,
    django_db_blocker: DjangoDbBlocker,
) -> Iterator[None]:
    """Let this process make its database as a copy of one that is migrated; Django then finds nothing to migrate."""
    wished = connection.settings_dict["TEST"]
    if not django_db_use_migrations:
        yield
        return
    with django_db_blocker.unblock(), template_for(wished["NAME"]) as template:
        wished["TEMPLATE"] = template
        yield


@pytest.fixture(autouse=True)
def _no_law_of_another_test() -> None:
    # A process keeps the law for a second; a test that ended without a commit leaves one that never was.
    from motcua.directives.law import forget

    forget()


@pytest.fixture(autouse=True)
def _no_job_of_another_test(
    request: pytest.FixtureRequest, django_db_blocker: DjangoDbBlocker
) -> Iterator[None]:
    """Empty the queue after a test that commits: Django flushes the tables of its models, and the jobs' are not."""
    yield
    marker = request.node.get_closest_marker("django_db")
    if "transactional_db" in request.fixturenames or (marker and marker.kwargs.get("transaction")):
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute("TRUNCATE procrastinate_jobs, procrastinate_periodic_defers CASCADE")
