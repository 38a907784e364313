"""Measure the path of a request against the plain way, the limit of the machine and a bare hello, in one run.

Starts a demo installation of its own with a durable PostgreSQL and, beside it on the same database, the plain way
(bench_live_plain). Rounds alternate; figures are medians, and the ratios are what counts.
"""

import argparse
import json
import os
import platform
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import bench_live_growth as growth
import bench_live_limit as limit
import psycopg
from bench_live_checks import checks
from bench_live_servers import Figures, Server, answers_of, load, meaning, measured, ratio, trusted_keys
from live_installation import Installation

PARTS = ("submit", "connections", "reads", "checks", "tenant", "growth")
# As many rows as the limit copies at most, and how many go into one commit: one for each connection.
MOST_ROWS, BATCH = 6400, 64
# Of the demo's people, as many as have what a pass needs are kept for the measures, so that each request is signed.
PROBED, FEWEST_SENDERS = 700, 20
DURABLE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}


@dataclass(slots=True)
class Bench:
    """One run: the installation, the plain way, who sends, and how long."""

    site: Installation
    plain: Server
    senders: Path
    options: argparse.Namespace

    def say(self, *cells: object) -> None:
        """Print a row of the table."""
        name, *figures = cells
        shown = [f"{figure:,.2f}" if isinstance(figure, float) else str(figure) for figure in figures]
        if self.options.markdown:
            print(f"| {name} | {' | '.join(shown)} |", flush=True)
        else:
            print(f"{name!s:<40}" + "".join(f"{cell:>15}" for cell in shown), flush=True)

    def head(self, *cells: str) -> None:
        """Print the head of a table."""
        print(flush=True)
        self.say(*cells)
        if self.options.markdown:
            print(f"|---|{'---:|' * (len(cells) - 1)}", flush=True)

    def closed(self, connections: int, seconds: float | None = None) -> tuple[str, ...]:
        """Return the words for a closed loop."""
        return (
            "--closed",
            "--connections",
            str(connections),
            "--seconds",
            str(seconds or self.options.seconds),
        )


def submit(bench: Bench) -> None:
    """64 connections: ours, the plain way and the limit, in turn."""
    ours, plain, limits, bare = Figures(), Figures(), [], []
    url, words = bench.site.database_url(), bench.closed(64)
    for target in (bench.site.url, bench.plain.url):
        load(target, bench.senders, *bench.closed(64, 2.0))
    rows = None
    for _ in range(bench.options.rounds):
        measured(ours, bench.site.cpu_seconds, bench.site.url, bench.senders, *words)
        if rows is None:
            rows = limit.rows_of(url, newest_granted(url), BATCH)
        # The plain way's own web processes, and what PostgreSQL and the rest use meanwhile.
        measured(plain, lambda: all_cpu(bench), bench.plain.url, bench.senders, *words)
        seconds = bench.options.seconds
        limits.append(max(limit.rate(url, rows, processes=number, seconds=seconds) for number in (1, 2)))
        bare.append(limit.rate(url, rows, processes=2, seconds=seconds, schema=f"{limit.SCHEMA}_bare"))
    bench.head("submit, 64 connections", "a second", "p50 ms", "p95 ms", "CPU ms", "client ms", "not good")
    for name, figures in (("ours", ours), ("the plain way", plain)):
        bench.say(
            name, figures.speed, median(figures.p50s), figures.p95, figures.cpu, median(figures.client_cpus),
            figures.bad,
        )  # fmt: skip
    bench.say("the limit, same indexes", median(limits), "", "", "", "", "")
    bench.say("the limit, no indexes", median(bare), "", "", "", "", "")
    bench.say(
        "bytes of one submission (binary COPY)", rows.bytes_per_case if rows else 0.0, "", "", "", "", ""
    )
    bench.head("ratio", "seen", "wanted")
    bench.say("ours to the plain way", ratio(ours.speeds, plain.speeds), "8 at least")
    bench.say("ours to the limit, same indexes", ratio(ours.speeds, limits), "0.45 at least")
    bench.say("ours to the limit, no indexes", ratio(ours.speeds, bare), "")


