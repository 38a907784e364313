"""``motcua load``: make senders, and send their traffic against a running site."""

import argparse
import ipaddress
import json
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from urllib.parse import urlsplit

import uvloop

from motcua.site.load.driving import Drive, Limits, NobodyAnswers
from motcua.site.load.report import Report
from motcua.site.load.senders import SendersNotReadable, read_senders
from motcua.site.load.shapes import HIGHEST_PEAK, Shape, arrivals
from motcua.site.load.traffic import MIXED, WRITING, MixNotReadable, Traffic, read_mix

MOST_CONNECTIONS = 4096
# Before traffic that asks what became of requests, so that there is something to ask for.
FILED_FIRST = 16


class LoadRefused(ValueError):
    """The arguments do not fit together, or would harm a site that others use."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where the traffic goes; ``header`` is what the Host header says."""

    host: str
    port: int
    header: str


def add_commands(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add ``load prepare|run``."""
    load = subparsers.add_parser("load", help="traffic of a chosen shape against a running site")
    acts = load.add_subparsers(dest="act", required=True, metavar="ACT")
    prepare = acts.add_parser("prepare", help="make accounts with tokens for a load test (demo only)")
    prepare.add_argument("--to", required=True, type=Path, metavar="FILE", help="file of senders to write")
    prepare.add_argument("--people", type=int, default=200, help="how many accounts (default: 200)")
    prepare.add_argument("--seed", type=int, default=2021)
    prepare.set_defaults(run=run_prepare)
    _add_run(acts.add_parser("run", help="send traffic and report what came of it"))


def _add_run(run: argparse.ArgumentParser) -> None:
    run.add_argument("--url", default="http://127.0.0.1:8000", help="the site (default: %(default)s)")
    run.add_argument("--senders", required=True, type=Path, metavar="FILE", help="from `motcua load prepare`")
    run.add_argument("--shape", default="steady", choices=("steady", "morning", "tenant", "mixed"))
    run.add_argument("--rate", type=float, help="mean requests a second of a normal day")
    run.add_argument("--closed", action="store_true", help="no schedule: send as fast as answers come")
    run.add_argument("--seconds", type=float, default=30.0, help="how long (default: 30)")
    run.add_argument("--requests", type=int, default=0, help="with --closed: stop after so many")
    run.add_argument(
        "--connections",
        type=int,
        default=64,
        help="lines kept open; with --shape tenant as many for the heavy one",
    )
    run.add_argument("--peak", type=float, default=4.0, help="morning: times the mean (default: 4)")
    run.add_argument("--times", type=float, default=7.0, help="tenant: times its whole day (default: 7)")
    run.add_argument(
        "--share", type=float, default=0.2, help="tenant: its part of a normal day (default: 0.2)"
    )
    run.add_argument("--mix", help="routes and weights, such as submit=20,status=80")
    run.add_argument("--tries", type=int, default=1, help="ask again after 409, 429, 503, 507 or a lost line")
    run.add_argument("--timeout", type=float, default=30.0, help="seconds to wait for an answer")
    run.add_argument("--seed", type=int, default=2021, help="the same seed sends the same")
    run.add_argument("--json", action="store_true", help="the report as one JSON object")
    run.add_argument(
        "--not-this-machine", action="store_true", help="allow a site that is not on this machine"
    )
    run.set_defaults(run=run_run, needs_database=False)


def run_prepare(args: argparse.Namespace) -> int:
    """Make accounts and tokens and write the file."""
    import django

    django.setup()
    from motcua.site.demo.accounts import NotADemo
    from motcua.site.load.prepare import TooFewPeople, prepare

    if args.people < 1:
        return _refuse("--people must be at least 1.")
    try:
        count = prepare(path=args.to, people=args.people, seed=args.seed, now=datetime.now(UTC))
    except (NotADemo, TooFewPeople) as refusal:
        return _refuse(str(refusal))
    except FileNotFoundError as missing:
        return _refuse(f"{missing.filename} is not there; `motcua demo prepare` makes the demo city.")
    print(f"{count} senders with tokens for seven days in {args.to}", file=sys.stderr)
    return 0


def run_run(args: argparse.Namespace) -> int:
    """Send the traffic and print the report; 1 if nothing at all was answered well."""
    try:
        target = target_of(args.url, elsewhere=args.not_this_machine)
        refuse_senseless(args)
        senders = read_senders(args.senders)
        mix = read_mix(args.mix) if args.mix else MIXED if args.shape == "mixed" else WRITING
        if args.shape == "tenant" and len(senders.senders) < 2:
            raise LoadRefused(
                f"{args.senders} has one sender; --shape tenant needs others beside the heavy one."
            )
    except (LoadRefused, SendersNotReadable, MixNotReadable) as refusal:
        return _refuse(str(refusal))
    choose = Random(args.seed)  # noqa: S311 - repeatable traffic, no secret
    traffic = Traffic(senders, host=target.header, mix=mix, now=datetime.now(UTC), choose=choose)
    limits = Limits(
        target.host,
        target.port,
        args.connections,
        args.timeout,
        args.tries,
        args.seconds,
        args.requests,
        heavy_apart=args.shape == "tenant",
    )
    try:
        # The client shares the machine with the site, and takes a third less from it so.
        report = uvloop.run(_drive(args, traffic, limits))
    except NobodyAnswers as refusal:
        return _refuse(str(refusal))
    print(json.dumps(report.as_json()) if args.json else report.as_table())
    return 0 if any(status < 400 for status in report.total().answered) else 1


async def _drive(args: argparse.Namespace, traffic: Traffic, limits: Limits) -> Report:
    drive = Drive(traffic, limits)
    if traffic.asks:
        await drive.file_first(FILED_FIRST)
    if args.closed:
        return await drive.as_fast_as_answered()
    name = "steady" if args.shape == "mixed" else args.shape
    shape = Shape(name, args.rate, args.seconds, args.peak, args.times, args.share)
    # Its own randomness: the moments stay the same whatever is sent at them.
    return await drive.on_schedule(arrivals(shape, Random(args.seed + 1)))  # noqa: S311 - no secret


def target_of(url: str, *, elsewhere: bool) -> Target:
    """Read the address of the site; raises ``LoadRefused`` for one that others may be using."""
    parts = urlsplit(url)
    try:
        port = parts.port or 80
    except ValueError as error:
        raise LoadRefused(f"--url {url}: {error}.") from error
    host = parts.hostname or ""
    if parts.scheme != "http" or not host or parts.path not in ("", "/") or parts.query:
        raise LoadRefused(
            f"--url {url}: give http://HOST:PORT; this client speaks no TLS, so aim it behind the proxy."
        )
    if not _is_loopback(host) and not elsewhere:
        raise LoadRefused(
            f"{host} is not this machine. Load keeps others from their site and files cases that nobody asked for;"
            " if it is a test installation of yours, add --not-this-machine."
        )
    return Target(host, port, parts.netloc)


def refuse_senseless(args: argparse.Namespace) -> None:
    """Raise ``LoadRefused`` for arguments that make no traffic."""
    checks = (
        (
            not args.closed and args.rate is None,
            "Give --rate for a schedule, or --closed for as fast as it goes.",
        ),
        (args.closed and args.rate is not None, "--rate and --closed exclude each other."),
        (
            args.closed and args.shape not in ("steady", "mixed"),
            f"--shape {args.shape} needs a schedule: give --rate.",
        ),
        (
            not args.closed and args.requests,
            "--requests bounds a closed loop; a schedule has --rate and --seconds.",
        ),
        (
            args.rate is not None and not 0 < args.rate <= 1_000_000,
            "--rate must be above 0, up to a million.",
        ),
        (not 0 < args.seconds <= 604_800, "--seconds must be above 0, up to a week."),
        (args.requests < 0, "--requests must not be negative."),
        (
            not 1 <= args.connections <= MOST_CONNECTIONS,
            f"--connections must be 1 to {MOST_CONNECTIONS}.",
        ),
        (not 1 <= args.peak <= HIGHEST_PEAK, f"--peak must be 1 to {HIGHEST_PEAK} times the mean."),
        (not 0 < args.times <= 1000, "--times must be above 0, up to 1000."),
        (not 0 < args.share < 1, "--share must lie between 0 and 1."),
        (not 1 <= args.tries <= 100, "--tries must be 1 to 100."),
        (not 0 < args.timeout <= 3600, "--timeout must be above 0, up to an hour."),
    )
    for wrong, sentence in checks:
        if wrong:
            raise LoadRefused(sentence)


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _refuse(sentence: str) -> int:
    sys.stderr.write(f"motcua: {sentence}\n")
    return 2
