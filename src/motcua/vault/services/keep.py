"""Keeping a paper: the content once, the paper once a person and kind."""

import hashlib
import uuid
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection, transaction
from django.db.models import Q, QuerySet, Sum

from motcua.events.services import publish
from motcua.identity.sealing import seal
from motcua.vault.checking.check import CheckedPaper, check_paper
from motcua.vault.checking.faults import PaperRefused
from motcua.vault.events import PaperKept
from motcua.vault.models import Paper, PaperFile
from motcua.vault.states import Source, kind_in_words, kinds

MOST_PAPERS = 300
MOST_BYTES_OF_ONE = 300 * 1024 * 1024
LONGEST_TITLE = 200
SEALED_FOR = "papers"


@dataclass(frozen=True, slots=True)
class KeptPaper:
    """The paper that stands; ``again`` when the person had it already, and nothing new was kept."""

    id: uuid.UUID
    title: str
    again: bool


class KindNotKnown(ValueError):
    """There is no such kind of paper; choose one of the list."""


def keep_upload(
    *,
    person_id: int,
    kind: str,
    title: str,
    file_name: str,
    content: bytes,
    now: datetime,
    today: date,
    added_for: str = "",
    actor: str = "citizen",
) -> KeptPaper:
    """Check an uploaded file and keep it; the same content of one kind twice is one paper.

    People scan several papers into one file and hand it in for each of them: of another kind it is another paper,
    whose content is kept once. A result of ours is what it is, whatever kind is said.

    ``actor`` is who hands it in: the person, or an officer at a counter as ``account:<id>``.
    Raises ``PaperRefused`` with reason and remedy, and ``KindNotKnown``; then nothing is stored. The check runs
    before the transaction: it takes longer than a transaction should.
    """
    if kind not in kinds():
        raise KindNotKnown(f"{kind} is no kind of paper; known: {', '.join(kinds())}")
    received = hashlib.sha256(content).digest()
    standing = _standing(person_id, kind).filter(received_sha256=received).first()
    if standing is not None:
        return KeptPaper(standing.pk, standing.title, again=True)
    checked = check_paper(name=file_name, content=content)
    said = title.strip()[:LONGEST_TITLE] or kind_in_words(kind).vi
    paper = Paper(
        person_id=person_id,
        kind=kind,
        title=said,
        file_name=checked.name,
        received_sha256=received,
        source=Source.UPLOADED,
        as_of=today,
        added_at=now,
        added_for=added_for,
    )
    return _keep(paper, checked, now, actor)


def keep_result(
    *, person_id: int, case_number: str, kind: str, title: str, content: bytes, as_of: date, now: datetime
) -> KeptPaper:
    """Keep the PDF that a case ended with among the person's papers, as it is, so that every signature holds.

    It is ours, and passes the same checks; called twice it is one paper. Raises ``PaperRefused``.
    """
    checked = check_paper(name=f"{case_number}.pdf", content=content)
    paper = Paper(
        person_id=person_id,
        kind=kind,
        title=title[:LONGEST_TITLE],
        file_name=checked.name,
        received_sha256=checked.received_sha256,
        source=Source.RESULT,
        case_number=case_number,
        as_of=as_of,
        added_at=now,
    )
    return _keep(paper, checked, now, "machine")


def mark_withdrawn(*, case_number: str, sha256: str, ground: str, at: datetime) -> int:
    """Mark the result of the case with this content as taken back by its office, and return how many were.

    Done twice it changes nothing; one statement.
    """
    own = Paper.objects.filter(
        case_number=case_number,
        source=Source.RESULT,
        file__sha256=bytes.fromhex(sha256),
        withdrawn_at__isnull=True,
    )
    return own.update(withdrawn_at=at, withdrawn_for=ground)


@transaction.atomic
def _keep(paper: Paper, checked: CheckedPaper, now: datetime, actor: str) -> KeptPaper:
    _wait_for_the_vault_of(paper.person_id)
    paper.file_id = _file_kept(checked, now)
    standing = _standing(paper.person_id, paper.kind).filter(file_id=paper.file_id).first()
    if standing is not None:
        return KeptPaper(standing.pk, standing.title, again=True)
    if paper.source == Source.UPLOADED:
        _refuse_past_the_most(paper.person_id, len(checked.content))
    paper.save(force_insert=True)
    publish(
        PaperKept(
            happened_at=now,
            agency_path="",
            subject=f"paper:{paper.pk}",
            actor=actor,
            kind=paper.kind,
            source=paper.source,
            scanned=checked.scanned,
        )
    )
    return KeptPaper(paper.pk, paper.title, again=False)


def _standing(person_id: int, kind: str) -> QuerySet[Paper]:
    """Return the person's papers that stand for one of this kind with the same content."""
    return Paper.objects.filter(~Q(source=Source.UPLOADED) | Q(kind=kind), person_id=person_id)


def _wait_for_the_vault_of(person_id: int) -> None:
    # Two uploads of one person at once would both see room for one more.
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('vault'), %s)", [person_id % 2_147_483_647])


def _refuse_past_the_most(person_id: int, more_bytes: int) -> None:
    own = Paper.objects.filter(person_id=person_id, source=Source.UPLOADED)
    used = own.aggregate(bytes=Sum("file__bytes"))["bytes"] or 0
    if own.count() >= MOST_PAPERS or used + more_bytes > MOST_BYTES_OF_ONE:
        raise PaperRefused("vault_full")


def _file_kept(checked: CheckedPaper, now: datetime) -> int:
    """Return the row of the content, which stays locked: whoever would delete it waits and then sees our paper."""
    with connection.cursor() as cursor:
        cursor.execute(
            _KEEP_FILE,
            [
                hashlib.sha256(checked.content).digest(),
                seal(checked.content, SEALED_FOR),
                seal(checked.thumbnail, SEALED_FOR) if checked.thumbnail else b"",
                checked.media_type,
                len(checked.content),
                checked.pages,
                checked.scanned,
                now,
            ],
        )
        (kept,) = cursor.fetchone()
    return int(kept)


_KEEP_FILE = f"""
INSERT INTO {PaperFile._meta.db_table} AS file
    (sha256, content_sealed, thumbnail_sealed, media_type, bytes, pages, scanned, kept_at)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (sha256) DO UPDATE SET scanned = file.scanned OR excluded.scanned
RETURNING id
"""  # noqa: S608 - the name of a table of ours
