"""``motcua demo``: prepare the demo city, and say as whom to look at it; ``motcua city``: a city of any size."""

import argparse
import json
import os
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]


FEWEST, MOST = 1000, 5_000_000


class _Load(argparse.Action):
    """Only loading needs the database, and then the role that may replace registers."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: str | Sequence[object] | None,
        option_string: str | None = None,
    ) -> None:
        """Note what the option asks for."""
        namespace.load, namespace.needs_database, namespace.database_role = True, True, "owner"


def add_commands(subparsers: "Subparsers") -> None:
    """Add ``demo prepare|accounts`` and ``city``."""
    city = subparsers.add_parser("city", help="make a simulated city of any size, the same for the same seed")
    city.add_argument("--people", type=int, default=1_200_000, help="how many people live in it")
    city.add_argument("--seed", type=int, default=2021, help="the same seed and day give the same files")
    city.add_argument("--day", type=date.fromisoformat, help="the day of the city (today): 2026-11-22")
    city.add_argument("--to", type=Path, metavar="FOLDER", help="where its files go (the demo's folder)")
    city.add_argument(
        "--load",
        action=_Load,
        nargs=0,
        default=False,
        help="declare its registers and load the files (demo mode only)",
    )
    city.set_defaults(run=run_city, needs_database=False)
    demo = subparsers.add_parser("demo", help="the demo city: prepare it, list its accounts")
    acts = demo.add_subparsers(dest="act", required=True, metavar="ACT")
    prepare = acts.add_parser("prepare", help="make the demo city or bring it up to date")
    prepare.add_argument("--people", type=int, default=20_000, help="how many people live in it")
    prepare.add_argument("--seed", type=int, default=2021, help="the same seed gives the same city")
    prepare.add_argument(
        "--requests",
        type=int,
        default=int(os.environ.get("MOTCUA_DEMO_REQUESTS", "400")),
        help="how many requests the city has already seen",
    )
    prepare.set_defaults(run=run_prepare, database_role="owner")
    accounts = acts.add_parser("accounts", help="list sample people and officers, and how to sign in")
    accounts.add_argument("--json", action="store_true", help="as one JSON object")
    accounts.set_defaults(run=run_accounts)


def run_city(args: argparse.Namespace) -> int:
    """Make the city, load it if asked to, and say how many records each register has."""
    from django.utils import timezone

    from motcua.registers.files import FileRefused
    from motcua.site.demo.accounts import NotADemo, refuse_outside_demo
    from motcua.site.demo.city import make_city
    from motcua.site.demo.prepare import folder, load_city

    if not FEWEST <= args.people <= MOST:
        print(f"motcua: --people must be between {FEWEST:,} and {MOST:,}", file=sys.stderr)
        return 2
    now = timezone.now()
    try:
        if args.load:
            refuse_outside_demo()
        city = make_city(
            args.to or folder(),
            today=args.day or timezone.localtime(now).date(),
            people=args.people,
            seed=args.seed,
        )
        for register, rows in city.rows.items():
            print(f"{city.file(register)}: {rows:,} records")
        if args.load:
            for report in load_city(city.folder, now=now):
                print(
                    f"loaded {report.register}: {report.rows:,} records, {report.rejected:,} refused",
                    flush=True,
                )
    except (NotADemo, FileRefused, OSError) as refusal:
        print(f"motcua: {refusal}", file=sys.stderr)
        return 2
    return 0


def run_prepare(args: argparse.Namespace) -> int:
    """Prepare the city and say each step."""
    from django.utils import timezone

    from motcua.site.demo.accounts import NotADemo
    from motcua.site.demo.prepare import prepare

    def say(words: str) -> None:
        print(f"demo: {words}", flush=True)

    if args.people < FEWEST:
        print(f"motcua: --people must be at least {FEWEST}", file=sys.stderr)
        return 2
    try:
        prepare(now=timezone.now(), people=args.people, seed=args.seed, submissions=args.requests, say=say)
    except NotADemo as refusal:
        print(f"motcua: {refusal}", file=sys.stderr)
        return 2
    return 0


def run_accounts(args: argparse.Namespace) -> int:
    """Print the accounts."""
    from django.utils import timezone

    from motcua.site.demo.accounts import NotADemo, accounts
    from motcua.site.demo.prepare import folder

    try:
        listing = accounts(folder(), now=timezone.now())
    except NotADemo as refusal:
        print(f"motcua: {refusal}", file=sys.stderr)
        return 2
    except FileNotFoundError:
        print("motcua: there is no demo city yet; run `motcua demo prepare`", file=sys.stderr)
        return 1
    if args.json:
        print(json.dumps(listing.as_json(), ensure_ascii=False, indent=1))
    else:
        print(listing.as_text())
    return 0
