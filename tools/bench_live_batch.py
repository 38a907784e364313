"""Count what filing costs without HTTP: batches filed in this process, against the database of an installation.

Run it with the environment of an installation (``MOTCUA_DATA_DIR``) and the senders that ``motcua load prepare`` wrote.
Processor time, not wall clock: of this process by stage, and of PostgreSQL's own process behind the connection.
"""

import argparse
import json
import os
import statistics
import sys
import time
import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

TICKS = os.sysconf("SC_CLK_TCK")


def main() -> int:
    """File and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("senders", type=Path)
    parser.add_argument("--together", type=int, default=32, help="requests in a batch")
    parser.add_argument("--seconds", type=float, default=5.0)
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "motcua.site.settings")
    import django

    django.setup()
    document = json.loads(options.senders.read_text(encoding="utf-8"))
    print(measure(document, options.together, options.seconds))
    return 0


def measure(document: dict, together: int, seconds: float) -> str:
    """Return what a request costs in batches of so many, in words."""
    from django.db import connection

    from motcua.cases.services import Requested, file_together
    from motcua.cases.states import Channel
    from motcua.identity.speakers import speakers_of
    from motcua.identity.states import Scope
    from motcua.procedures.queries import procedure_in_force

    senders = document["senders"]
    tokens = [sender["token"] for sender in senders]
    speakers = speakers_of(tokens, scope=Scope.SUBMISSIONS, now=datetime.now(UTC))
    procedure = procedure_in_force(document["procedure"])
    tomorrow = str(datetime.now(ZoneInfo("Asia/Ho_Chi_Minh")).date() + timedelta(days=1))
    filled = [
        {name: tomorrow if value == "{tomorrow}" else value for name, value in sender["values"].items()}
        for sender in senders
    ]
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (backend,) = cursor.fetchone()
    ours, filed, until = [], 0, time.monotonic() + seconds
    begun = cpu_of(backend)
    while time.monotonic() < until:
        batch = []
        for at in range(filed, filed + together):
            speaker = speakers[tokens[at % len(tokens)]]
            values = filled[at % len(tokens)]
            batch.append(
                Requested(
                    procedure, values, speaker.person, speaker.account_id, Channel.API, uuid.uuid4().hex
                )
            )
        before = time.process_time()
        outcomes = file_together(batch, now=datetime.now(UTC))
        ours.append(time.process_time() - before)
        filed += together
        for outcome in outcomes:
            if isinstance(outcome, Exception):
                raise outcome
    theirs = (cpu_of(backend) - begun) / filed
    each = sorted(spent / together * 1000 for spent in ours)
    return (
        f"{filed} requests in batches of {together}: Python {each[0]:.3f} ms at best, {statistics.median(each):.3f} in"
        f" the middle; PostgreSQL {theirs * 1000:.3f} ms on average"
    )


def cpu_of(pid: int) -> float:
    """Return the processor time of a process in seconds."""
    # The name may hold blanks, so what follows it is counted.
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


if __name__ == "__main__":
    sys.exit(main())
