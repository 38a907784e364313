"""Kill job workers a hundred times with a job in hand, then count: each effect must have happened exactly once.

Many passes are revoked while the installation's own worker is stopped. Each revocation is an event whose handler signs
and publishes the status list, in a job. A worker of this script takes them and is killed with SIGKILL as soon as it
holds some, in the middle of signing or just before the commit, and started again at once. Then the installation's own
worker goes on and clears up. In the end every event was handled once, no job is left, and the published list names
exactly what was revoked.
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

# A job whose worker is dead is taken up after 30 s, by a job that runs every minute.
DONE_WITHIN_SECONDS = 240.0
WITH_A_JOB_WITHIN_SECONDS = 90.0
REVOKE = """
import sys
from datetime import UTC, datetime
import django
django.setup()
from motcua.credentials.models import Credential
from motcua.credentials.services import revoke
standing = Credential.objects.standing().ending_after(datetime.now(UTC)).order_by("issued_at")
for credential in list(standing[: int(sys.argv[1])]):
    revoke(credential_id=credential.pk, reason="thử", now=datetime.now(UTC))
"""
READ = """
import json
from datetime import UTC, datetime
import django
django.setup()
from motcua.credentials.models import Credential, CredentialKey
from motcua.credentials.queries import published_status_list
from motcua.seals.keys import trusted_from_certificate
from motcua.seals.status import open_status
keys = [trusted_from_certificate(bytes(key.certificate_der), key.revoked_at) for key in CredentialKey.objects.all()]
published = open_status(published_status_list().content, keys)
print(json.dumps({
    str(credential.pk): [credential.revoked_at is not None, published.answer(credential.revocation_id)]
    # The list leaves out what has ended, as the demo's past has.
    for credential in Credential.objects.ending_after(datetime.now(UTC))
}))
"""


@dataclass(slots=True)
class Worker:
    """A worker of ours; ``number`` is the name that it has in the table of workers."""

    process: subprocess.Popen[bytes]
    number: int


class Victim:
    """The worker that is killed, and started again under another number."""

    def __init__(self, site: Installation, connection: "psycopg.Connection[tuple[int]]") -> None:
        self._site, self._connection = site, connection
        self.worker = self._start()

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

    def in_hand(self) -> int:
        """Return how many jobs it holds at this moment, or held when it died."""
        query = "SELECT count(*) FROM procrastinate_jobs WHERE status = 'doing' AND worker_id = %s"
        row = self._connection.execute(query, [self.worker.number]).fetchone()
        return row[0] if row else 0

    def kill(self, choose: random.Random) -> int:
        """Kill it once it holds a job, start it again, and return how many jobs died in its hands."""
        until = time.monotonic() + WITH_A_JOB_WITHIN_SECONDS
        while not self.in_hand():
            if time.monotonic() > until:
                raise TimeoutError("the worker was given no job to be killed with; raise --passes")
        time.sleep(choose.random() * 0.02)
        self.worker.process.kill()
        self.worker.process.wait()
        held = self.in_hand()
        self.worker = self._start()
        return held

    def stop(self) -> None:
        """Let it end."""
        self.worker.process.terminate()
        self.worker.process.wait(60)


def signal_own_worker(site: Installation, number: int) -> None:
    """Stop the installation's own worker, or let it go on."""
    for process in site.processes():
        if process.name == "worker":
            with contextlib.suppress(ProcessLookupError):
                os.kill(process.pid, number)


def kill_often(
    site: Installation, connection: "psycopg.Connection[tuple[int]]", options: argparse.Namespace
) -> None:
    """Revoke, kill, and say how often a worker died with jobs in hand."""
    began, choose = time.monotonic(), random.Random(options.seed)
    signal_own_worker(site, signal.SIGSTOP)
    revoked = site.python("-c", REVOKE, str(options.passes), DJANGO_SETTINGS_MODULE="motcua.site.settings")
    if revoked.returncode:
        raise RuntimeError(revoked.stderr)
    victim = Victim(site, connection)
    hit = held = 0
    while hit < options.kills:
        lost = victim.kill(choose)
        hit, held = hit + bool(lost), held + lost
    spent = time.monotonic() - began
    print(f"killed {hit} workers that held {held} jobs, in {spent:.0f} s", flush=True)
    signal_own_worker(site, signal.SIGCONT)
    victim.stop()


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
    missing = sum(revoked and told != "revoked" for revoked, told in passes.values())
    wrong = sum(not revoked and told == "revoked" for revoked, told in passes.values())
    print(f"revocations {events}: handled never {never}, more than once {twice}; jobs left {left}")
    print(f"published list: revoked and not named {missing}, named and not revoked {wrong}")
    return not (left or never or twice or missing or wrong) and events > 0


def main() -> int:
    """Run the whole experiment."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--passes", type=int, default=800, help="revoked, a job each")
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
        orders = Orders(site, random.Random(options.seed), options.passes * 5 // 2)
        for thread in Clients(site, site.token(), Tally()).start(8, orders.next):
            thread.join()
        with psycopg.connect(site.database_url(), autocommit=True) as connection:
            kill_often(site, connection, options)
            well = judge(site, connection)
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
