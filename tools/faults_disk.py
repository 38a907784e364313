"""Fill the disk under an installation, look who still answers what, free it, and count.

The whole data folder lies on a small file system in memory of its own (root is needed to mount it). While it is full,
filing is refused with 503 or 507 and reading goes on; once there is room again, filing works without a hand on it.
What was acknowledged, before or while it was full, must be stored once.
"""

import argparse
import errno
import http.client
import os
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from contextlib import ExitStack
from pathlib import Path

from faults_clients import Clients, Orders, Tally, count, headers_of
from live_installation import Installation

BACK_WITHIN_SECONDS = 30.0
REFUSALS = {503, 507}
BLOCK = b"\0" * 1_048_576


def fill(path: Path, leave: int) -> int:
    """Write a ballast until ``leave`` bytes are free, down to the last if 0; return its size."""
    written = 0
    with path.open("ab", buffering=0) as ballast:
        for block in (len(BLOCK), 4096):
            while True:
                try:
                    free = os.statvfs(path.parent).f_bavail * os.statvfs(path.parent).f_frsize
                    if free <= leave + block:
                        break
                    written += ballast.write(BLOCK[:block])
                except OSError as full:
                    if full.errno != errno.ENOSPC:
                        raise
                    break
    return written


def read_on(
    site: Installation, token: str, reference: str, seen: Counter[str], over: threading.Event
) -> None:
    """Read a page, the keys and a status in turn until it is over, and count what is answered."""
    paths = {"home": "/", "keys": "/keys.json", "status": f"/api/submissions/{reference}"}
    while not over.is_set():
        for name, path in paths.items():
            try:
                status, _ = site.ask("GET", path, None, {"Authorization": f"Bearer {token}"})
                seen[f"{name} {status}"] += 1
            except (OSError, http.client.HTTPException) as error:
                seen[f"{name} {type(error).__name__}"] += 1
        time.sleep(0.2)


def write_on(clients: Clients, orders: Orders, seen: Counter[str], seconds: float) -> None:
    """File new requests, each once; what is acknowledged counts as such, all else is counted by its answer."""
    until = time.monotonic() + seconds
    while time.monotonic() < until and (order := orders.next()) is not None:
        key, body = order
        sent_at = time.monotonic()
        try:
            status, answer = clients.site.ask(
                "POST", "/api/submissions", body, headers_of(clients.token, key)
            )
        except (OSError, http.client.HTTPException) as error:
            seen[type(error).__name__] += 1
            continue
        seen[str(status)] += 1
        if status in (200, 201):
            clients.tally.acknowledge(key, http_reference(answer), sent_at)
        time.sleep(0.02)


def http_reference(answer: bytes) -> str:
    """Return the reference in an answer."""
    import json

    return str(json.loads(answer)["reference"])


def run(site: Installation, options: argparse.Namespace) -> bool:
    """File, fill, look, free, file again, count."""
    head = site.run("ledger", "head").stdout.strip()
    tally, orders = Tally(), Orders(site, random.Random(options.seed))
    clients = Clients(site, site.token(), tally)
    first = orders.next()
    assert first is not None
    clients.file_until_acknowledged(*first)
    reference = tally.acknowledged[first[0]]
    write_on(clients, orders, Counter(), 3)
    well = True
    for name, leave in (("nearly full (8 MB left)", 8_388_608), ("full to the last byte", 0)):
        ballast = site.folder / "ballast"
        size = fill(ballast, leave)
        reads, writes, over = Counter[str](), Counter[str](), threading.Event()
        reader = threading.Thread(target=read_on, args=(site, clients.token, reference, reads, over))
        reader.start()
        write_on(clients, orders, writes, options.seconds)
        over.set()
        reader.join()
        ballast.unlink()
        freed_at = time.monotonic()
        order = orders.next()
        assert order is not None
        clients.file_until_acknowledged(*order)
        back = time.monotonic() - freed_at
        print(f"  {name}, with {size / 1e6:.0f} MB of ballast: filing {dict(writes)}, reading {dict(reads)}")
        print(f"  freed: filed again after {back:.1f} s", flush=True)
        strange = [status for status in writes if status not in {"201", *map(str, REFUSALS)}]
        bad_reads = sum(number for what, number in reads.items() if not what.endswith(" 200"))
        well = well and not strange and not bad_reads and back <= BACK_WITHIN_SECONDS
        if strange or bad_reads:
            print(f"  WRONG: filing {strange}, {bad_reads} readings without an answer")
    return count(site, tally, head) and well


def main() -> int:
    """Mount, run the whole experiment, unmount."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=2000, help="size of the demo city")
    parser.add_argument("--megabytes", type=int, default=700, help="size of the disk")
    parser.add_argument("--seconds", type=float, default=20.0, help="how long the disk stays full")
    parser.add_argument("--seed", type=int, default=2021)
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="motcua-faults-"))
    mounting = (
        "/bin/mount",
        "-t",
        "tmpfs",
        "-o",
        f"size={options.megabytes}m,mode=755",
        "tmpfs",
        str(folder),
    )
    mounted = subprocess.run(mounting, capture_output=True, text=True, check=False)
    if mounted.returncode:
        print(f"NOT RUN: a small disk cannot be mounted here ({mounted.stderr.strip()}); root is needed")
        folder.rmdir()
        return 0
    well = False
    with ExitStack() as stack:
        stack.callback(folder.rmdir)
        stack.callback(subprocess.run, ("/bin/umount", str(folder)), check=False)
        site = Installation(folder, options.people)
        stack.callback(site.log.close)
        try:
            print(f"starting a demo city of {options.people} on a disk of {options.megabytes} MB", flush=True)
            site.start()
            site.wait_until_ready(600)
            well = run(site, options)
        finally:
            status = site.stop()
            well = well and status == 0
            print(f"stopped with {status}; {'all is well' if well else 'NOT WELL'}")
            if not well:
                kept = Path(tempfile.gettempdir()) / "motcua-faults-disk.log"
                kept.write_bytes((folder / "serve.log").read_bytes())
                print(f"its log is kept in {kept}")
    return 0 if well else 1


if __name__ == "__main__":
    sys.exit(main())
