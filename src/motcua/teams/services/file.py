"""Filing what a person consented to: once under its key, however often and from wherever it is sent."""

import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from motcua.cases.queries import number_filed_under
from motcua.cases.services.on_behalf import file_for_person
from motcua.cases.states import Channel
from motcua.events.services import publish
from motcua.identity.states import Purpose
from motcua.procedures.queries import procedure_in_force
from motcua.teams.events import HelpFiled
from motcua.teams.models import Assistance
from motcua.teams.services.begin import NotAMember

# A device that was cut off while it sent asks again by itself; who heard nothing for so long is looked after.
UNHEARD_AFTER = timedelta(minutes=3)
MOST_AT_ONCE = 500


class HelpNotBegun(LookupError):
    """No consent is here under this key; it is sent first."""


class AlreadyFiled(ValueError):
    """The dossier is a case already, and takes nothing more."""


class PaperNotCarried(LookupError):
    """A paper that the form names has not been sent yet; ``field`` says which."""

    def __init__(self, field: str) -> None:
        self.field = field
        super().__init__(field)


def file_help(*, key: uuid.UUID, account_id: int, values: Mapping[str, object], now: datetime) -> str:
    """File the dossier for the person who consented, and return its number; repeated, the same number.

    Papers are named by their ids on the device. Raises ``HelpNotBegun``, ``NotAMember``, ``PaperNotCarried``, and what
    ``file_for_person`` raises; then nothing is filed, and the device may send a mended dossier under the same key.
    """
    row = _begun(key, account_id)
    if row.case_number:
        return row.case_number
    named = _with_papers(row, values)
    # Told before it is tried: a case that was filed while we died is found by this mark.
    Assistance.objects.filter(pk=key).update(tried_at=now)
    filed = file_for_person(
        code=row.procedure_code,
        person_id=row.person_id,
        values=named,
        account_id=account_id,
        channel=Channel.ONLINE,
        key=str(key),
        now=now,
        today=timezone.localdate(now),
        purpose=Purpose.HELP_CITIZENS,
    )
    _write_number(row, filed.number, now)
    return filed.number


def hear_of_filings(*, now: datetime) -> int:
    """Write the numbers of cases that were filed while nobody was left to hear of it; return how many there were."""
    waiting = Assistance.objects.filter(filed_at__isnull=True, tried_at__lt=now - UNHEARD_AFTER)
    heard = 0
    for row in waiting.defer("signature_sealed", "consent_words").order_by("tried_at")[:MOST_AT_ONCE]:
        number = number_filed_under(row.account_id, str(row.pk))
        if number is None:
            # It was refused: the mark is set again when it is tried again.
            Assistance.objects.filter(pk=row.pk, tried_at=row.tried_at).update(tried_at=None)
        else:
            _write_number(row, number, now)
            heard += 1
    return heard


@transaction.atomic
def _write_number(row: Assistance, number: str, now: datetime) -> None:
    # Compare-and-set: the device, or the job that looks after it, may have been here at the same moment.
    standing = Assistance.objects.filter(pk=row.pk, filed_at__isnull=True)
    if standing.update(case_number=number, filed_at=now) != 1:
        return
    publish(
        HelpFiled(
            happened_at=now,
            agency_path=row.agency_path,
            subject=number,
            actor=f"account:{row.account_id}",
            help=str(row.pk),
            team=str(row.team_id),
        )
    )


def _begun(key: uuid.UUID, account_id: int) -> Assistance:
    row = Assistance.objects.filter(key=key).defer("signature_sealed", "consent_words").first()
    if row is None:
        raise HelpNotBegun(str(key))
    if row.account_id != account_id:
        raise NotAMember(str(key))
    return row


def _with_papers(row: Assistance, values: Mapping[str, object]) -> dict[str, object]:
    """Return the values with each paper by its id in the vault."""
    names = {
        field.name
        for field in procedure_in_force(row.procedure_code).content.form.fields
        if field.paper is not None
    }
    carried = {str(each.device_id): str(each.paper_id) for each in row.papers.all()}
    named = dict(values)
    for name in names & set(values):
        given = str(values[name])
        if given in carried:
            named[name] = carried[given]
        elif _is_id(given):
            # A person's other papers are theirs to hand in, not a helper's.
            raise PaperNotCarried(name)
    return named


def _is_id(text: str) -> bool:
    try:
        uuid.UUID(text)
    except ValueError:
        return False
    return True
