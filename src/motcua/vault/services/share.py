"""Sharing papers by a link that ends: made, opened and revoked; every opening is told to the owner."""

import hashlib
import re
import secrets
import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core import signing
from django.db import transaction
from django.db.models import F

from motcua.events.services import publish
from motcua.registers.questions import Asker
from motcua.registers.services.noting import note_access
from motcua.vault.events import PapersShared, ShareOpened, ShareRevoked
from motcua.vault.models import Paper, Share
from motcua.vault.services.read import LOGGED_AS, ReadPaper, read

LONGEST = timedelta(days=30)
MOST_STANDING = 50
LONGEST_FOR_WHOM = 120
LONGEST_PURPOSE = 200
PURPOSE = "shared_by_owner"
# How long whoever opened a link may fetch its papers; a link that serves once cannot be opened again.
TICKET_SECONDS = 15 * 60
_SHAPE = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)
_SALT = "motcua.vault.share"


class ShareRefused(ValueError):
    """The share cannot be made; ``field`` says what to mend: papers, for_whom, purpose, until or number."""

    def __init__(self, field: str) -> None:
        self.field = field
        super().__init__(f"a share needs another {field}")


class LinkNotOpen(LookupError):
    """The link is wrong, over, revoked or used; which of these is not said."""


@dataclass(frozen=True, slots=True)
class NewShare:
    """A share with the text of its link, which cannot be shown again."""

    id: uuid.UUID
    token: str
    until_at: datetime


@dataclass(frozen=True, slots=True)
class SharedPaper:
    """A paper as whoever holds the link sees it."""

    id: uuid.UUID
    kind: str
    title: str
    source: str
    case_number: str
    as_of: object
    media_type: str
    bytes: int
    pages: int
    withdrawn_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class OpenedShare:
    """Whose papers, for whom and what, until when; ``ticket`` fetches them for a while after opening."""

    owner: str
    for_whom: str
    purpose: str
    until_at: datetime
    one_time: bool
    papers: tuple[SharedPaper, ...]
    ticket: str = ""


@transaction.atomic
def share_papers(
    *,
    person_id: int,
    account_id: int,
    paper_ids: Collection[uuid.UUID],
    for_whom: str,
    purpose: str,
    until_at: datetime,
    one_time: bool,
    now: datetime,
) -> NewShare:
    """Make a link to papers of the person and return its text, this once; raises ``ShareRefused``."""
    whom, what_for = for_whom.strip(), purpose.strip()
    if not whom or len(whom) > LONGEST_FOR_WHOM:
        raise ShareRefused("for_whom")
    if not what_for or len(what_for) > LONGEST_PURPOSE:
        raise ShareRefused("purpose")
    if not now < until_at <= now + LONGEST:
        raise ShareRefused("until")
    papers = list(Paper.objects.filter(person_id=person_id, pk__in=set(paper_ids)))
    if not papers or len(papers) != len(set(paper_ids)):
        raise ShareRefused("papers")
    if Share.objects.standing(now).filter(person_id=person_id).count() >= MOST_STANDING:
        raise ShareRefused("number")
    token = secrets.token_urlsafe(32)
    share = Share.objects.create(
        person_id=person_id,
        account_id=account_id,
        token_sha256=_digest(token),
        for_whom=whom,
        purpose=what_for,
        created_at=now,
        until_at=until_at,
        one_time=one_time,
    )
    share.papers.set(papers)
    publish(
        PapersShared(
            happened_at=now,
            agency_path="",
            subject=f"share:{share.pk}",
            actor="citizen",
            papers=len(papers),
            until_at=until_at,
            one_time=one_time,
        )
    )
    return NewShare(share.pk, token, until_at)


