"""Command ``motcua places``."""

import argparse
import sys

from django.utils import timezone

from motcua.agencies.services import load_places


def add_commands(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command to the parser of ``motcua``."""
    acts = subparsers.add_parser("places", help="administrative units: load what is shipped").add_subparsers(
        required=True, metavar="ACT"
    )
    load = acts.add_parser("load", help="write the shipped places and their lineage; safe to repeat")
    load.set_defaults(run=run_load)


def run_load(_options: argparse.Namespace) -> int:
    """Load the shipped places and say how many there are."""
    loaded = load_places(now=timezone.now())
    sys.stdout.write(f"{loaded.places} places, {loaded.successions} steps of lineage\n")
    return 0
