"""Questions about drafts: the services that an officer designs, the open draft, and what became of earlier ones."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch, QuerySet

from motcua.identity.rights import Rights
from motcua.procedures.queries import ProcedureView, search_services

from .drafts import may_design, service_to_design
from .models import DraftVersion, RuleDraft
from .states import Outcome


class NoOpenDraft(LookupError):
    """The service has no draft that is being written."""


@dataclass(frozen=True, slots=True)
class Saving:
    """One saving: its number, the files, the account and the moment."""

    number: int
    files: tuple[str, ...]
    saved_by: int
    saved_at: datetime


@dataclass(frozen=True, slots=True)
class DraftView:
    """A draft with its files and who saved it; ``installed`` is the number of the revision that it became."""

    id: int
    code: str
    based_on: int
    version: int
    texts: dict[str, str]
    begun_by: int
    begun_at: datetime
    outcome: Outcome
    closed_by: int | None
    closed_at: datetime | None
    installed: int | None
    savings: tuple[Saving, ...]

    @property
    def authors(self) -> frozenset[int]:
        """The accounts that saved into it."""
        return frozenset(saving.saved_by for saving in self.savings)

    @property
    def accounts(self) -> set[int]:
        """Every account that the page of the draft names."""
        return {self.begun_by, *self.authors, *([self.closed_by] if self.closed_by else [])}


def services_to_design(rights: Rights) -> list[tuple[ProcedureView, bool]]:
    """Return the services whose rules are the officer's to change, and whether a draft is open; by code."""
    mine = [procedure for procedure in search_services() if may_design(procedure, rights)]
    open_ones = set(
        RuleDraft.objects.filter(
            procedure__code__in=[each.code for each in mine], outcome=Outcome.OPEN
        ).values_list("procedure__code", flat=True)
    )
    return [(procedure, procedure.code in open_ones) for procedure in mine]


def open_draft(code: str, rights: Rights) -> tuple[ProcedureView, DraftView]:
    """Return the service and its open draft; raises ``ServiceNotYours`` and ``NoOpenDraft``."""
    procedure = service_to_design(code, rights)
    draft = _drafts(code).filter(outcome=Outcome.OPEN).first()
    if draft is None:
        raise NoOpenDraft(code)
    return procedure, _view(draft)


def drafts_of(code: str, rights: Rights) -> list[DraftView]:
    """Return every draft of the service, newest first; raises ``ServiceNotYours``."""
    service_to_design(code, rights)
    return [_view(draft) for draft in _drafts(code).order_by("-begun_at", "-pk")]


def _drafts(code: str) -> "QuerySet[RuleDraft]":
    return (
        RuleDraft.objects.filter(procedure__code=code)
        .select_related("procedure", "based_on", "installed")
        .defer("based_on__content", "based_on__texts", "installed__content", "installed__texts")
        .prefetch_related(Prefetch("versions", DraftVersion.objects.order_by("number")))
    )


def _view(draft: RuleDraft) -> DraftView:
    return DraftView(
        id=draft.pk,
        code=draft.procedure.code,
        based_on=draft.based_on.number,
        version=draft.version,
        texts=draft.texts,
        begun_by=draft.begun_by_id,
        begun_at=draft.begun_at,
        outcome=Outcome(draft.outcome),
        closed_by=draft.closed_by_id,
        closed_at=draft.closed_at,
        installed=draft.installed.number if draft.installed else None,
        savings=tuple(
            Saving(version.number, tuple(sorted(version.changed)), version.saved_by_id, version.saved_at)
            for version in draft.versions.all()
        ),
    )
