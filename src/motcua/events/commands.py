"""``motcua ledger``: show the heads to keep elsewhere, and find a changed or missing entry."""

import argparse
import sys


def add_commands(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add ``ledger head`` and ``ledger verify`` to the command line."""
    ledger = subparsers.add_parser("ledger", help="check the ledger, or print its head to keep elsewhere")
    acts = ledger.add_subparsers(required=True, metavar="ACT")
    head = acts.add_parser("head", help="print the head of the ledger as one line of text")
    head.set_defaults(run=print_head)
    verify = acts.add_parser("verify", help="read the whole ledger and name the first bad entry")
    verify.add_argument(
        "--head",
        help="a head printed earlier and kept elsewhere: without it a cut tail and a rewritten chain go unseen",
    )
    verify.set_defaults(run=verify_ledger)


def print_head(_: argparse.Namespace) -> int:
    """Write the heads of all lanes as one line."""
    from motcua.events.queries import ledger_heads
    from motcua.seals.chain import format_heads

    sys.stdout.write(format_heads(ledger_heads()) + "\n")
    return 0


def verify_ledger(arguments: argparse.Namespace) -> int:
    """Return 0 for a whole ledger, 1 with the first bad entry named, 2 for a head that cannot be read."""
    from motcua.events import queries
    from motcua.seals.chain import HeadsNotReadable, parse_heads

    try:
        heads = parse_heads(arguments.head) if arguments.head else ()
    except HeadsNotReadable as refusal:
        sys.stderr.write(f"--head: {refusal}\n")
        return 2
    bad = queries.verify_ledger(heads)
    if bad is not None:
        sys.stdout.write(f"bad: {bad}\n")
        return 1
    total = sum(head.sequence for head in queries.ledger_heads())
    kept = (
        "up to the head given and beyond" if heads else "but no head was given, so a cut tail would go unseen"
    )
    sys.stdout.write(f"whole: {total} entries, {kept}\n")
    return 0
