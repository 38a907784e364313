"""Acts on results: draft, sign by two persons, seal with a number of the register, give up.

A workflow's act calls one of them; who may carry out which act is the workflow's, whose key signs is decided here.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, connection, transaction

from motcua.agencies.models import Agency
from motcua.events.services import publish
from motcua.identity.models import Account
from motcua.identity.rights import rights_of

from .events import ResultAbandoned, ResultDrafted, ResultSealed, ResultSigned
from .models import Result, ResultSignature, SignatureKey
from .replacing import replacing
from .services import render_pdf, render_stamp
from .signing.acts import refuse_out_of_turn, sign
from .signing.fields import prepare
from .signing.keystore import opened
from .states import OPEN, STEPS, ResultKind, ResultState, Signatory
from .stores import keys_folder, stamps_for, trust_now
from .values import LOCAL, ResultPaper, ResultText, SealStamp, SignatureStamp, number_in_words

# 32 letters and digits that are not taken for one another; 16 of them are 80 bits, which nobody guesses.
_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_CODE_LENGTH = 16
_NEXT_NUMBER = """
INSERT INTO documents_numberregister AS register (agency_path, notation, year, last)
VALUES (%s::ltree, %s, %s, 1)
ON CONFLICT (agency_path, notation, year) DO UPDATE SET last = register.last + 1
RETURNING last
"""


class ResultExists(RuntimeError):
    """The case has a result of this kind already."""


class ResultMovedOn(RuntimeError):
    """Somebody else acted on the result since it was read."""


class NoKeyToSignWith(PermissionError):
    """The account holds no key for this signature in this agency."""


class SamePersonTwice(PermissionError):
    """Who drew a paper up does not approve it as well."""


@dataclass(frozen=True, slots=True)
class Drafted:
    """A new draft: its id, and the code by which anyone verifies the paper later."""

    id: UUID
    code: str


@transaction.atomic
def draft_result(
    *,
    case_number: str,
    agency_path: str,
    place_name: str,
    notation: str,
    text: ResultText,
    account: Account | None,
    now: datetime,
    kind: ResultKind = ResultKind.RESULT,
) -> Drafted:
    """Typeset a result and keep it as a draft; ``account`` is None when a machine drafts.

    ``notation`` is what follows number and year, as ``GXN-UBND``. Where the case's paper of this kind was withdrawn,
    the draft replaces it and says so. Raises ``ResultExists`` and ``Agency.DoesNotExist``.
    """
    agency = Agency.objects.get(path=agency_path)
    code = "".join(secrets.choice(_ALPHABET) for _ in range(_CODE_LENGTH))
    earlier = _withdrawn_before(case_number, notation) if kind is ResultKind.RESULT else None
    if earlier is not None:
        text = replacing(text, earlier)
    paper = ResultPaper(
        **text.model_dump(),
        agency=agency.name,
        case_number=case_number,
        code=spaced(code),
        verify_address=f"{settings.SITE_URL}/verify/paper/{code}/",
    )
    content = prepare(render_pdf("result", paper, made_at=now))
    result = Result(
        code=code,
        case_number=case_number,
        agency_path=agency_path,
        agency_name=agency.name,
        place_name=place_name,
        notation=notation,
        kind=kind,
        replaces=earlier,
        title=text.title,
        text=text.model_dump(mode="json"),
        content=content,
        sha256=_digest(content),
        drafted_by=account,
        drafted_at=now,
    )
    _keep_draft(result)
    publish(
        ResultDrafted(
            happened_at=now,
            agency_path=agency_path,
            subject=case_number,
            actor=_actor(account),
            result=code,
            notation=notation,
            sha256=result.sha256,
        )
    )
    return Drafted(result.pk, code)


def _keep_draft(result: Result) -> None:
    try:
        with transaction.atomic():
            result.save(force_insert=True)
    except IntegrityError as fault:
        if not any(name in str(fault) for name in _ONE_OF_A_KIND):
            raise
        raise ResultExists(
            f"{result.case_number} has a result {result.notation} already; give it up before another is drafted"
        ) from fault


_ONE_OF_A_KIND = ("result_one_of_a_kind_for_a_case", "result_replaced_once")


def _withdrawn_before(case_number: str, notation: str) -> Result | None:
    """Return the paper of the case in whose place a new one stands: the last one, if it is being or was withdrawn."""
    last = (
        Result.objects.filter(
            case_number=case_number, notation=notation, kind=ResultKind.RESULT, state=ResultState.SEALED
        )
        .defer("content")
        .order_by("-sealed_at")
        .first()
    )
    return last if last and last.withdrawals.filter(given_up_at__isnull=True).exists() else None


@transaction.atomic
def sign_result(*, result_id: UUID, signatory: Signatory, account: Account, now: datetime) -> None:
    """Sign as the specialist or as the leader, with the account's own key.

    Raises ``Result.DoesNotExist``, ``NotItsTurn``, ``NoKeyToSignWith``, ``SamePersonTwice``, ``ResultMovedOn``, and
    what :func:`motcua.documents.signing.acts.sign` raises. Nothing is locked while it signs.
    """
    if signatory is Signatory.AGENCY:
        raise ValueError("the agency's signature comes with a number: seal_result")
    result = Result.objects.get(pk=result_id)
    refuse_out_of_turn(bytes(result.content), signatory.part)
    key = _key_of(account, signatory, result.agency_path, now)
    if result.signatures.exclude(signatory=Signatory.AGENCY).filter(account=account).exists():
        raise SamePersonTwice(f"{account} drew {result.code} up; another person approves it")
    stamp = SignatureStamp(
        part="specialist" if signatory is Signatory.SPECIALIST else "leader",
        name=key.holder,
        agency=result.agency_name,
        signed_at=now,
    )
    pen = _Pen(result, signatory, key, account, now)
    digest = pen.put(pen.sign(stamp))
    publish(
        ResultSigned(
            happened_at=now,
            agency_path=result.agency_path,
            subject=result.case_number,
            actor=account.reference,
            result=result.code,
            signatory=signatory.value,
            key=key.name,
            sha256=digest,
        )
    )


@transaction.atomic
def seal_result(*, result_id: UUID, account: Account, now: datetime) -> str:
    """Seal with the agency's key under the next number of its register, and return the number.

    The number is taken in this transaction, so that whatever fails leaves no gap; who seals at the same moment
    waits for it. Raises what :func:`sign_result` raises, and ``ResultMovedOn`` while the paper that it replaces stands.
    """
    result = Result.objects.get(pk=result_id)
    # Refused before the register is locked.
    refuse_out_of_turn(bytes(result.content), Signatory.AGENCY.part)
    _refuse_two_in_force(result)
    key = _key_of(account, Signatory.AGENCY, result.agency_path, now)
    year = now.astimezone(LOCAL).year
    with connection.cursor() as cursor:
        cursor.execute(_NEXT_NUMBER, [result.agency_path, result.notation, year])
        (number,) = cursor.fetchone()
    written = number_in_words(number, year, result.notation)
    stamp = SealStamp(agency=result.agency_name, number=written, place=result.place_name, signed_at=now)
    pen = _Pen(result, Signatory.AGENCY, key, account, now)
    digest = pen.put(pen.sign(stamp), year=year, number=number, sealed_at=now)
    publish(
        ResultSealed(
            happened_at=now,
            agency_path=result.agency_path,
            subject=result.case_number,
            actor=account.reference,
            result=result.code,
            number=written,
            key=key.name,
            sha256=digest,
        )
    )
    return written


def _refuse_two_in_force(result: Result) -> None:
    earlier = result.replaces
    if earlier is not None and not earlier.withdrawals.filter(withdrawn_at__isnull=False).exists():
        raise ResultMovedOn(f"{result.code} replaces {earlier.code}, which is not withdrawn")


@transaction.atomic
def abandon_result(*, result_id: UUID, reason: str, account: Account | None, now: datetime) -> None:
    """Give up a result that is not sealed; ``account`` is None when its case went another way.

    Raises ``ResultMovedOn`` if it is sealed, or was given up already.
    """
    result = Result.objects.get(pk=result_id)
    changed = Result.objects.filter(pk=result_id, state__in=OPEN).update(
        state=ResultState.ABANDONED, abandoned_at=now, abandon_reason=reason
    )
    if changed != 1:
        raise ResultMovedOn(f"{result.code} is {result.state} and stays so")
    publish(
        ResultAbandoned(
            happened_at=now,
            agency_path=result.agency_path,
            subject=result.case_number,
            actor=_actor(account),
            result=result.code,
            reason=reason,
        )
    )


def spaced(code: str) -> str:
    """Return a code in groups of four, as it is read out."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


