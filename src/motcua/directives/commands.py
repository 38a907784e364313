"""``motcua directives``: check a text, install a first law, list directives, say what is law where and when."""

import argparse
import sys
from datetime import datetime, time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]


def add_commands(subparsers: "Subparsers") -> None:
    """Add ``directives check|install|list|law``."""
    directives = subparsers.add_parser("directives", help="the law as dated state: check, install, list, ask")
    acts = directives.add_subparsers(dest="directives_act", required=True, metavar="ACT")
    check = acts.add_parser("check", help="find what is wrong with a directive, with line, column and remedy")
    check.add_argument("files", nargs="+", type=Path, metavar="FILE")
    check.set_defaults(run=run_check)
    install = acts.add_parser(
        "install", help="put a first law in force since its date; a running city switches instead"
    )
    install.add_argument("file", type=Path, metavar="FILE")
    install.set_defaults(run=run_install, database_role="owner")
    listing = acts.add_parser("list", help="list directives and how far they have come")
    listing.set_defaults(run=run_list)
    law = acts.add_parser("law", help="say what is in force at a place and a moment, and who says so")
    law.add_argument("--place", required=True, metavar="CODE", help="such as 20194")
    law.add_argument(
        "--at", default="", metavar="WHEN", help="2026-09-30 or 2026-09-30T08:00; now if not given"
    )
    law.set_defaults(run=run_law)


def run_check(args: argparse.Namespace) -> int:
    """Print every fault of every file; 1 if there is any."""
    from django.utils import timezone

    from motcua.directives.checks import check
    from motcua.directives.complaints import DirectiveRefused
    from motcua.directives.content import read_directive

    refused = 0
    for file in args.files:
        try:
            content = read_directive(_text_of(file), str(file))
            if found := check(content, timezone.now()):
                raise DirectiveRefused(str(file), found)
        except DirectiveRefused as refusal:
            print(refusal, file=sys.stderr)
            refused = 1
            continue
        print(f"{file}: in order ({content.number}, {len(content.parameters)} parameters)")
    return refused


def run_install(args: argparse.Namespace) -> int:
    """Install the file as law; 1 if it is refused, which changes nothing."""
    from django.utils import timezone

    from motcua.directives.complaints import DirectiveRefused
    from motcua.directives.queries import directive
    from motcua.directives.services import MomentNotPossible, install

    now = timezone.now()
    try:
        installed = directive(install(text=_text_of(args.file), now=now, name=str(args.file)), now)
    except (DirectiveRefused, MomentNotPossible) as refusal:
        print(refusal, file=sys.stderr)
        return 1
    print(
        f"{installed.number}: {installed.state.value} since {timezone.localtime(installed.begun_at):%Y-%m-%d %H:%M}"
    )
    return 0


def run_list(args: argparse.Namespace) -> int:
    """Print one line a directive."""
    del args
    from django.utils import timezone

    from motcua.directives.queries import directives

    for view in directives(timezone.now()):
        moment = timezone.localtime(view.begun_at or view.switch_at or view.from_at)
        print(
            f"{view.id:>4} {view.number:<20} {view.state.value:<10} {moment:%Y-%m-%d %H:%M}  {view.title.vi}"
        )
    return 0


def run_law(args: argparse.Namespace) -> int:
    """Print each parameter at the place with the directive that sets it; 1 for a place that there is not."""
    from django.utils import timezone

    from motcua.agencies.queries import PlaceNotKnown, place_at
    from motcua.directives.queries import values_at

    try:
        moment = _moment(args.at) if args.at else timezone.now()
        place = place_at(args.place, timezone.localtime(moment).date())
    except (PlaceNotKnown, ValueError) as refusal:
        print(refusal, file=sys.stderr)
        return 1
    print(f"{place.name} ({place.code}), {timezone.localtime(moment):%Y-%m-%d %H:%M}")
    for address, found in values_at(place.code, moment).items():
        if found is None:
            print(f"  {address:<28} -")
            continue
        until = f" until {timezone.localtime(found.until):%Y-%m-%d %H:%M}" if found.until else ""
        since = timezone.localtime(found.since)
        print(f"  {address:<28} {found.text:<12} {found.directive} since {since:%Y-%m-%d %H:%M}{until}")
    return 0


def _text_of(file: Path) -> str:
    """Return the text of the file; raises ``DirectiveRefused`` if it cannot be read."""
    from motcua.directives.complaints import Complaint, DirectiveRefused, Words

    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        what = Words(f"không đọc được tệp ({error})", f"the file cannot be read as UTF-8 text ({error})")
        remedy = Words("Kiểm tra tên tệp và bảng mã.", "Check its name and encoding.")
        raise DirectiveRefused(str(file), [Complaint(1, 1, what, remedy)]) from error


def _moment(text: str) -> datetime:
    from django.utils import timezone

    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise ValueError(f"--at {text}: write 2026-09-30 or 2026-09-30T08:00") from error
    if "T" not in text and ":" not in text:
        moment = datetime.combine(moment.date(), time.min)
    return moment if moment.tzinfo else timezone.make_aware(moment)
