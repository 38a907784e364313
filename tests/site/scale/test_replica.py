"""A real replica: it follows, says how far behind it is, and is passed over when it lags or dies."""

import json
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest

from motcua.site import environment

from .conftest import Installation

COUNT = """
import json
from motcua.cases.models import Case
from motcua.site.replica import REPLICA, reading_from_replica
with reading_from_replica() as as_of:
    rows = Case.objects.all()
    print(json.dumps({"from": rows.db, "count": rows.count(), "copied": as_of is not None, "because": REPLICA.state().because}))
"""


class Follower:
    """The replica of an installation."""

    def __init__(self, installation: Installation, folder: Path) -> None:
        self.installation, self.folder = installation, folder
        self.url = f"postgresql://motcua_app@/motcua?host={quote(str(folder / 'socket'))}"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Run it, unless it runs, until it answers."""
        if self.process is not None and self.process.poll() is None:
            return
        self.process = self.installation.start(
            "-m", "motcua.site.commands", "replica", "run", "--folder", str(self.folder)
        )
        self.wait_for(lambda: self.cases() is not None)

    def kill(self) -> None:
        """End it as a power cut would."""
        assert self.process is not None
        self.process.kill()
        self.process.wait(10)

    def counted(self, **more: str) -> dict[str, object]:
        """Ask the site, in a process of its own, where it reads and what it finds."""
        told = self.installation.python(COUNT, DATABASE_REPLICA_URL=self.url, **more)
        found: dict[str, object] = json.loads(told)
        return found

    def cases(self) -> int | None:
        """Count the cases on the replica itself; None while it does not answer."""
        try:
            with psycopg.connect(self.url, connect_timeout=2) as connection:
                row = connection.execute("SELECT count(*) FROM cases_case").fetchone()
        except psycopg.OperationalError:
            return None
        return None if row is None else int(row[0])

    def wait_for(self, right: Callable[[], bool]) -> None:
        until = time.monotonic() + 60
        while not right():
            assert time.monotonic() < until
            time.sleep(0.2)

    def as_superuser(self, statement: str) -> None:
        with psycopg.connect(self.url.replace("motcua_app", "postgres"), autocommit=True) as connection:
            connection.execute(statement)


@pytest.fixture(scope="module")
def copied(installation: Installation) -> Iterator[Follower]:
    folder = installation.folder / "follower"
    installation.motcua("replica", "create", "--folder", str(folder))
    yield Follower(installation, folder)
    installation.stop()
    installation.motcua("replica", "drop", "--folder", str(folder))
    assert not (folder / "data").exists()


@pytest.fixture
def follower(copied: Follower) -> Follower:
    copied.start()
    return copied


def another_case() -> int:
    """Write a case that is a copy of the newest, under a number of its own; return how many there are."""
    columns = """agency_path, place_path, place_code, filed_on, filed_at, due_at, changed_at, procedure_code,
        revision_id, applicant_id, account_id, channel, "values", state, phase"""
    with psycopg.connect(environment.database_url("app")) as connection:
        connection.execute(
            f"""INSERT INTO cases_case (number, {columns})
            SELECT left(number, -7) || lpad((right(number, 7)::int + 5000)::text, 7, '0'), {columns}
            FROM cases_case ORDER BY right(number, 7) DESC LIMIT 1"""
        )
        row = connection.execute("SELECT count(*) FROM cases_case").fetchone()
    assert row is not None
    return int(row[0])


def test_replica_follows_and_the_export_from_it_is_complete(follower: Follower) -> None:
    there = another_case()
    follower.wait_for(lambda: follower.cases() == there)

    found = follower.counted()
    exported = follower.installation.motcua("export", "cases", DATABASE_REPLICA_URL=follower.url)

    assert found == {"from": "replica", "count": there, "copied": True, "because": ""}
    assert len(exported.splitlines()) == there


def test_replica_that_lags_is_read_within_the_limit_and_not_beyond(follower: Follower) -> None:
    before = another_case()
    follower.wait_for(lambda: follower.cases() == before)
    follower.as_superuser("SELECT pg_wal_replay_pause()")
    after = another_case()
    time.sleep(1.5)

    patient = follower.counted(MOTCUA_REPLICA_MOST_BEHIND_SECONDS="600")
    impatient = follower.counted(MOTCUA_REPLICA_MOST_BEHIND_SECONDS="1")
    follower.as_superuser("SELECT pg_wal_replay_resume()")

    assert (patient["from"], patient["count"]) == ("replica", before)
    assert (impatient["from"], impatient["count"]) == ("default", after)
    assert "s behind" in str(impatient["because"])


def test_replica_that_dies_is_passed_over_and_catches_up_when_it_is_back(follower: Follower) -> None:
    follower.kill()
    there = another_case()

    gone = follower.counted()
    follower.start()
    follower.wait_for(lambda: follower.cases() == there)

    assert gone == {"from": "default", "count": there, "copied": False, "because": "it does not answer"}


def test_replica_cannot_be_written_and_is_not_made_twice(follower: Follower) -> None:
    with (
        psycopg.connect(follower.url) as connection,
        pytest.raises(psycopg.errors.ReadOnlySqlTransaction),
    ):
        connection.execute("DELETE FROM cases_case")

    with pytest.raises(AssertionError, match="holds a replica already"):
        follower.installation.motcua("replica", "create", "--folder", str(follower.folder))


def test_health_names_the_replica_and_why_it_is_not_read(follower: Follower) -> None:
    script = """
import json
from django.test import Client
told = Client().get("/readyz").json()
print(json.dumps(next(part for part in told["components"] if part["name"] == "replica")))
"""
    there = another_case()
    follower.wait_for(lambda: follower.cases() == there)
    patience = {"MOTCUA_REPLICA_MOST_BEHIND_SECONDS": "600"}
    well = json.loads(follower.installation.python(script, DATABASE_REPLICA_URL=follower.url, **patience))
    follower.kill()
    ill = json.loads(follower.installation.python(script, DATABASE_REPLICA_URL=follower.url))

    assert (well["ok"], well["because"]) == (True, "")
    assert (ill["ok"], ill["because"]) == (
        False,
        "it does not answer; boards and exports read the database itself",
    )


def test_board_whose_replica_dies_in_its_hands_is_shown_all_the_same(follower: Follower) -> None:
    script = """
import json, os, signal
from django.test import Client
from motcua.identity.models import Account
from motcua.identity.backends import PATH
from motcua.site.replica import REPLICA
browser = Client()
leader = Account.objects.get(login="lanhdao")
browser.force_login(leader, PATH)
first = browser.get("/operations/")
os.kill(int(os.environ["REPLICA_PID"]), signal.SIGKILL)
second = browser.get("/operations/")
print(json.dumps([
    first.status_code, "từ bản sao" in first.content.decode(),
    second.status_code, "từ bản sao" in second.content.decode(),
]))
"""
    assert follower.process is not None
    told = follower.installation.python(
        script, DATABASE_REPLICA_URL=follower.url, REPLICA_PID=str(follower.process.pid)
    )

    assert json.loads(told) == [200, True, 200, False]