@dataclass(frozen=True, slots=True)
class _Pen:
    """Whose key signs which result, as it was read, in whose hand."""

    result: Result
    signatory: Signatory
    key: SignatureKey
    account: Account
    now: datetime

    def sign(self, stamp: SignatureStamp | SealStamp) -> bytes:
        """Return the paper with the signature."""
        with opened(keys_folder(), self.key.name) as signer:
            return sign(
                bytes(self.result.content),
                part=self.signatory.part,
                signer=signer,
                stamp=render_stamp(stamp),
                time_stamps=stamps_for(self.now),
                trust=trust_now(self.now),
                now=self.now,
            )

    def put(self, content: bytes, **sealed: object) -> str:
        """Put the longer bytes in the place of those that were read, unless they are no longer there."""
        before, after = STEPS[self.signatory]
        digest = _digest(content)
        as_read = Result.objects.filter(pk=self.result.pk, state=before, sha256=self.result.sha256)
        if as_read.update(state=after, content=content, sha256=digest, **sealed) != 1:
            raise ResultMovedOn(f"{self.result.code} was signed or given up by somebody else; read it again")
        ResultSignature.objects.create(
            result=self.result,
            signatory=self.signatory,
            account=self.account,
            key=self.key,
            signed_at=self.now,
            sha256=digest,
        )
        return digest


