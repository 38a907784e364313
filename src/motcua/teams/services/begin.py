"""Help begins with a consent: the words that were read, a signature, the moment; then the person is known."""

import hashlib
import uuid
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from motcua.events.services import publish
from motcua.identity.numbers import PersonNumber
from motcua.identity.presented import person_presented
from motcua.identity.sealing import seal
from motcua.procedures.queries import procedure_in_force
from motcua.teams.consent import is_ours
from motcua.teams.events import HelpConsented
from motcua.teams.models import Assistance
from motcua.teams.queries import SEALED_FOR, Membership
from motcua.teams.states import Clock
from motcua.teams.times import reckon
from motcua.vault.checking.check import check_paper
from motcua.vault.checking.faults import PaperRefused

MOST_SIGNATURE_BYTES = 200_000


class NotAMember(PermissionError):
    """Another account began under this key; nothing of it is theirs."""


class ConsentNotOurs(ValueError):
    """The words that were read are none that were given out here."""


class SignatureRefused(ValueError):
    """What was drawn is no picture that can be kept."""


@dataclass(frozen=True, slots=True)
class Presented:
    """Who stands before the member, as their card says."""

    number: PersonNumber
    full_name: str
    born_on: date


@dataclass(frozen=True, slots=True)
class Consent:
    """What was read, our seal on it, what was drawn (PNG), and when, by the device's clock; ``sent_at`` too."""

    words: str
    seal: str
    signature: bytes
    said_at: datetime
    sent_at: datetime


@dataclass(frozen=True, slots=True)
class Begun:
    """How far a filing has come: which papers are here, by their ids on the device, and the case if it is filed."""

    key: uuid.UUID
    papers: tuple[uuid.UUID, ...]
    case_number: str


def begin_help(
    *,
    key: uuid.UUID,
    member: Membership,
    procedure_code: str,
    presented: Presented,
    consent: Consent,
    now: datetime,
) -> Begun:
    """Keep the consent and find or write down the person; the same key again changes nothing.

    Raises ``NotAMember`` if the key is another account's, ``NoSuchProcedure``, ``ConsentNotOurs``,
    ``ConsentTooOld``, ``SignatureRefused``, and what ``person_presented`` raises. The picture is checked in a process
    of its own, before the transaction.
    """
    standing = begun_under(key, member.account_id)
    if standing is not None:
        return standing
    procedure = procedure_in_force(procedure_code)
    if not is_ours(consent.words, consent.seal):
        raise ConsentNotOurs(procedure_code)
    when = reckon(said_at=consent.said_at, sent_at=consent.sent_at, received_at=now)
    drawn = _checked(consent.signature)
    # In a transaction of its own: what is rolled back would not be counted against who walks through numbers.
    person = person_presented(
        number=presented.number,
        full_name=presented.full_name,
        born_on=presented.born_on,
        account_id=member.account_id,
        agency_path=member.agency_path,
        now=now,
    )
    with transaction.atomic():
        row, fresh = Assistance.objects.get_or_create(
            key=key,
            defaults={
                "account_id": member.account_id,
                "team_id": member.team_id,
                "agency_path": member.agency_path,
                "place_path": member.place_path,
                "person_id": person.id,
                "procedure_code": procedure.code,
                "consent_words": consent.words,
                "signature_sealed": seal(drawn, SEALED_FOR),
                "consented_at": when.at,
                "device_said_at": consent.said_at,
                "clock_error_seconds": when.error_seconds,
                "clock": when.clock,
                "received_at": now,
            },
        )
        if row.account_id != member.account_id:
            raise NotAMember(str(key))
        if fresh:
            _tell(row, now)
    return Begun(key, (), row.case_number)


def _tell(row: Assistance, now: datetime) -> None:
    publish(
        HelpConsented(
            happened_at=now,
            agency_path=row.agency_path,
            subject=f"help:{row.pk}",
            actor=f"account:{row.account_id}",
            team=str(row.team_id),
            procedure=row.procedure_code,
            words_sha256=hashlib.sha256(row.consent_words.encode()).hexdigest(),
            consented_at=row.consented_at,
            clock=Clock(row.clock).value,
        )
    )


def begun_under(key: uuid.UUID, account_id: int) -> Begun | None:
    """Return how far the filing under the key has come; null if nothing is here. Raises ``NotAMember``; two queries."""
    row = Assistance.objects.filter(key=key).defer("signature_sealed", "consent_words").first()
    if row is None:
        return None
    if row.account_id != account_id:
        raise NotAMember(str(key))
    return Begun(key, tuple(row.papers.values_list("device_id", flat=True)), row.case_number)


def _checked(signature: bytes) -> bytes:
    if len(signature) > MOST_SIGNATURE_BYTES:
        raise SignatureRefused("too large")
    try:
        checked = check_paper(name="signature.png", content=signature)
    except PaperRefused as refusal:
        if refusal.fault in ("busy", "not_scanned"):
            raise
        raise SignatureRefused(refusal.fault) from None
    if checked.media_type != "image/png":
        raise SignatureRefused(checked.media_type)
    return checked.content