@transaction.atomic
def revoke_share(*, share_id: uuid.UUID, person_id: int, now: datetime) -> None:
    """End a link of the person at once; raises ``LinkNotOpen`` if it stands no longer."""
    standing = Share.objects.standing(now).filter(pk=share_id, person_id=person_id)
    if standing.update(revoked_at=now) != 1:
        raise LinkNotOpen(str(share_id))
    publish(ShareRevoked(happened_at=now, agency_path="", subject=f"share:{share_id}", actor="citizen"))


def look_at_share(*, token: str, now: datetime) -> OpenedShare:
    """Return what a link would open, without its papers: nothing is read, noted or used up. Raises ``LinkNotOpen``."""
    return _opened(_standing(token, now), papers=())


@transaction.atomic
def open_share(*, token: str, now: datetime) -> OpenedShare:
    """Open the link: note it for the owner, use it up if it serves once, and return its papers.

    Raises ``LinkNotOpen``; of two that open a link for once at the same moment one is refused.
    """
    share = _standing(token, now)
    opening = Share.objects.standing(now).filter(pk=share.pk)
    # Compare-and-set: the row is looked at again by the statement that changes it.
    if opening.update(opened_at=now, opened=F("opened") + 1) != 1:
        raise LinkNotOpen("just used")
    papers = tuple(share.papers.select_related("file").order_by("title", "pk"))
    _note(share, [paper.title for paper in papers], now)
    publish(ShareOpened(happened_at=now, agency_path="", subject=f"share:{share.pk}", actor="machine"))
    return _opened(share, papers=papers, ticket=signing.dumps(str(share.pk), salt=_SALT))


@transaction.atomic
def read_shared(*, ticket: str, paper_id: uuid.UUID, now: datetime) -> ReadPaper:
    """Return a paper to whoever opened its link just now, and note it for the owner; raises ``LinkNotOpen``.

    A link that was revoked or ended meanwhile gives nothing more.
    """
    try:
        share_id = uuid.UUID(str(signing.loads(ticket, salt=_SALT, max_age=TICKET_SECONDS)))
    except (signing.BadSignature, ValueError):
        raise LinkNotOpen("no ticket") from None
    share = (
        Share.objects.select_related("person")
        .filter(pk=share_id, revoked_at__isnull=True, until_at__gt=now)
        .first()
    )
    paper = share.papers.select_related("file").filter(pk=paper_id).first() if share else None
    if share is None or paper is None:
        raise LinkNotOpen("not of this link")
    _note(share, [paper.title], now)
    return read(paper)


def _standing(token: str, now: datetime) -> Share:
    if _SHAPE.fullmatch(token) is None:
        raise LinkNotOpen("not a link of this site")
    found = Share.objects.standing(now).select_related("person").filter(token_sha256=_digest(token)).first()
    if found is None:
        raise LinkNotOpen("unknown, over, revoked or used")
    return found


def _digest(token: str) -> bytes:
    # A plain hash is enough: the token is 256 random bits, not a password.
    return hashlib.sha256(token.encode("ascii")).digest()


def _note(share: Share, titles: list[str], now: datetime) -> None:
    note_access(
        person_key=bytes(share.person.key),
        asker=Asker(kind="link", reference=f"share:{share.pk}", label=share.for_whom, agency_path=""),
        purpose=PURPOSE,
        source=LOGGED_AS,
        what=[share.purpose, *titles],
        case_number="",
        now=now,
    )


def _opened(share: Share, *, papers: tuple[Paper, ...], ticket: str = "") -> OpenedShare:
    return OpenedShare(
        owner=share.person.name,
        for_whom=share.for_whom,
        purpose=share.purpose,
        until_at=share.until_at,
        one_time=share.one_time,
        papers=tuple(
            SharedPaper(
                id=paper.pk,
                kind=paper.kind,
                title=paper.title,
                source=paper.source,
                case_number=paper.case_number,
                as_of=paper.as_of,
                media_type=paper.file.media_type,
                bytes=paper.file.bytes,
                pages=paper.file.pages,
                withdrawn_at=paper.withdrawn_at,
            )
            for paper in papers
        ),
        ticket=ticket,
    )
