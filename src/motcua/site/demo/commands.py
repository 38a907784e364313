"""``motcua demo``: prepare the demo city, and say as whom to look at it."""

import argparse
import json
import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]


def add_commands(subparsers: "Subparsers") -> None:
    """Add ``demo prepare|accounts``."""
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


def run_prepare(args: argparse.Namespace) -> int:
    """Prepare the city and say each step."""
    from django.utils import timezone

    from motcua.site.demo.accounts import NotADemo
    from motcua.site.demo.prepare import prepare

    def say(words: str) -> None:
        print(f"demo: {words}", flush=True)

    if args.people < 1000:
        print("motcua: --people must be at least 1000", file=sys.stderr)
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
