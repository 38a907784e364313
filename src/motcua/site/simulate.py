"""``motcua simulate``: run one of the simulators on its own."""

import argparse
import os
import sys

SIMULATORS = {
    "bank": "a bank: pay by VietQR, signed notices, statements",
    "national_identity": "the national identity provider with sample people",
    "register": "a register of another agency, over HTTP",
}


def add_commands(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add ``simulate``."""
    simulate = subparsers.add_parser(
        "simulate", help="run a stand-in for another system, such as: motcua simulate bank --port 8002"
    )
    known = "; ".join(f"{name}: {what}" for name, what in SIMULATORS.items())
    simulate.add_argument("name", choices=sorted(SIMULATORS), help=known)
    simulate.add_argument("arguments", nargs=argparse.REMAINDER, help="options of the simulator")
    simulate.set_defaults(run=run_simulate, needs_database=False)


def run_simulate(args: argparse.Namespace) -> int:
    """Become the simulator: signals reach it, and nothing of ours stays in memory."""
    sys.stdout.flush()
    # A process of its own, by name: the site and its simulators are strangers to each other.
    os.execv(sys.executable, [sys.executable, "-m", f"motcua.simulators.{args.name}", *args.arguments])  # noqa: S606
