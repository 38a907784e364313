"""The command `motcua clock FILE`: when a dossier is due, why its clock stood, and whether it is late, in words."""

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from motcua.calendars.clock import BudgetRefused, EventRefused, NotReceivedYet, read_clock
from motcua.calendars.clock_files import DossierRefused, moment_of, read_dossier
from motcua.calendars.clock_words import clock_in_words
from motcua.calendars.working_time import CalendarRefused, DayNotCovered, read_calendar, vietnam


def add_commands(subparsers: Any) -> None:  # argparse has no public name for this type
    """Add ``motcua clock``."""
    clock = subparsers.add_parser("clock", help="tell the legal clock of a dossier written in a YAML file")
    clock.add_argument("file", type=Path, help="budget and events; see docs/reference/legal-clock.md")
    clock.add_argument("--at", help="the moment to tell it at, as '2026-11-30 17:00'; the file's own, or now")
    clock.add_argument("--lang", choices=("vi", "en"), default="vi")
    clock.add_argument("--calendar", type=Path, help="a calendar of your own instead of Vietnam's")
    clock.set_defaults(run=tell_clock, needs_database=False)


def tell_clock(arguments: argparse.Namespace) -> int:
    """Print the clock of a dossier; a refusal is a sentence and the exit status 1."""
    try:
        calendar = read_calendar(arguments.calendar.read_text("utf-8")) if arguments.calendar else vietnam()
        dossier = read_dossier(arguments.file.read_text("utf-8"), calendar)
        at = moment_of(arguments.at, calendar) if arguments.at else dossier.at or datetime.now(UTC)
        clock = read_clock(dossier.events, budget=dossier.budget, calendar=calendar)
        lines = clock_in_words(clock, at=at, language=arguments.lang)
    except EventRefused as refusal:
        return _refused(refusal.vi if arguments.lang == "vi" else str(refusal))
    except (OSError, UnicodeDecodeError) as fault:
        return _refused(f"{arguments.file}: {fault}")
    except (BudgetRefused, CalendarRefused, DayNotCovered, DossierRefused, NotReceivedYet) as refusal:
        return _refused(str(refusal))
    print("\n".join(lines))
    return 0


def _refused(sentence: str) -> int:
    sys.stderr.write(f"motcua clock: {sentence}\n")
    return 1
