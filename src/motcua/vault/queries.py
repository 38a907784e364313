"""Questions about papers: a person's own, what cases hold, shares, and how many parts were replaced."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Q, QuerySet

from motcua.vault.checking.faults import Said
from motcua.vault.models import Component, Paper, Share
from motcua.vault.states import Means, Source, kind_in_words


@dataclass(frozen=True, slots=True)
class PaperView:
    """A paper as its owner and officers of its cases see it; ``held_by`` are the numbers of cases that hold it."""

    id: uuid.UUID
    kind: str
    title: str
    source: Source
    case_number: str
    register: str
    as_of: date
    added_at: datetime
    sha256: str
    media_type: str
    bytes: int
    pages: int
    scanned: bool
    has_thumbnail: bool
    held_by: tuple[str, ...] = ()
    withdrawn_at: datetime | None = None
    withdrawn_for: str = ""

    @property
    def kind_words(self) -> Said:
        """Return what kind of paper it is, in words."""
        return kind_in_words(self.kind)


@dataclass(frozen=True, slots=True)
class ComponentView:
    """A part of a case and how it was provided; ``paper`` where a paper provides it."""

    field: str
    kind: str
    means: Means
    fact: str
    paper: PaperView | None


@dataclass(frozen=True, slots=True)
class ShareView:
    """A share as its owner sees it."""

    id: uuid.UUID
    for_whom: str
    purpose: str
    titles: tuple[str, ...]
    created_at: datetime
    until_at: datetime
    one_time: bool
    opened: int
    opened_at: datetime | None
    revoked_at: datetime | None
    stands: bool


@dataclass(frozen=True, slots=True)
class ComponentCounts:
    """How the parts that dossiers asked for were provided (Decision 766/QĐ-TTg, indicators 4.2 and 4.3).

    ``digitized`` are all that are there as data or as a checked file, ``reused`` those that nobody had to hand in.
    """

    asked: int
    uploaded: int
    reused_papers: int
    data: int
    missing: int

    @property
    def digitized(self) -> int:
        """Parts that are there in digital form."""
        return self.uploaded + self.reused_papers + self.data

    @property
    def reused(self) -> int:
        """Parts that a kept paper or data of a register replaced."""
        return self.reused_papers + self.data


def papers_of(person_id: int) -> list[PaperView]:
    """Return the person's papers, newest first; two queries, without their contents."""
    rows = list(_without_contents(Paper.objects.filter(person_id=person_id)).order_by("-added_at", "pk"))
    held: dict[uuid.UUID, list[str]] = {}
    pairs = Component.objects.filter(paper__person_id=person_id).values_list("paper_id", "case_number")
    for paper_id, number in pairs.order_by("case_number"):
        if paper_id is not None and number not in held.setdefault(paper_id, []):
            held[paper_id].append(number)
    return [_view(row, tuple(held.get(row.pk, ()))) for row in rows]


def paper_by_id(paper_id: uuid.UUID) -> PaperView | None:
    """Return a paper, or None if there is none; who may see it is the caller's to know. One query."""
    row = _without_contents(Paper.objects.filter(pk=paper_id)).first()
    return _view(row) if row else None


def papers_of_kind(person_id: int, kinds: Collection[str]) -> dict[str, list[PaperView]]:
    """Return the person's papers of these kinds by kind, newest first, none that was taken back; one query."""
    standing = Paper.objects.filter(person_id=person_id, kind__in=kinds, withdrawn_at__isnull=True)
    rows = _without_contents(standing)
    found: dict[str, list[PaperView]] = {kind: [] for kind in kinds}
    for row in rows.order_by("-added_at", "pk"):
        found[row.kind].append(_view(row))
    return found


def components_of_case(case_number: str) -> list[ComponentView]:
    """Return how the parts of a case were provided, in the order in which they were noted; one query."""
    rows = (
        Component.objects.filter(case_number=case_number)
        .select_related("paper__file")
        .defer("paper__file__content_sealed", "paper__file__thumbnail_sealed")
        .order_by("pk")
    )
    return [
        ComponentView(
            row.field, row.kind, Means(row.means), row.fact, _view(row.paper) if row.paper else None
        )
        for row in rows
    ]


def shares_of(person_id: int, *, now: datetime, limit: int = 50) -> list[ShareView]:
    """Return the person's shares, newest first; two queries."""
    rows = Share.objects.filter(person_id=person_id).prefetch_related("papers").order_by("-created_at")
    return [
        ShareView(
            id=row.pk,
            for_whom=row.for_whom,
            purpose=row.purpose,
            titles=tuple(sorted(paper.title for paper in row.papers.all())),
            created_at=row.created_at,
            until_at=row.until_at,
            one_time=row.one_time,
            opened=row.opened,
            opened_at=row.opened_at,
            revoked_at=row.revoked_at,
            stands=row.until_at > now
            and row.revoked_at is None
            and not (row.one_time and row.opened_at is not None),
        )
        for row in rows[:limit]
    ]


def component_counts(
    *, since: datetime, until: datetime, procedure_code: str | None = None
) -> ComponentCounts:
    """Count the parts of the dossiers filed from ``since`` up to ``until`` by how they were provided; one query."""
    filed = Component.objects.filter(noted_at__gte=since, noted_at__lt=until)
    if procedure_code is not None:
        filed = filed.filter(procedure_code=procedure_code)
    counted = filed.aggregate(
        asked=Count("pk"),
        uploaded=Count("pk", filter=Q(means=Means.UPLOADED)),
        reused_papers=Count("pk", filter=Q(means=Means.REUSED)),
        data=Count("pk", filter=Q(means=Means.DATA)),
        missing=Count("pk", filter=Q(means=Means.MISSING)),
    )
    return ComponentCounts(**counted)


def _without_contents(rows: "QuerySet[Paper]") -> "QuerySet[Paper]":
    # A list of papers would otherwise fetch and carry every one of them.
    return rows.select_related("file").defer("file__content_sealed", "file__thumbnail_sealed")


def _view(row: Paper, held_by: tuple[str, ...] = ()) -> PaperView:
    return PaperView(
        id=row.pk,
        kind=row.kind,
        title=row.title,
        source=Source(row.source),
        case_number=row.case_number,
        register=row.register,
        as_of=row.as_of,
        added_at=row.added_at,
        sha256=bytes(row.file.sha256).hex(),
        media_type=row.file.media_type,
        bytes=row.file.bytes,
        pages=row.file.pages,
        scanned=row.file.scanned,
        has_thumbnail=row.file.media_type != "application/pdf",
        held_by=held_by,
        withdrawn_at=row.withdrawn_at,
        withdrawn_for=row.withdrawn_for,
    )
