"""A missed date is apologized for, with the day that is promised now; the legal date stays where it was missed."""

from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from motcua.calendars.clock import apology_due
from motcua.cases.desk.models import Apology
from motcua.cases.desk.reasons import left_to_fill
from motcua.cases.events import CaseActed
from motcua.cases.models import Case, CaseEntry, EntryDetails
from motcua.cases.queries import CasePage, case_for_officer
from motcua.cases.services.act import PlaceNotFilled, ReasonMissing
from motcua.cases.services.move import CaseMovedOn
from motcua.cases.states import Phase
from motcua.events.services import publish
from motcua.identity.rights import Rights
from motcua.identity.states import Purpose

# An act of the path itself, open in any service: no pack has to foresee that its office is late.
APOLOGIZE = "apologize"


class NothingToApologizeFor(ValueError):
    """The answer is not late, it can still be extended, or an apology with a day to come stands already."""


class PromiseNotPossible(ValueError):
    """The promised day has passed already."""


@dataclass(frozen=True, slots=True)
class Owed:
    """That an apology is due: the date that was missed or will be, and how many were sent before."""

    due_at: datetime
    sent_before: int


def apology_owed(page: CasePage, now: datetime) -> Owed | None:
    """Return what has to be apologized for, if anything; one query where the date is missed or about to be.

    While the term may still be extended, the extension is the apology; see ADR 26. What waits for its applicant is
    late for nobody.
    """
    case = page.case
    if case.phase is not Phase.PERSON:
        return None
    if page.clock is None:
        due_at, late = case.due_at, case.is_overdue(now)
    else:
        clock = page.clock.clock
        missed = clock.missed_at or clock.due_at
        if missed is None or page.clock.receiving:
            return None
        due_at, late = missed, apology_due(clock, now) and not clock.may_extend(now)
    if not late:
        return None
    sent = list(Apology.objects.filter(case_number=case.number).order_by("ordinal"))
    if sent and sent[-1].promised_at >= now:
        return None
    return Owed(due_at, len(sent))


@transaction.atomic
def apologize(*, number: str, rights: Rights, reason: str, promised_at: datetime, now: datetime) -> None:
    """Send the letter of apology with the day that is promised now, and count it.

    Raises ``CaseNotFound``, ``Case.DoesNotExist`` for one that the officer may only read, ``ReasonMissing``,
    ``PromiseNotPossible``, ``NothingToApologizeFor``, and ``CaseMovedOn`` if another officer was quicker.
    """
    page = case_for_officer(number, rights)
    case = page.case
    place = {"agency_path": case.agency_path, "place_path": case.place_path}
    if rights.account_id is None or not any(
        rights.may(each, **place) for each in (Purpose.HANDLE_CASES, Purpose.DECIDE_CASES)
    ):
        raise Case.DoesNotExist(number)
    reason = reason.replace("\0", "").strip()
    if not reason:
        raise ReasonMissing(APOLOGIZE)
    if left_to_fill(reason):
        raise PlaceNotFilled(APOLOGIZE)
    if promised_at <= now:
        raise PromiseNotPossible(f"{promised_at:%d/%m/%Y}")
    owed = apology_owed(page, now)
    if owed is None:
        raise NothingToApologizeFor(number)
    try:
        with transaction.atomic():
            Apology.objects.create(
                case_number=number,
                ordinal=owed.sent_before + 1,
                promised_at=promised_at,
                sent_at=now,
                account_id=rights.account_id,
            )
    except IntegrityError:
        raise CaseMovedOn(f"{number} was apologized for a moment ago") from None
    entry = CaseEntry.objects.create(
        case_number=number,
        happened_at=now,
        act=APOLOGIZE,
        from_state=case.state_name,
        to_state=case.state_name,
        actor=f"account:{rights.account_id}",
        reason=reason,
    )
    EntryDetails.objects.create(entry=entry, until=promised_at)
    publish(
        CaseActed(
            happened_at=now,
            agency_path=case.agency_path,
            subject=number,
            actor=f"account:{rights.account_id}",
            act=APOLOGIZE,
            from_state=case.state_name,
            to_state=case.state_name,
        )
    )
