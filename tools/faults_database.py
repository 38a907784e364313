"""Stop, kill and cut off the database under load, then count what was acknowledged, lost and doubled.

Three faults, each while clients keep filing: PostgreSQL stopped for ten seconds (SIGSTOP, as a hanging disk would),
its postmaster killed, and its connections cut again and again in the middle of transactions. Nobody lends a hand.
"""

import argparse
import contextlib
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import psycopg
from faults_clients import Clients, Orders, Tally, count
from live_installation import Installation

BACK_WITHIN_SECONDS = 30.0
STOPPED_SECONDS, CUTTING_SECONDS, CALM_SECONDS = 10.0, 10.0, 4.0


def stop_for_a_while(site: Installation) -> str:
    """Stop every process of PostgreSQL, and let them go on after ten seconds."""
    pids = [process.pid for process in site.processes() if process.name.startswith("postgres")]
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGSTOP)
    time.sleep(STOPPED_SECONDS)
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGCONT)
    return f"stopped {len(pids)} processes of PostgreSQL for {STOPPED_SECONDS:.0f} s"


def kill_postmaster(site: Installation) -> str:
    """Kill the first process of PostgreSQL."""
    for process in site.processes():
        if process.name == "postgres (postmaster)":
            os.kill(process.pid, signal.SIGKILL)
            return "killed the postmaster"
    raise RuntimeError("there is no postmaster to kill")


def cut_connections(site: Installation) -> str:
    """Cut every connection of the application that is in a transaction, again and again."""
    cut, until = 0, time.monotonic() + CUTTING_SECONDS
    query = (
        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
        " WHERE usename = 'motcua_app' AND (state <> 'idle' OR random() < 0.2)"
    )
    with psycopg.connect(site.database_url("postgres"), autocommit=True) as connection:
        while time.monotonic() < until:
            row = connection.execute(query).fetchone()
            cut += row[0] if row else 0
            time.sleep(0.1)
    return f"cut {cut} connections in {CUTTING_SECONDS:.0f} s"


FAULTS: tuple[Callable[[Installation], str], ...] = (stop_for_a_while, kill_postmaster, cut_connections)


def main() -> int:
    """Run the whole experiment."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--people", type=int, default=2000, help="size of the demo city")
    parser.add_argument("--seed", type=int, default=2021)
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="motcua-faults-"))
    site = Installation(folder, options.people)
    well, slowest = False, 0.0
    try:
        print(f"starting a demo city of {options.people} in {folder}", flush=True)
        site.start()
        site.wait_until_ready(600)
        head = site.run("ledger", "head").stdout.strip()
        tally = Tally()
        orders = Orders(site, random.Random(options.seed))
        threads = Clients(site, site.token(), tally).start(options.clients, orders.next)
        for fault in FAULTS:
            time.sleep(CALM_SECONDS)
            told = fault(site)
            over_at = time.monotonic()
            while tally.recovered_after(over_at) == float("inf") and time.monotonic() < over_at + 60:
                time.sleep(0.05)
            recovered = tally.recovered_after(over_at)
            slowest = max(slowest, recovered)
            print(f"  {told}; filed again {recovered:.1f} s after it was over", flush=True)
        time.sleep(CALM_SECONDS)
        orders.over.set()
        for thread in threads:
            thread.join()
        well = count(site, tally, head) and slowest <= BACK_WITHIN_SECONDS
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
