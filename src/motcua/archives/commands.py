"""Command ``motcua archive``: archive ended dossiers now, or check packages."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import timezone

if TYPE_CHECKING:
    from motcua.archives.services.verify import Checked


def add_commands(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command to the parser of ``motcua``."""
    acts = subparsers.add_parser(
        "archive", help="the archive of ended dossiers: fill it now, check a package"
    ).add_subparsers(required=True, metavar="ACT")
    run = acts.add_parser(
        "run", help="archive what has ended and renew time stamps, as the job of each night does"
    )
    run.add_argument(
        "--after-days",
        type=int,
        default=None,
        help="how long ago a case must have ended (MOTCUA_ARCHIVE_AFTER_DAYS unless given)",
    )
    run.set_defaults(run=run_now)
    verify = acts.add_parser("verify", help="check every hash and the ledger's proof")
    verify.add_argument("what", nargs="?", default="", help="a case number, or a ZIP that was given out")
    verify.add_argument("--all", action="store_true", help="every package of the archive")
    verify.set_defaults(run=run_verify)


def run_now(options: argparse.Namespace) -> int:
    """Archive what has ended; 1 if something could not be packed."""
    from motcua.archives.services import archive_ended, renew_stamps

    days = settings.MOTCUA_ARCHIVE_AFTER_DAYS if options.after_days is None else options.after_days
    done = archive_ended(now=timezone.now(), after_days=days)
    sys.stdout.write(f"archived: {len(done.archived)}\n")
    if done.waiting:
        sys.stdout.write(
            f"left for later, since an objection, a paper or money about them is open: {done.waiting}\n"
        )
    again = renew_stamps(now=timezone.now())
    if again.renewed:
        sys.stdout.write(f"time stamps renewed: {again.renewed}\n")
    for number in again.too_late:
        sys.stderr.write(
            f"{number}: a time stamp ended before it was renewed; the paper is proven by the ledger alone\n"
        )
    for number in (*done.failed, *again.failed):
        sys.stderr.write(
            f"{number} could not be packed or stamped anew; the log says why, and it is tried again\n"
        )
    return 1 if done.failed or again.failed or again.too_late else 0


def run_verify(options: argparse.Namespace) -> int:
    """Check packages; 1 if one is not whole, 2 if there is nothing to check."""
    from motcua.archives.models import ArchivedDossier
    from motcua.archives.services import PackageGone, verify_package
    from motcua.archives.services.verify import check_file

    path = Path(options.what)
    if options.what and path.is_file():
        return _told(check_file(path.read_bytes(), now=timezone.now()))
    rows = ArchivedDossier.objects.order_by("case_number", "edition")
    if not options.all:
        rows = rows.filter(case_number=options.what)
    if not options.what and not options.all:
        sys.stderr.write("say which: a case number, a ZIP, or --all\n")
        return 2
    worst, found = 0, False
    for row in rows.iterator(chunk_size=100):
        found = True
        try:
            worst = max(worst, _told(verify_package(row, now=timezone.now())))
        except PackageGone:
            sys.stdout.write(f"{row.case_number}: destroyed; number, heading and hash are on record\n")
    if not found and not options.all:
        sys.stderr.write(f"{options.what} is neither in the archive nor a file\n")
        return 2
    return worst


def _told(checked: "Checked") -> int:
    name = checked.number or "the file"
    if not checked.faults:
        sys.stdout.write(f"{name}: whole, {checked.files} files, {checked.entries} entries of the ledger\n")
        return 0
    for fault in checked.faults:
        sys.stdout.write(f"{name}: {fault}\n")
    return 1
