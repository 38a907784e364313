"""A dossier as a lawyer writes it down: a budget and one line for each event, in YAML.

budget: 5 working days
steps: {thẩm định: 3, ký: 1}
events:
  - 2026-11-16 09:00 received
  - 2026-11-17 10:00 paused additions
  - 2026-11-19 10:00 resumed
  - 2026-11-20 09:00 extended until 2026-12-01 17:00 because cần ý kiến của sở chuyên ngành
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import cast

import yaml

from motcua.calendars.clock_events import KINDS, Budget, ClockEvent, Kind, Start
from motcua.calendars.working_time import WorkingCalendar

MOMENT = r"\d{4}-\d{2}-\d{2} \d{2}:\d{2}(?::\d{2})?"
EVENT = re.compile(
    rf"(?P<at>{MOMENT}) (?P<kind>[a-z]+)(?: (?!until |because )(?P<word>.+?))?"
    rf"(?: until (?P<until>{MOMENT}))?(?: because (?P<reason>.+))?"
)
BUDGET = re.compile(r"(?P<amount>\d+(?:\.\d+)?) working (?P<unit>days?|hours?)")
KEYS = frozenset({"budget", "starts", "steps", "events", "at"})


class DossierRefused(ValueError):
    """The text is not a dossier; the sentence names the line and what to write."""


@dataclass(frozen=True, slots=True)
class Dossier:
    """What a file says: the time allowed, what happened, and the moment at which to judge it, if one is given."""

    budget: Budget
    events: tuple[ClockEvent, ...]
    at: datetime | None


def read_dossier(text: str, calendar: WorkingCalendar) -> Dossier:
    """Read a dossier from YAML; raises ``DossierRefused``, or ``BudgetRefused`` for a budget that is no time."""
    try:
        # Dates stay text: a moment is read in the zone of the calendar.
        body = yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506  # the base loader builds text, lists, mappings
    except yaml.YAMLError as fault:
        raise DossierRefused(f"this is not YAML: {fault}") from fault
    return dossier_of(body, calendar)


def dossier_of(body: object, calendar: WorkingCalendar) -> Dossier:
    """Make a dossier of what YAML gave, every value a text."""
    if not isinstance(body, Mapping) or not {"budget", "events"} <= body.keys():
        raise DossierRefused("a dossier has budget (as 5 working days) and events (a list)")
    if more := sorted(body.keys() - KEYS):
        raise DossierRefused(f"{more[0]}: not known; the keys are {', '.join(sorted(KEYS))}")
    lines = body["events"]
    if not isinstance(lines, list):
        raise DossierRefused("events: write a list, one line for each event, each beginning with a dash")
    at = body.get("at")
    return Dossier(
        _budget(body),
        tuple(_event(number, line, calendar) for number, line in enumerate(lines, start=1)),
        None if at is None else moment_of(at, calendar),
    )


def moment_of(text: str, calendar: WorkingCalendar) -> datetime:
    """Read ``2026-11-16 09:00`` in the zone of the calendar."""
    try:
        return datetime.fromisoformat(text).replace(tzinfo=calendar.zone)
    except (TypeError, ValueError) as fault:
        raise DossierRefused(f"{text!r} is no moment; write 2026-11-16 09:00") from fault


def _budget(body: Mapping[str, object]) -> Budget:
    found = BUDGET.fullmatch(str(body["budget"]))
    if found is None:
        raise DossierRefused(
            f"budget: {body['budget']!r}; write 5 working days, 0.5 working days or 16 working hours"
        )
    steps = body.get("steps", {})
    if not isinstance(steps, Mapping):
        raise DossierRefused("steps: write a mapping from the name of a step to its share, as {check: 1}")
    make = Budget.days if found["unit"].startswith("day") else Budget.hours
    return make(found["amount"], steps=steps, starts=cast("Start", body.get("starts", "received")))


def _event(number: int, line: object, calendar: WorkingCalendar) -> ClockEvent:
    found = EVENT.fullmatch(line) if isinstance(line, str) else None
    if found is None:
        raise DossierRefused(
            f"event {number}: {line!r}; write a moment, a kind and what belongs to it, "
            "as 2026-11-17 10:00 paused additions"
        )
    if found["kind"] not in KINDS:
        raise DossierRefused(
            f"event {number}: {found['kind']!r} is no kind; the kinds are {', '.join(sorted(KINDS))}"
        )
    until = found["until"]
    return ClockEvent(
        moment_of(found["at"], calendar),
        cast("Kind", found["kind"]),
        found["reason"] or found["word"] or "",
        None if until is None else moment_of(until, calendar),
    )
