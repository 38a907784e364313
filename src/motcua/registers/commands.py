"""``motcua registers``: declare a register, load a file into it, list what there is."""

import argparse
import sys
from datetime import datetime, time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]

SHOWN = 50


def add_commands(subparsers: "Subparsers") -> None:
    """Add ``registers declare|load|list``."""
    registers = subparsers.add_parser("registers", help="declare, load and list the sources of facts")
    acts = registers.add_subparsers(dest="act", required=True, metavar="ACT")
    declare = acts.add_parser("declare", help="create or change registers from YAML declarations")
    declare.add_argument("files", nargs="+", type=Path, metavar="FILE")
    declare.set_defaults(run=run_declare, database_role="owner")
    load = acts.add_parser("load", help="replace the records of a register by those of a CSV file")
    load.add_argument("register", metavar="NAME")
    load.add_argument("file", type=Path, metavar="CSV")
    load.add_argument(
        "--as-of", required=True, help="the moment the data are true for: 2026-09-30 or 2026-09-30T08:00"
    )
    load.set_defaults(run=run_load, database_role="owner")
    listing = acts.add_parser("list", help="list registers, their rows and how fresh they are")
    listing.set_defaults(run=run_list)


def run_declare(args: argparse.Namespace) -> int:
    """Declare each file; stop at the first that is refused."""
    from django.utils import timezone

    from motcua.registers.declaration import DeclarationRefused, read_declaration
    from motcua.registers.services import declare

    for file in args.files:
        try:
            declaration = read_declaration(file)
        except DeclarationRefused as refusal:
            print(refusal, file=sys.stderr)
            return 1
        declared = declare(declaration, now=timezone.now())
        state = "created" if declared.created else "declared"
        hint = "; load a file before it can be asked" if declared.must_load else ""
        print(f"{declared.name}: {state}{hint}")
    return 0


def run_load(args: argparse.Namespace) -> int:
    """Load the file and list the refused rows; status 1 if nothing was loaded."""
    from django.utils import timezone

    from motcua.registers.files import FileRefused
    from motcua.registers.services import NotLoadable, RegisterNotDeclared, load_csv

    try:
        report = load_csv(
            register=args.register, path=args.file, as_of=_moment(args.as_of), now=timezone.now()
        )
    except (FileRefused, NotLoadable, RegisterNotDeclared) as refusal:
        print(refusal, file=sys.stderr)
        return 1
    for row in report.refused[:SHOWN]:
        print(f"{args.file}, dòng/line {row.line}: {row.reason} / {row.reason_en}", file=sys.stderr)
    if report.rejected > SHOWN:
        print(f"... {report.rejected - SHOWN} more rows were refused", file=sys.stderr)
    print(f"{report.register}: {report.rows} rows loaded, {report.rejected} refused, as of {args.as_of}")
    return 0


def _moment(text: str) -> datetime:
    from django.utils import timezone

    from motcua.registers.services import NotLoadable

    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise NotLoadable(f"--as-of {text}: write a date such as 2026-09-30 or 2026-09-30T08:00") from error
    if "T" not in text and ":" not in text:
        moment = datetime.combine(moment.date(), time.min)
    return moment if moment.tzinfo else timezone.make_aware(moment)


def run_list(args: argparse.Namespace) -> int:
    """Print one line a register."""
    del args
    from django.utils import timezone

    from motcua.registers.queries import registers

    for view in registers():
        unloaded = "kept by directives" if view.source == "directive" else "not loaded"
        fresh = f"as of {timezone.localtime(view.as_of):%Y-%m-%d %H:%M}" if view.as_of else unloaded
        rows = f"{view.rows} rows, {view.rejected} refused" if view.rows is not None else view.source
        print(f"{view.name:<24} {fresh:<24} {rows:<32} {view.title_vi}")
    return 0
