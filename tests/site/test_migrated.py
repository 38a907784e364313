"""A run clears away what a killed one left in the test server, and nothing that another still uses."""

import os
from collections.abc import Iterator
from uuid import uuid4

import migrated
import psycopg
import pytest
from psycopg import sql

pytestmark = pytest.mark.django_db


@pytest.fixture
def server() -> Iterator[psycopg.Connection]:
    address = os.environ["DATABASE_OWNER_URL"]
    with psycopg.connect(address, dbname="postgres", autocommit=True) as server:
        yield server


def names(server: psycopg.Connection) -> set[str]:
    return {name for (name,) in server.execute("SELECT datname FROM pg_database")}


def test_what_nobody_claims_goes_and_what_a_run_claims_stays(server: psycopg.Connection) -> None:
    left, used = (f"{migrated.OURS}{uuid4().hex}" for _ in range(2))
    with migrated.template_for(used) as template:
        for name in (left, used):
            server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))

        with migrated.template_for(f"{migrated.OURS}another"):
            seen = names(server)

    assert {used, template} <= seen
    assert left not in seen
    server.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(used)))


def test_what_is_copied_lets_nobody_in(server: psycopg.Connection) -> None:
    with (
        migrated.template_for(f"{migrated.OURS}another") as template,
        pytest.raises(psycopg.OperationalError, match="not currently accepting connections"),
    ):
        psycopg.connect(os.environ["DATABASE_OWNER_URL"], dbname=template)

    assert template in names(server)
