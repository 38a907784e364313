"""Questions about the archive: what is kept, under which heading and how long, and what was proposed to destroy."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from motcua.archives.models import (
    ArchivedDossier,
    ArchivedPackage,
    ArchivedStamp,
    Destruction,
    DestructionItem,
)
from motcua.archives.states import MOST_AT_ONCE, Outcome
from motcua.identity.queries import account_names
from motcua.identity.rights import Rights
from motcua.identity.states import Purpose
from motcua.procedures.content import Bilingual

MOST_LISTED = 200
# What a filter says of terms: a number of years, or for ever.
FOREVER = "permanent"


@dataclass(frozen=True, slots=True)
class DossierLine:
    """An archived dossier as lists show it: nothing of it names a person."""

    id: UUID
    case_number: str
    edition: int
    title: Bilingual
    heading: Bilingual
    filed_at: datetime
    ended_at: datetime
    archived_at: datetime
    keep_years: int | None
    keep_until: date | None
    files: int
    bytes: int
    sha256: str
    standing: bool
    proposed: bool

    def past_term(self, today: date) -> bool:
        """Tell whether it is there although its term is over."""
        return self.standing and self.keep_until is not None and self.keep_until < today


@dataclass(frozen=True, slots=True)
class Wanted:
    """What of the archive is asked for; empty is everything. ``term`` is years as text or ``permanent``."""

    year: int | None = None
    procedure: str = ""
    term: str = ""
    number: str = ""


@dataclass(frozen=True, slots=True)
class Shelf:
    """How much of the archive stands under a year, a service or a term."""

    value: str
    label: Bilingual | None
    dossiers: int


@dataclass(frozen=True, slots=True)
class Shelves:
    """What a filter offers."""

    years: tuple[Shelf, ...]
    procedures: tuple[Shelf, ...]
    terms: tuple[Shelf, ...]


@dataclass(frozen=True, slots=True)
class DestructionView:
    """A proposal and what was decided on it."""

    id: UUID
    reason: str
    council: str
    proposed_by_id: int
    proposed_by: str
    proposed_at: datetime
    outcome: Outcome | None
    words: str
    decided_by: str
    decided_at: datetime | None
    minutes_sha256: str
    dossiers: int


def archived(rights: Rights, wanted: Wanted) -> tuple[list[DossierLine], int]:
    """Return what fits, the last ended first, at most ``MOST_LISTED``, and how much fits in all; two queries."""
    rows = ArchivedDossier.objects.filter(_within(rights))
    if wanted.year is not None:
        rows = rows.filter(year=wanted.year)
    if wanted.procedure:
        rows = rows.filter(procedure_code=wanted.procedure)
    if wanted.term:
        years = None if wanted.term == FOREVER else int(wanted.term)
        rows = rows.filter(keep_years__isnull=True) if years is None else rows.filter(keep_years=years)
    if wanted.number:
        rows = rows.filter(case_number__startswith=wanted.number)
    return _lines(rows.order_by("-ended_at", "pk")), rows.count()


def shelves(rights: Rights) -> Shelves:
    """Return years, services and terms under which something stands; three queries."""
    rows = ArchivedDossier.objects.filter(_within(rights)).order_by()
    years = rows.values_list("year").annotate(many=Count("pk")).order_by("-year")
    procedures: dict[str, Shelf] = {}
    named = rows.values_list("procedure_code", "procedure_title_vi", "procedure_title_en")
    # A title that changed with a revision is told as one service.
    for code, vi, en, many in named.annotate(many=Count("pk")).order_by("procedure_title_vi"):
        before = procedures[code].dossiers if code in procedures else 0
        procedures[code] = Shelf(code, Bilingual(vi=vi, en=en), before + many)
    terms = rows.values_list("keep_years").annotate(many=Count("pk")).order_by("keep_years")
    return Shelves(
        years=tuple(Shelf(str(year), None, many) for year, many in years),
        procedures=tuple(procedures.values()),
        terms=tuple(Shelf(FOREVER if term is None else str(term), None, many) for term, many in terms),
    )


def archived_dossier(dossier_id: UUID, rights: Rights) -> DossierLine | None:
    """Return one archived dossier, or None if there is none within the rights; one query."""
    found = _lines(ArchivedDossier.objects.filter(_within(rights), pk=dossier_id))
    return found[0] if found else None


@dataclass(frozen=True, slots=True)
class LastStamp:
    """Until when the newest time stamp of a sealed result in a package lasts."""

    code: str
    stamped_at: datetime
    good_until: datetime


def last_stamps(dossier_id: UUID) -> tuple[LastStamp, ...]:
    """Return the newest time stamp of each sealed result of a dossier; one query."""
    rows = ArchivedStamp.objects.filter(dossier=dossier_id).order_by("code", "-sequence").distinct("code")
    return tuple(LastStamp(row.code, row.stamped_at, row.good_until) for row in rows)


def past_term(rights: Rights, today: date) -> list[DossierLine]:
    """Return what is there although its term is over and nobody proposed to destroy it yet, the oldest first."""
    open_items = DestructionItem.objects.filter(dossier=OuterRef("pk"), destruction__outcome="")
    rows = ArchivedDossier.objects.past_term(today).filter(~Exists(open_items), _within(rights))
    return _lines(rows.order_by("keep_until", "case_number"))


def destructions(rights: Rights) -> list[DestructionView]:
    """Return proposals, those that wait first, then the last decided; three queries."""
    rows = Destruction.objects.filter(_within(rights)).defer("minutes")
    return _views(rows.order_by("outcome", "-proposed_at")[:MOST_LISTED])


def destruction(destruction_id: UUID, rights: Rights) -> tuple[DestructionView, list[DossierLine]] | None:
    """Return a proposal with its list, or None if there is none within the rights; three queries."""
    rows = Destruction.objects.filter(_within(rights), pk=destruction_id).defer("minutes")
    found = _views(rows)
    if not found:
        return None
    listed = ArchivedDossier.objects.filter(proposals__destruction=destruction_id)
    return found[0], _lines(listed.order_by("case_number", "edition"), limit=MOST_AT_ONCE)


def minutes_of(destruction_id: UUID, rights: Rights) -> bytes | None:
    """Return the minutes of a decision, or None if none stands within the rights; one query."""
    rows = Destruction.objects.filter(_within(rights), pk=destruction_id).exclude(outcome="")
    content = rows.values_list("minutes", flat=True).first()
    return bytes(content) if content is not None else None


def _within(rights: Rights) -> Q:
    """Return the condition for what names no person: archivists and who decides on destruction read it."""
    return rights.predicate("agency_path", "place_path", purpose=Purpose.KEEP_ARCHIVES) | rights.predicate(
        "agency_path", "place_path", purpose=Purpose.DESTROY_RECORDS
    )


def _lines(rows: "QuerySet[ArchivedDossier]", limit: int = MOST_LISTED) -> list[DossierLine]:
    package = ArchivedPackage.objects.filter(dossier=OuterRef("pk"))
    waiting = DestructionItem.objects.filter(dossier=OuterRef("pk"), destruction__outcome="")
    return [
        DossierLine(
            id=row.pk,
            case_number=row.case_number,
            edition=row.edition,
            title=Bilingual(vi=row.procedure_title_vi, en=row.procedure_title_en),
            heading=Bilingual(vi=row.heading_vi, en=row.heading_en),
            filed_at=row.filed_at,
            ended_at=row.ended_at,
            archived_at=row.archived_at,
            keep_years=row.keep_years,
            keep_until=row.keep_until,
            files=row.files,
            bytes=row.bytes,
            sha256=row.sha256,
            standing=row.is_standing,
            proposed=row.is_proposed,
        )
        for row in rows.annotate(is_standing=Exists(package), is_proposed=Exists(waiting))[:limit]
    ]


def _views(rows: "QuerySet[Destruction]") -> list[DestructionView]:
    found = list(rows)
    items = DestructionItem.objects.filter(destruction__in=found).order_by().values_list("destruction")
    many = dict(items.annotate(many=Count("pk")))
    names = account_names(
        {row.proposed_by_id for row in found} | {row.decided_by_id for row in found if row.decided_by_id}
    )
    return [
        DestructionView(
            id=row.pk,
            reason=row.reason,
            council=row.council,
            proposed_by_id=row.proposed_by_id,
            proposed_by=names.get(row.proposed_by_id, ""),
            proposed_at=row.proposed_at,
            outcome=Outcome(row.outcome) if row.outcome else None,
            words=row.words,
            decided_by=names.get(row.decided_by_id or 0, ""),
            decided_at=row.decided_at,
            minutes_sha256=row.minutes_sha256,
            dossiers=many.get(row.pk, 0),
        )
        for row in found
    ]
