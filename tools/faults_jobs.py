"""Kill job workers a hundred times with a job in hand, then count: each effect must have happened exactly once.

Many passes are revoked. Each revocation is an event whose handler signs and publishes the status list, in a job. Three
workers of this script, beside the installation's own, are killed with SIGKILL whenever they hold a job, some of them
in the middle of signing or just before the commit, and started again at once. In the end every event was handled
once, no job is left, and the published list names exactly what was revoked.
"""

import argparse
import contextlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import psycopg
from faults_clients import Clients, Orders, Tally
from live_installation import Installation

WORKERS = 3
# A job whose worker is dead is taken up after 30 s, by a job that runs every minute.
DONE_WITHIN_SECONDS = 240.0
REVOKE = """
import sys
from datetime import UTC, datetime
import django
django.setup()
from motcua.credentials.models import Credential
from motcua.credentials.services import revoke
for credential in list(Credential.objects.standing().order_by("issued_at")[: int(sys.argv[1])]):
    revoke(credential_id=credential.pk, reason="thử", now=datetime.now(UTC))
"""
READ = """
import json
import sys
from datetime import UTC, datetime
import django
django.setup()
from motcua.credentials.models import Credential
from motcua.credentials.queries import check_text
standing = {}
for credential in Credential.objects.order_by("issued_at"):
    told = check_text(credential.text, datetime.now(UTC)).reason
    standing[str(credential.pk)] = [credential.revoked_at is not None, told]
print(json.dumps(standing))
"""


@dataclass(slots=True)
class Worker:
    """A worker of ours; ``number`` is the name that it has in the table of workers."""

    process: subprocess.Popen[bytes]
    number: int


class Fleet:
    """Our workers, started one after the other so that each is known by its number."""

    def __init__(self, site: Installation, connection: "psycopg.Connection[tuple[int]]") -> None:
        self._site, self._connection = site, connection
        self.workers = [self._start() for _ in range(WORKERS)]

    def _known(self) -> set[int]:
        return {number for (number,) in self._connection.execute("SELECT id FROM procrastinate_workers")}

    def _start(self) -> Worker:
        before = self._known()
        process = subprocess.Popen(
            (sys.executable, "-m", "motcua.site.worker"),
            env=self._site.environment,
            stdout=self._site.log,
            stderr=self._site.log,
        )
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            if fresh := self._known() - before:
                return Worker(process, max(fresh))
            time.sleep(0.02)
        raise TimeoutError("a worker did not report itself")

    def in_hand(self, worker: Worker) -> int:
        """Return how many jobs the worker holds at this moment."""
        query = "SELECT count(*) FROM procrastinate_jobs WHERE status = 'doing' AND worker_id = %s"
        row = self._connection.execute(query, [worker.number]).fetchone()
        return row[0] if row else 0

    def kill(self, worker: Worker) -> int:
        """Kill the worker, start another in its place, and return how many jobs died in its hands."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(worker.process.pid, signal.SIGKILL)
        worker.process.wait()
        held = self.in_hand(worker)
        self.workers[self.workers.index(worker)] = self._start()
        return held

    def stop(self) -> None:
        """Let the workers end."""
        for worker in self.workers:
            worker.process.terminate()
        for worker in self.workers:
            worker.process.wait(60)


def kill_often(fleet: Fleet, kills: int, choose: random.Random, refill: "Refill") -> tuple[int, int]:
    """Kill workers that hold a job; return how many were killed with one in hand, and how many jobs they held."""
    hit, held = 0, 0
    while hit < kills:
        worker = choose.choice(fleet.workers)
        if not fleet.in_hand(worker):
            refill.if_empty()
            continue
        time.sleep(choose.random() * 0.03)
        lost = fleet.kill(worker)
        if lost:
            hit, held = hit + 1, held + lost
    return hit, held


@dataclass(slots=True)
class Refill:
    """Revokes some more passes when no job is left to be killed in."""

    site: Installation
    connection: "psycopg.Connection[tuple[int]]"
    portion: int
    revoked: int = 0

    def if_empty(self) -> None:
        """Revoke another portion unless jobs wait."""
        query = "SELECT count(*) FROM procrastinate_jobs WHERE status = 'todo' AND queue_name = 'events'"
        row = self.connection.execute(query).fetchone()
        if row and row[0]:
            return
        done = self.site.python(
            "-c", REVOKE, str(self.portion), DJANGO_SETTINGS_MODULE="motcua.site.settings"
        )
        if done.returncode:
            raise RuntimeError(done.stderr)
        self.revoked += self.portion


def judge(site: Installation, connection: "psycopg.Connection[tuple[int]]") -> bool:
    """Wait until no job is left, count effects, print, and tell whether each happened once."""
    deadline = time.monotonic() + DONE_WITHIN_SECONDS
    left = -1
    while time.monotonic() < deadline and left:
        time.sleep(1)
        query = "SELECT count(*) FROM procrastinate_jobs WHERE queue_name = 'events'"
        row = connection.execute(query).fetchone()
        left = row[0] if row else 0
    counts = """
        SELECT count(*), count(*) FILTER (WHERE times = 0), count(*) FILTER (WHERE times > 1) FROM (
            SELECT (SELECT count(*) FROM events_delivery d WHERE d.lane = e.lane AND d.sequence = e.sequence) AS times
            FROM events_ledgerentry e WHERE name = 'CredentialRevoked'
        ) AS events
    """
    events, never, twice = connection.execute(counts).fetchone() or (0, 0, 0)
    read = site.python("-c", READ, DJANGO_SETTINGS_MODULE="motcua.site.settings")
    if read.returncode:
        raise RuntimeError(read.stderr)
    passes = json.loads(read.stdout)
    missing = sum(revoked and reason != "revoked" for revoked, reason in passes.values())
    wrong = sum(not revoked and reason == "revoked" for revoked, reason in passes.values())
    print(f"revocations {events}: handled never {never}, more than once {twice}; jobs left {left}")
    print(f"published list: revoked and not named {missing}, named and not revoked {wrong}")
    return not (left or never or twice or missing or wrong) and events > 0


def main() -> int:
    """Run the whole experiment."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--passes", type=int, default=600)
    parser.add_argument("--people", type=int, default=2000, help="size of the demo city")
    parser.add_argument("--seed", type=int, default=2021)
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="motcua-faults-"))
    site = Installation(folder, options.people)
    well = False
    try:
        print(f"starting a demo city of {options.people} in {folder}", flush=True)
        site.start()
        site.wait_until_ready(600)
        orders = Orders(site, random.Random(options.seed), options.passes * 2)
        for thread in Clients(site, site.token(), Tally()).start(8, orders.next):
            thread.join()
        with psycopg.connect(site.database_url(), autocommit=True) as connection:
            refill = Refill(site, connection, portion=max(10, options.passes // 20))
            fleet = Fleet(site, connection)
            began = time.monotonic()
            hit, held = kill_often(fleet, options.kills, random.Random(options.seed), refill)
            print(
                f"killed {hit} workers that held {held} jobs, in {time.monotonic() - began:.0f} s", flush=True
            )
            well = judge(site, connection)
            fleet.stop()
    finally:
        status = site.stop()
    well = well and status == 0
    print(f"stopped with {status}; {'all is well' if well else 'NOT WELL: see ' + str(folder)}")
    if not well:
        return 1
    shutil.rmtree(folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
