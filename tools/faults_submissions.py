"""File requests while processes are killed, then count: none acknowledged may be lost, none may be doubled.

Starts a demo installation of its own in a temporary folder, files --requests through POST /api/submissions with
several clients, and kills --kills times with SIGKILL: a random process, the supervisor included, and every few
times the whole tree at once, as a power cut would. What the supervisor cannot do, because it is dead itself, a
service manager does: it is started again. A client repeats a request with the same key until it is acknowledged.
Ends with 0 only if every acknowledged key is stored exactly once and the ledger is whole. Of each kill it prints how
long nothing was acknowledged, and of each start of everything which step took how long.
"""

import argparse
import contextlib
import os
import random
import re
import shutil
import signal
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from faults_clients import Clients, Orders, Tally, count
from live_installation import Installation

BACK_WITHIN_SECONDS = 30.0
_STEPS = re.compile(rb"serve \| answering (after .*)")


@dataclass(frozen=True, slots=True)
class Kill:
    """What was killed, when on the monotonic clock, how crowded the machine was, and how long the log was then."""

    name: str
    at: float
    load: float
    log_bytes: int

    @classmethod
    def now(cls, site: Installation, name: str, at: float) -> "Kill":
        """Return a kill that has just been done."""
        return cls(name, at, os.getloadavg()[0], Path(site.log.name).stat().st_size)


def kill_one(site: Installation, choose: random.Random) -> str | None:
    """Kill a random process and return its name; first a kind, then one of it, for PostgreSQL has most of them."""
    living = site.processes()
    if not living:
        return None
    name = choose.choice(sorted({process.name for process in living}))
    pid = choose.choice([process.pid for process in living if process.name == name])
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
        return name
    return None


def kill_now_and_then(
    site: Installation,
    options: argparse.Namespace,
    tally: Tally,
    choose: random.Random,
    done: threading.Event,
) -> list[Kill]:
    """Kill each time another share of the requests is acknowledged; return what was killed, and when."""
    killed: list[Kill] = []
    while not done.is_set() and len(killed) < options.kills:
        site.revive()
        if len(tally.acknowledged) >= options.requests * (len(killed) + 0.5) / options.kills:
            at = time.monotonic()
            if len(killed) % options.tree_every == options.tree_every - 1:
                name: str | None = f"the whole tree ({site.kill_everything()} processes)"
            else:
                name = kill_one(site, choose)
            if name is not None:
                killed.append(Kill.now(site, name, at))
                print(f"  {len(tally.acknowledged):5} acknowledged: killed {name}", flush=True)
        time.sleep(0.05)
    while not done.is_set():
        site.revive()
        time.sleep(0.2)
    return killed


def tell_recoveries(site: Installation, tally: Tally, killed: list[Kill]) -> float:
    """Print of each kill how long nothing was acknowledged until the next, and which step of a start took how long.

    Returns the longest. Not the time until the first answer: some is often on its way while the tree is dying.
    """
    log, silences = Path(site.log.name).read_bytes(), [0.0]
    for number, kill in enumerate(killed):
        following = killed[number + 1] if number + 1 < len(killed) else None
        silences.append(tally.longest_silence(kill.at, following.at if following else float("inf")))
        print(f"  {silences[-1]:6.1f} s  {kill.name} (load {kill.load:.1f})")
        for steps in _STEPS.findall(log, kill.log_bytes, following.log_bytes if following else len(log)):
            print(f"            start answered {steps.decode()}")
    return max(silences)


def file_all(site: Installation, options: argparse.Namespace) -> tuple[Tally, float]:
    """File every request while processes are killed; return what was seen and the slowest recovery in seconds."""
    choose, tally, done = random.Random(options.seed), Tally(), threading.Event()
    clients = Clients(site, site.token(), tally)
    orders = Orders(site, choose, options.requests)
    began = time.monotonic()
    threads = clients.start(options.clients, orders.next)

    def wait_for_clients() -> None:
        for thread in threads:
            thread.join()
        done.set()

    threading.Thread(target=wait_for_clients, daemon=True).start()
    killed = kill_now_and_then(site, options, tally, random.Random(options.seed + 1), done)
    print(f"filed in {time.monotonic() - began:.0f} s, with {len(killed)} kills")
    site.wait_until_ready(120)
    slowest = tell_recoveries(site, tally, killed)
    print(f"after a kill nothing was acknowledged for {slowest:.1f} s at the longest")
    for key, body in choose.sample(orders.made, k=min(50, len(orders.made))):
        clients.file_until_acknowledged(key, body)
    return tally, slowest


def main() -> int:
    """Run the whole experiment."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=10_000)
    parser.add_argument("--kills", type=int, default=40)
    parser.add_argument("--tree-every", type=int, default=8, help="of so many kills one is of the whole tree")
    parser.add_argument("--clients", type=int, default=8)
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
        print(f"filing {options.requests} requests with {options.clients} clients", flush=True)
        head = site.run("ledger", "head").stdout.strip()
        tally, slowest = file_all(site, options)
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
