"""Command ``motcua teams``: take over a list of community digital teams."""

import argparse
import csv
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from django.utils import timezone

from motcua.teams.states import LIST_COLUMNS

if TYPE_CHECKING:
    from motcua.teams.services.importing import Imported


def add_commands(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command to the parser of ``motcua``."""
    acts = subparsers.add_parser(
        "teams", help="community digital teams: import teams and members"
    ).add_subparsers(required=True, metavar="ACT")
    imported = acts.add_parser(
        "import", help=f"take over a CSV with the columns {','.join(LIST_COLUMNS)}: all of it or nothing"
    )
    imported.add_argument("file", type=Path, help="UTF-8, one line a member")
    imported.add_argument(
        "--ways-in",
        type=Path,
        required=True,
        help="a file that is not there yet: login, first password and authenticator address of each new member",
    )
    imported.set_defaults(run=run_import)


def run_import(options: argparse.Namespace) -> int:
    """Import the list; write how new members sign in to a file that only its owner reads."""
    from motcua.teams.services.importing import ListRefused, import_teams

    try:
        text = options.file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as fault:
        return _refuse(f"{options.file} cannot be read: {fault}")
    try:
        # Made first: passwords that could not be written down would be lost.
        descriptor = os.open(options.ways_in, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as fault:
        return _refuse(f"{options.ways_in} cannot be made: {fault}")
    now = timezone.now()
    with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as file:
        try:
            done = import_teams(text=text, now=now, today=timezone.localdate(now))
        except ListRefused as refusal:
            options.ways_in.unlink()
            return _refuse("\n".join([*refusal.faults, "Nothing was changed."]))
        _write(file, done)
    sys.stdout.write(f"{done.teams} teams, {done.members} members, {len(done.fresh)} of them new\n")
    return 0


def _write(file: TextIO, done: "Imported") -> None:
    rows = csv.writer(file)
    rows.writerow(["login", "name", "password", "otpauth"])
    rows.writerows([each.login, each.name, each.password, each.otpauth_uri] for each in done.fresh)


def _refuse(sentence: str) -> int:
    sys.stderr.write(f"{sentence}\n")
    return 1