def connections(bench: Bench) -> None:
    """Two connections, where waiting for a batch would show, and 256, where a queue would."""
    bench.head("submit", "a second", "p50 ms", "p95 ms", "plain a second", "plain p95 ms", "ratio of p95")
    for number in (2, 256):
        ours, plain = Figures(), Figures()
        for _ in range(bench.options.rounds):
            for figures, target in ((ours, bench.site.url), (plain, bench.plain.url)):
                measured(figures, lambda: 0.0, target, bench.senders, *bench.closed(number))
        bench.say(
            f"{number} connections", ours.speed, median(ours.p50s), ours.p95, plain.speed, plain.p95,
            ratio(ours.p95s, plain.p95s),
        )  # fmt: skip


def reads(bench: Bench) -> None:
    """Pages and documents that people and machines fetch, against a bare hello under the same server."""
    routes = ("home", "service", "status", "published", "keys", "status_list", "verify")
    figures = {route: Figures() for route in routes}
    hello = Figures()
    with Server("bench_live_hello:application", bench.site, "--interface", "asgi") as bare:
        for _ in range(bench.options.rounds):
            measured(hello, bare.cpu_seconds, bare.url, bench.senders, *bench.closed(64), "--mix", "home=1")
            for route in routes:
                words = (*bench.closed(64), "--mix", f"{route}=1")
                measured(figures[route], bench.site.cpu_seconds, bench.site.url, bench.senders, *words)
    bench.head("reading, 64 connections", "a second", "p95 ms", "CPU ms", "to hello", "not good", "wanted")
    bench.say("bare ASGI hello", hello.speed, hello.p95, hello.cpu, "", hello.bad, "")
    for route, seen in figures.items():
        wanted = "0.25 at least" if route in ("home", "service", "status") else ""
        bench.say(route, seen.speed, seen.p95, seen.cpu, ratio(seen.speeds, hello.speeds), seen.bad, wanted)