def holds_key(*, account_id: int, signatory: Signatory, agency_path: str, now: datetime) -> bool:
    """Tell whether the account could give this signature for the agency, to say so before it is asked to; two queries.

    Whether the certificate is still good shows when it signs.
    """
    return _found_key(account_id, signatory, agency_path, now) is not None


def _key_of(account: Account, signatory: Signatory, agency_path: str, now: datetime) -> SignatureKey:
    """Return the key that the account signs with for the agency; raises ``NoKeyToSignWith``."""
    key = _found_key(account.pk, signatory, agency_path, now)
    if key is None:
        raise NoKeyToSignWith(
            f"{account} has no key as {signatory.value} for {agency_path}; motcua documents key gives one"
        )
    return key


def _found_key(account_id: int, signatory: Signatory, agency_path: str, now: datetime) -> SignatureKey | None:
    """Return the key with which the account signs; who is not appointed there today has none."""
    # For which places is the workflow's to ask: a result has none.
    appointed = any(
        f"{agency_path}.".startswith(f"{grant.agency_path}.") for grant in rights_of(account_id, now).grants
    )
    keys = SignatureKey.objects.filter(signatory=signatory, retired_at__isnull=True)
    if signatory is Signatory.AGENCY:
        keys = keys.filter(agency_path=agency_path)
    else:
        keys = keys.filter(account=account_id, agency_path__above=agency_path)
    return keys.order_by("-agency_path").first() if appointed else None


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _actor(account: Account | None) -> str:
    return account.reference if account else "machine"
