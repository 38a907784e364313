"""Watch the memory of every process of an installation under steady load, and print how it grows.

Starts a demo installation of its own, sends mixed traffic at a steady rate (``motcua load``), and samples the resident
memory of each process. The slope is that of a straight line through the samples after the first fifth, in which
caches fill. ``make bench GROUP=memory MINUTES=60``.
"""

import argparse
import contextlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path

from live_installation import MOTCUA, Installation

MEGABYTE = 1_048_576
# Shorter-lived processes, such as connections of PostgreSQL that come and go, have no slope worth telling.
FEWEST_SAMPLES = 10
WARM_SHARE = 0.2
CONNECTION = "postgres: motcua_app motcua"
NUMBER = "number of connections (not MB)"


def slope_per_hour(samples: list[tuple[float, float]]) -> float:
    """Return how many megabytes an hour a straight line through (seconds, megabytes) rises."""
    if len({at for at, _ in samples}) < 2:
        return 0.0
    line = statistics.linear_regression([at for at, _ in samples], [size for _, size in samples])
    return line.slope * 3600


def proportional_bytes(pid: int) -> int:
    """Return what the process holds in memory, its share of what it shares with others; 0 if it is gone.

    Resident memory would count PostgreSQL's shared buffers in every one of its processes.
    """
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    return 0


def watch(
    site: Installation, load: "subprocess.Popen[str]", every_seconds: float
) -> dict[str, list[tuple[float, float]]]:
    """Sample until the load is over; by process, and in total."""
    samples: dict[str, list[tuple[float, float]]] = defaultdict(list)
    began = time.monotonic()
    while load.poll() is None:
        at, total = time.monotonic() - began, 0.0
        groups: dict[str, float] = defaultdict(float)
        for process in site.processes():
            size = proportional_bytes(process.pid) / MEGABYTE
            total += size
            # Connections of PostgreSQL come and go: together they have a slope, and their number tells of leaks.
            if process.name == CONNECTION:
                groups[CONNECTION] += size
                groups[NUMBER] += 1
            else:
                samples[f"{process.name} ({process.pid})"].append((at, size))
        for name, size in groups.items():
            samples[name].append((at, size))
        samples["all"].append((at, total))
        time.sleep(every_seconds)
    return samples


def tell(samples: dict[str, list[tuple[float, float]]], seconds: float) -> float:
    """Print a line for each process that lived through the run, and return the slope of all together."""
    print(f"{'process':<48}{'first MB':>10}{'last MB':>10}{'most MB':>10}{'MB an hour':>12}")
    whole = 0.0
    for name, series in sorted(samples.items()):
        warm = [(at, size) for at, size in series if at >= seconds * WARM_SHARE]
        if len(warm) < FEWEST_SAMPLES or warm[0][0] > seconds * 0.5:
            continue
        slope = slope_per_hour(warm)
        sizes = [size for _, size in series]
        print(f"{name[:47]:<48}{sizes[0]:>10.1f}{sizes[-1]:>10.1f}{max(sizes):>10.1f}{slope:>12.2f}")
        whole = slope if name == "all" else whole
    return whole


def main() -> int:
    """Watch for as long as was asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--rate", type=float, default=20.0, help="requests a second")
    parser.add_argument("--people", type=int, default=5000)
    parser.add_argument("--every", type=float, default=5.0, help="seconds between two samples")
    options = parser.parse_args()
    seconds = options.minutes * 60
    folder = Path(tempfile.mkdtemp(prefix="motcua-memory-"))
    site = Installation(folder, options.people)
    try:
        site.start()
        site.wait_until_ready(900)
        senders = folder / "senders.json"
        prepared = site.run("load", "prepare", "--to", str(senders), "--people", "300")
        if prepared.returncode:
            raise RuntimeError(prepared.stderr)
        words = ("load", "run", "--url", site.url, "--senders", str(senders), "--shape", "mixed")
        rate = ("--rate", str(options.rate), "--seconds", str(seconds), "--connections", "32")
        command = (*MOTCUA, *words, *rate)
        print(
            f"{options.rate:g} requests a second, reading and writing, for {options.minutes:g} minutes",
            flush=True,
        )
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as load:
            samples = watch(site, load, options.every)
            report = load.stdout.read() if load.stdout else ""
        print("\n".join(report.splitlines()[:2]))
        tell(samples, seconds)
    finally:
        site.stop()
        shutil.rmtree(folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