def tenant(bench: Bench) -> None:
    """One tenant at seven times its day, so that the whole is more than the site can do."""
    words = bench.closed(64)
    capacity = load(bench.site.url, bench.senders, *words)["total"]["per_second"]
    ratios, lines, sent = [], [], []
    for _ in range(max(1, bench.options.rounds // 2)):
        shape = ("--shape", "tenant", "--share", "0.25", "--times", "7", "--connections", "64")
        rate = ("--rate", f"{capacity / 2:.1f}", "--seconds", str(bench.options.seconds * 6))
        phases = load(bench.site.url, bench.senders, *shape, *rate, "--timeout", "60")["phases"]
        normal, flood = phases["normal"]["others"], phases["flood"]["others"]
        heavy = phases["flood"][next(name for name in phases["flood"] if name not in ("others", "seconds"))]
        lines.append((normal["latency_ms"]["p95"], flood["latency_ms"]["p95"], heavy))
        sent.append((normal["sent"], flood["sent"]))
        ratios.append(flood["latency_ms"]["p95"] / normal["latency_ms"]["p95"])
    bench.head(f"one tenant at 7 days, {capacity:,.0f}/s at most", "p95 ms", "times", "wanted")
    bench.say("others, a normal day", median([line[0] for line in lines]), "", "")
    bench.say("others, the other's flood", median([line[1] for line in lines]), median(ratios), "1.5 at most")
    bench.say("the flood itself", median([line[2]["latency_ms"]["p95"] for line in lines]), "", "")
    print(f"the flood met with {lines[-1][2]['answered']} {lines[-1][2]['errors'] or ''}")
    # The same number in either half of a run, or the two p95 would not be of the same day.
    print(f"the others sent {', '.join(f'{before} and {during}' for before, during in sent)}")


def newest_granted(url: str) -> list[str]:
    """Return the numbers of the newest granted cases."""
    with psycopg.connect(url) as connection:
        query = "SELECT number FROM cases_case WHERE phase = 'granted' ORDER BY filed_at DESC LIMIT %s"
        return [number for (number,) in connection.execute(query, [MOST_ROWS])]


def all_cpu(bench: Bench) -> float:
    """Return the processor time of the installation and of the plain way's web processes."""
    return bench.site.cpu_seconds() + bench.plain.cpu_seconds()


def median(values: list[float]) -> float:
    """Return the median; of none, nought."""
    return sorted(values)[len(values) // 2] if values else 0.0


def prepare(stack: ExitStack, options: argparse.Namespace, folder: Path) -> Bench:
    """Start everything, compare the answers, and keep the senders whose requests are granted."""
    site = Installation(folder, options.people)
    stack.callback(site.stop)
    site.start()
    site.wait_until_ready(900)
    with psycopg.connect(site.database_url()) as connection:
        for setting, wanted in DURABLE.items():
            found = connection.execute(f"SHOW {setting}").fetchone()
            if found != (wanted,):
                raise RuntimeError(f"{setting} is {found}, not {wanted}: these figures would mean nothing")
    made = site.python("-m", "bench_live_plain.tables", PYTHONPATH=tools_first())
    if made.returncode:
        raise RuntimeError(made.stderr)
    words = ("--interface", "wsgi", "--blocking-threads", str(options.threads))
    settings = {"DJANGO_SETTINGS_MODULE": "bench_live_plain.settings"}
    plain = stack.enter_context(Server("bench_live_plain.wsgi:application", site, *words, **settings))
    senders = folder / "senders.json"
    prepared = site.run("load", "prepare", "--to", str(senders), "--people", str(PROBED))
    if prepared.returncode:
        raise RuntimeError(prepared.stderr)
    keep_granted(site, plain, senders)
    return Bench(site, plain, senders, options)


def tools_first() -> str:
    """Return a path of Python's on which the tools and whatever was there before are found."""
    known = (str(Path(__file__).resolve().parent), os.environ.get("PYTHONPATH", ""))
    return os.pathsep.join(part for part in known if part)


def keep_granted(site: Installation, plain: Server, path: Path) -> None:
    """File for each sender both ways, compare what is answered, and keep those that are granted."""
    document = json.loads(path.read_text(encoding="utf-8"))
    senders, procedure = document["senders"], document["procedure"]
    ours = answers_of(site.url, senders, procedure)
    theirs = answers_of(plain.url, senders, procedure)
    keys = trusted_keys(site)
    differ = [
        (one, other)
        for one, other in zip(ours, theirs, strict=True)
        if meaning(one, keys) != meaning(other, keys)
    ]
    document["senders"] = [
        sender for sender, answer in zip(senders, ours, strict=True) if answer.get("qr") is not None
    ]
    print(f"answers compared on {len(senders)} requests: {len(differ)} differ")
    print(f"{len(document['senders'])} of them are granted and kept as senders")
    for one, other in differ[:3]:
        print(f"  ours {meaning(one, keys)}\n  plain {meaning(other, keys)}")
    if differ or len(document["senders"]) < FEWEST_SENDERS:
        raise RuntimeError("the two ways do not do the same work, so their speeds cannot be compared")
    path.write_text(json.dumps(document), encoding="utf-8")


MEASURES: dict[str, Callable[[Bench], None]] = {
    "submit": submit,
    "connections": connections,
    "reads": reads,
    "checks": checks,
    "tenant": tenant,
    "growth": growth.growth,
}


def main() -> int:
    """Measure what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--parts", default=",".join(PARTS), help="some of %(default)s")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=5.0, help="of each measure in each round")
    parser.add_argument("--people", type=int, default=5000, help="size of the demo city")
    parser.add_argument("--threads", type=int, default=4, help="of each web process of the plain way")
    parser.add_argument(
        "--growth", default="10000,1000000", help="numbers of stored cases; 10000000 needs disk"
    )
    parser.add_argument("--markdown", action="store_true", help="print the rows of docs/benchmarks.md")
    parser.add_argument(
        "--folder", type=Path, help="where the installation lives (default: a temporary folder)"
    )
    options = parser.parse_args()
    parts = options.parts.split(",")
    if unknown := set(parts) - set(PARTS):
        parser.error(f"unknown parts: {', '.join(sorted(unknown))} (known: {', '.join(PARTS)})")
    folder = options.folder or Path(tempfile.mkdtemp(prefix="motcua-bench-"))
    print(f"Python {platform.python_version()}, {platform.machine()}, {os.cpu_count()} cores; in {folder}")
    print(
        f"medians of {options.rounds} rounds of {options.seconds:g} s; load on the machine {os.getloadavg()[0]:.1f}"
    )
    began = time.monotonic()
    with ExitStack() as stack:
        bench = prepare(stack, options, folder)
        for part in parts:
            MEASURES[part](bench)
    if not options.folder:
        shutil.rmtree(folder)
    print(f"\ntook {time.monotonic() - began:.0f} s; load on the machine at the end {os.getloadavg()[0]:.1f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
