"""A switch is cut into parts, each of which happens once in one transaction, by whichever process takes it."""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Max

from motcua.events.services import publish
from motcua.switching.acts import CARRIED_OUT, RENEWED
from motcua.switching.states import Category, Subject
from motcua.switching.steps import Stage
from motcua.switching.switch_events import SwitchPartDone
from motcua.switching.switch_models import Switch, SwitchedCase, SwitchPart

CASES_A_PART = 2000
# Whole tables are read and written in one statement; the limits of a page's query do not fit.
LONG = "SET LOCAL statement_timeout = '30min'; SET LOCAL lock_timeout = '1min'"


def allow_long() -> None:
    """Let the statements of this transaction take as long as whole tables take."""
    with connection.cursor() as cursor:
        cursor.execute(LONG)


@dataclass(frozen=True, slots=True)
class Late:
    """The moments between which cases were decided that the final run could not know, by whichever law."""

    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class PartDone:
    """What a part did: how many cases, and a line for each of them in an order that does not depend on who did it."""

    cases: int
    lines: Iterable[str] = ()


Do = Callable[[Switch, int, datetime], PartDone]


def prepare_cases(switch: Switch, run_id: UUID, *, late: Late | None = None) -> int:
    """Write down what is to happen to which case and where each stands, and return the number of parts there are.

    In the caller's transaction, which also moves the switch on: it is written once. ``late`` are the moments between
    which a case was decided that the final run could not know; such a case gets a part after those there are, unless
    its pass says already what the law now gives. Two statements.
    """
    allow_long()
    with connection.cursor() as cursor:
        cursor.execute(
            _PREPARE,
            {
                "switch": switch.pk,
                "run": run_id,
                "size": CASES_A_PART,
                "carried_out": [str(each) for each in CARRIED_OUT],
                "passes": [str(each) for each in (*RENEWED, Category.GRANTED)],
                "person": str(Subject.PERSON),
                "of_a_person": [str(each) for each in OF_A_PERSON],
                "renewed": [str(each) for each in RENEWED],
                "parts": switch.parts,
                "late": late is not None,
                "since": late.since if late is not None else None,
                "until": late.until if late is not None else None,
            },
        )
    return int(SwitchedCase.objects.filter(switch=switch).aggregate(last=Max("part"))["last"] or 0)


# What somebody moved since the run read it stands in another state: it is found moved on when its turn comes.
_PREPARE = """
INSERT INTO switching_switchedcase (
    switch_id, case_number, part, line, category, filed_on, person_id, before_state, before_phase, before_due_at,
    before_changed_at, before_revision_id, before_answer, before_reason, before_decided_by, old_credential,
    new_credential, left_because, not_undone_because, late
)
SELECT %(switch)s, effect.case_number,
    %(parts)s + (row_number() OVER (ORDER BY effect.line) - 1) / %(size)s + 1, effect.line,
    effect.category, effect.filed_on, mine.applicant_id, effect.state, mine.phase, mine.due_at, mine.changed_at,
    mine.revision_id, mine.answer, mine.reason_code, mine.decided_by,
    -- A case that an earlier directive put before a person still has its pass.
    coalesce(effect.credential_id, (
        SELECT id FROM credentials_credential AS pass
        WHERE pass.case_number = effect.case_number AND pass.revoked_at IS NULL
    )),
    CASE WHEN effect.category = ANY(%(passes)s) THEN gen_random_uuid() END, '', '', %(late)s
FROM switching_effect AS effect
JOIN cases_case AS mine ON mine.filed_on = effect.filed_on AND mine.number = effect.case_number
WHERE effect.run_id = %(run)s AND effect.category = ANY(%(carried_out)s) AND effect.subject <> %(person)s
    AND effect.case_number <> '' AND NOT (mine.phase = 'person' AND effect.category = ANY(%(of_a_person)s))
    AND (NOT %(late)s OR (
        mine.changed_at BETWEEN %(since)s AND %(until)s
        AND NOT EXISTS (
            SELECT FROM switching_switchedcase AS known
            WHERE known.switch_id = %(switch)s AND known.case_number = effect.case_number
        )
        AND NOT (effect.category = ANY(%(renewed)s) AND EXISTS (
            SELECT FROM credentials_credential AS pass
            WHERE pass.id = effect.credential_id AND pass.valid_to = effect.after_until
                AND pass.claims @> effect.claims
        ))
    ))
"""
# A pass whose case is before a person is that person's to renew.
OF_A_PERSON = (*RENEWED, Category.TO_PERSON)


def make_parts(switch: Switch, stage: Stage) -> None:
    """Write down the parts of a stage, in the caller's transaction; harmless when they stand already."""
    SwitchPart.objects.bulk_create(
        [SwitchPart(switch=switch, stage=stage, number=number) for number in range(1, switch.parts + 1)],
        ignore_conflicts=True,
    )


def left_to_do(switch: Switch, stage: Stage) -> int:
    """Return how many parts of the stage are not done."""
    return SwitchPart.objects.filter(switch=switch, stage=stage, done_at__isnull=True).count()


def do_parts(switch: Switch, stage: Stage, do: Do, *, clock: "Clock") -> int:
    """Do the parts of the stage that no other process has in hand, and return how many; each is one transaction."""
    done = 0
    while _do_next(switch, stage, do, clock):
        done += 1
    return done


def _do_next(switch: Switch, stage: Stage, do: Do, clock: "Clock") -> bool:
    with transaction.atomic():
        allow_long()
        waiting = SwitchPart.objects.filter(switch=switch, stage=stage, done_at__isnull=True)
        part = waiting.select_for_update(skip_locked=True).order_by("number").first()
        if part is None:
            return False
        now = clock.now()
        done = do(switch, part.number, now)
        digest = hashlib.sha256()
        for line in done.lines:
            digest.update(line.encode())
            digest.update(b"\n")
        told = SwitchPartDone(
            happened_at=now,
            agency_path="",
            subject=switch.directive.number,
            actor="machine",
            switch=str(switch.pk),
            stage=stage.value,
            part=part.number,
            cases=done.cases,
            sha256=digest.hexdigest(),
        )
        SwitchPart.objects.filter(pk=part.pk).update(done_at=now, cases=done.cases, sha256=told.sha256)
        publish(told)
    return True


class Clock:
    """The time of a long job: the moment it was told, and what has passed since."""

    def __init__(self, now: datetime) -> None:
        self._told, self._began = now, monotonic()

    def not_before(self, moment: datetime | None) -> None:
        """Go on from a moment that is written down already, if the clock that was told lags behind it."""
        if moment is not None and moment > self.now():
            self._told, self._began = moment, monotonic()

    def now(self) -> datetime:
        """Return the present moment."""
        return self._told + timedelta(seconds=monotonic() - self._began)


@contextmanager
def held(switch_id: UUID) -> Iterator[bool]:
    """Hold the switch while the block runs; False if another worker does.

    A lock of the connection, which PostgreSQL drops with the process that held it.
    """
    key = int.from_bytes(switch_id.bytes[:8], "big", signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [key])
        mine = bool(cursor.fetchone()[0])
    try:
        yield mine
    finally:
        if mine and connection.is_usable():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [key])
