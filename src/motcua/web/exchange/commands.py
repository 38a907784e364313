"""``motcua export``: stored cases, one value a line."""

import argparse
import sys


def add_commands(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add ``export`` to the command line."""
    export = subparsers.add_parser("export", help="write stored rows to standard output")
    kinds = export.add_subparsers(required=True, metavar="WHAT")
    cases = kinds.add_parser("cases", help="one value for each stored case, oldest first")
    cases.add_argument(
        "--field",
        default="reference",
        help="reference, procedure, state, answer, reason, filed_at, idempotency_key, or data.<form field>",
    )
    cases.set_defaults(run=export_cases, reads_replica=True)


def export_cases(arguments: argparse.Namespace) -> int:
    """Write the field of every case; exit 2 for a field that cases do not have."""
    from motcua.cases.queries import FieldNotKept, case_values

    try:
        for value in case_values(arguments.field):
            sys.stdout.write(f"{value}\n")
    except FieldNotKept as refusal:
        sys.stderr.write(f"{refusal}\n")
        return 2
    return 0
