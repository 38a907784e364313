"""A web process that is told to stop files what it has in hand and answers it; a key raced by two is one case."""

import http.client
import json
import threading
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg

from motcua.site import environment

from .conftest import WITHIN_SECONDS, Installation
from .test_two_of_each import post

CLIENTS = 24


@dataclass(frozen=True)
class Came:
    """What a client was told, or that nobody told it anything."""

    key: str
    status: int
    told: str


def came(site: str, token: str, key: str) -> Came:
    try:
        return Came(key, *post(site, token, key))
    except (OSError, http.client.HTTPException) as lost:
        return Came(key, 0, type(lost).__name__)


@contextmanager
def batches_held_up() -> Iterator[psycopg.Connection]:
    """Hold what every batch must write to, so that it stands in the middle of its transaction."""
    owner = environment.database_url("owner")
    with psycopg.connect(owner, autocommit=True) as connection, connection.transaction():
        connection.execute("LOCK TABLE cases_caseentry IN SHARE ROW EXCLUSIVE MODE")
        yield connection


def wait_until_held(connection: psycopg.Connection) -> None:
    """Return once a session waits for the lock; raises ``AssertionError``."""
    until = time.monotonic() + WITHIN_SECONDS
    while time.monotonic() < until:
        found = connection.execute(
            "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'cases_caseentry'::regclass"
        ).fetchone()
        if found is not None and found[0] > 0:
            return
        time.sleep(0.02)
    raise AssertionError("no batch came to the lock")


def references(installation: Installation) -> list[str]:
    return [line.partition(",")[0] for line in installation.motcua("export", "cases").splitlines()[1:]]


def test_process_stopped_in_the_middle_of_a_batch_answers_everyone_and_doubles_nothing(
    programs: Installation,
) -> None:
    site = programs.web()
    process = programs.running[-1]
    token = json.loads(programs.motcua("demo", "accounts", "--json"))["api"]["token"]
    before = len(references(programs))
    keys = [str(uuid.uuid4()) for _ in range(CLIENTS)]

    with ThreadPoolExecutor(CLIENTS) as clients:
        with batches_held_up() as connection:
            asked = [clients.submit(came, site, token, key) for key in keys]
            wait_until_held(connection)
            process.terminate()
            time.sleep(0.5)
        first = [each.result() for each in asked]
    assert process.wait(WITHIN_SECONDS) == 0

    # What was in hand is answered: filed, or refused in words. Nobody is left with a line that goes dead.
    assert {each.status for each in first} <= {201, 503}, first
    filed = {each.key: each.told for each in first if each.status == 201}
    assert filed
    stored = references(programs)
    assert len(stored) == before + len(filed)
    assert set(filed.values()) <= set(stored)

    other = programs.web()
    again = [came(other, token, key) for key in keys]

    assert {each.key: each.told for each in again if each.status == 200} == filed
    assert {each.status for each in again} <= {200, 201}
    assert len(references(programs)) == before + CLIENTS


def test_one_key_raced_by_many_clients_of_two_processes_is_one_case(programs: Installation) -> None:
    sites = (programs.web(), programs.web())
    token = json.loads(programs.motcua("demo", "accounts", "--json"))["api"]["token"]
    before = len(references(programs))
    key, ready = str(uuid.uuid4()), threading.Barrier(CLIENTS)

    def client(number: int) -> list[Came]:
        ready.wait(60)
        told = [came(sites[number % 2], token, key)]
        while told[-1].told == "in_flight":
            time.sleep(0.05)
            told.append(came(sites[number % 2], token, key))
        return told

    with ThreadPoolExecutor(CLIENTS) as clients:
        told = list(clients.map(client, range(CLIENTS)))

    statuses = sorted(each.status for several in told for each in several)
    assert statuses.count(201) == 1
    assert set(statuses) <= {200, 201, 409}
    assert len({several[-1].told for several in told}) == 1
    assert len(references(programs)) == before + 1


def test_stopped_process_takes_nothing_more(programs: Installation) -> None:
    site = programs.web()
    process = programs.running[-1]

    process.terminate()

    assert process.wait(WITHIN_SECONDS) == 0
    assert came(site, "mct_x", str(uuid.uuid4())).status == 0
