"""``motcua credentials``: check QR texts in bulk, change keys, publish what scanners carry."""

import argparse
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from motcua.seals.keys import TrustedKey


def add_commands(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the acts on credentials to the command line."""
    credentials = subparsers.add_parser("credentials", help="check passes, change keys, publish")
    acts = credentials.add_subparsers(required=True, metavar="ACT")
    verify = acts.add_parser(
        "verify",
        help="check QR texts (MC1: and HC1:) from standard input",
        description='Reads lines {"id","qr","certs":[base64 DER],"at"} and writes {"id","ok","reason"}.',
    )
    verify.add_argument(
        "--jsonl", action="store_true", required=True, help="one JSON object a line, in and out"
    )
    verify.add_argument(
        "--installation",
        dest="needs_database",
        action="store_true",
        help="trust this installation's keys for lines without certs",
    )
    verify.set_defaults(run=verify_lines)
    acts.add_parser("keys", help="list the keys").set_defaults(run=list_keys)
    acts.add_parser("rotate-key", help="let a new key sign from now on").set_defaults(run=rotate)
    revoke = acts.add_parser("revoke-key", help="refuse what a key signed after a moment")
    revoke.add_argument("key_id", help="16 hexadecimal digits, as motcua credentials keys prints them")
    revoke.add_argument(
        "--at", help="moment from which on its signatures are refused (ISO 8601); now if absent"
    )
    revoke.set_defaults(run=revoke_one)
    acts.add_parser("publish", help="sign and publish keys and status list now").set_defaults(run=publish)


def verify_lines(arguments: argparse.Namespace) -> int:
    """Answer every line; the exit status is 0 whatever the answers are."""
    from motcua.seals.verification import verify_line

    def own_keys() -> "Sequence[TrustedKey]":
        if not arguments.needs_database:
            return ()
        from motcua.credentials.queries import trusted_keys

        return trusted_keys()

    for line in sys.stdin.buffer:
        if line.strip():
            verdict = verify_line(line, now=datetime.now(UTC), own_keys=own_keys)
            sys.stdout.write(verdict.to_json() + "\n")
            sys.stdout.flush()
    return 0


def list_keys(_: argparse.Namespace) -> int:
    """Write one line for each key."""
    from motcua.credentials.queries import keys

    for key in keys():
        standing = "signs"
        if key.revoked_at:
            standing = f"revoked from {key.revoked_at:%Y-%m-%d %H:%M}Z"
        elif key.retired_at:
            standing = f"retired {key.retired_at:%Y-%m-%d %H:%M}Z"
        sys.stdout.write(f"{key.key_id}  {key.use:7} until {key.not_after:%Y-%m-%d}  {standing}\n")
    return 0


def rotate(_: argparse.Namespace) -> int:
    """Make a new signing key."""
    from motcua.credentials.services import ensure_keys, rotate_key

    now = datetime.now(UTC)
    ensure_keys(now=now)
    sys.stdout.write(f"{rotate_key(now=now)} signs from now on; older passes still hold\n")
    return 0


def revoke_one(arguments: argparse.Namespace) -> int:
    """Revoke a key; 2 for an id or moment that cannot be read, 1 for a key that is not known."""
    from motcua.credentials.services import KeyNotKnown, revoke_key

    now = datetime.now(UTC)
    try:
        key_id = bytes.fromhex(arguments.key_id)
        at = datetime.fromisoformat(arguments.at) if arguments.at else now
    except ValueError as fault:
        sys.stderr.write(f"not readable: {fault}\n")
        return 2
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    try:
        revoke_key(key_id=key_id, at=at, now=now)
    except KeyNotKnown as refusal:
        sys.stderr.write(f"{refusal}\n")
        return 1
    sys.stdout.write(f"{key_id.hex()}: what it signed from {at:%Y-%m-%d %H:%M %Z} on is refused\n")
    return 0


def publish(_: argparse.Namespace) -> int:
    """Publish keys and status list, in the database and as files."""
    from motcua.credentials.services import ensure_keys, publish_keys, publish_status_list, write_published

    now = datetime.now(UTC)
    ensure_keys(now=now)
    held, revoked = publish_keys(now=now), publish_status_list(now=now)
    write_published(now=now)
    sys.stdout.write(f"published {held} keys and a status list with {revoked} revoked passes\n")
    return 0
