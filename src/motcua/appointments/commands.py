"""``motcua halls``: the rooms in which agencies receive people."""

import argparse
import sys
from pathlib import Path


def add_commands(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add ``halls open``."""
    halls = subparsers.add_parser("halls", help="rooms with appointments and queue numbers")
    acts = halls.add_subparsers(required=True, metavar="ACT")
    opened = acts.add_parser("open", help="open the hall of an agency, or change it, from a YAML file")
    opened.add_argument("file", type=Path)
    opened.set_defaults(run=run_open)


def run_open(args: argparse.Namespace) -> int:
    """Open the hall; 1 if the file is refused, which changes nothing."""
    from django.utils import timezone

    from motcua.agencies.queries import AgencyNotKnown
    from motcua.appointments.setup import HallRefused, read_hall, set_up

    try:
        hall = set_up(read_hall(args.file), now=timezone.now())
    except (HallRefused, AgencyNotKnown) as refusal:
        sys.stderr.write(f"{refusal}\n")
        return 1
    sys.stdout.write(f"{hall.code}: open. Set how many people fit at /desk/halls/{hall.code}/\n")
    return 0
