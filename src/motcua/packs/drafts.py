"""Drafts of rules: begin one from what is in force, save files into it, give it up, or install it.

A draft is proved like a pack, and a second person puts it in force. Whoever may not design a service finds no
draft of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from motcua.agencies.queries import AgencyNotKnown, agency
from motcua.events.services import publish
from motcua.identity.rights import Rights
from motcua.identity.states import Purpose
from motcua.procedures.models import Procedure
from motcua.procedures.queries import NoSuchProcedure, ProcedureView, procedure_in_force, revision, texts_of
from motcua.procedures.services import install_revision

from .events import DraftBegun, DraftDiscarded, DraftSaved, RulesInstalled
from .findings import Finding, PackRefused
from .folders import PackFolder, text_of_file
from .models import DraftVersion, RuleDraft
from .reading import Pack, pack_of
from .report import Report, report_on
from .services import questions_not_allowed
from .states import Outcome
from .uploads import check_model, is_open_to_change


class ServiceNotYours(LookupError):
    """There is no such service, or its rules are not this reader's to change: the two look the same."""


class FilesNotKept(ValueError):
    """The revision in force came without its files; install the pack again with ``motcua packs install``."""


class DraftMovedOn(ValueError):
    """The draft was saved or closed since it was read; nothing was changed."""


class NothingChanged(ValueError):
    """The draft holds what is in force, word for word; nothing was changed."""


class SecondPersonNeeded(PermissionError):
    """Who wrote a draft does not install it; nothing was changed."""


class RevisionMovedOn(ValueError):
    """Another revision came into force since the draft was begun; nothing was changed."""


class DraftNotClean(ValueError):
    """The draft fails its check or an example; ``report`` says where. Nothing was changed."""

    def __init__(self, report: Report) -> None:
        self.report = report
        super().__init__("; ".join(str(finding) for finding in report.errors))


@dataclass(frozen=True, slots=True)
class InstalledDraft:
    """What an installation brought: the revision, and from when it holds."""

    revision: int
    holds_from: datetime


def service_to_design(code: str, rights: Rights) -> ProcedureView:
    """Return the service if its rules are this officer's to change; raises ``ServiceNotYours``."""
    try:
        procedure = procedure_in_force(code)
    except NoSuchProcedure:
        raise ServiceNotYours(code) from None
    if not may_design(procedure, rights):
        raise ServiceNotYours(code)
    return procedure


def may_design(procedure: ProcedureView, rights: Rights) -> bool:
    """Tell whether the officer designs services of the agency, for every place that it serves; one query."""
    try:
        office = agency(procedure.content.manifest.agency)
    except AgencyNotKnown:
        return False
    # A rule holds wherever the agency serves: who is appointed for one ward may not change it.
    return rights.may(Purpose.DESIGN_SERVICES, agency_path=office.path, place_path=office.place_path)


def begin_draft(*, code: str, rights: Rights, now: datetime) -> int:
    """Open a draft with the files in force and return its id; the one that is open already, if there is one.

    Raises ``ServiceNotYours`` and ``FilesNotKept``.
    """
    procedure = service_to_design(code, rights)
    texts = texts_of(procedure.revision_id)
    if not texts:
        raise FilesNotKept(code)
    try:
        with transaction.atomic():
            draft = RuleDraft.objects.create(
                procedure=Procedure.objects.get(code=code),
                based_on_id=procedure.revision_id,
                texts=texts,
                begun_by_id=_actor(rights),
                begun_at=now,
            )
            publish(
                DraftBegun(
                    happened_at=now,
                    agency_path=agency(procedure.content.manifest.agency).path,
                    subject=code,
                    actor=_reference(rights),
                    draft=draft.pk,
                    based_on=procedure.number,
                )
            )
    except IntegrityError:
        # Two designers pressed at once: both get the one draft.
        return RuleDraft.objects.get(procedure__code=code, outcome=Outcome.OPEN).pk
    return draft.pk


@transaction.atomic
def save_files(
    *, draft_id: int, seen_version: int, files: Mapping[str, bytes], rights: Rights, now: datetime
) -> int:
    """Put the files into the draft and return its new version.

    Raises ``ServiceNotYours``, ``DraftMovedOn`` if it was saved since version ``seen_version``,
    ``NothingChanged``, and ``PackRefused`` for files that no draft can hold.
    """
    draft, procedure = _open_draft(draft_id, rights)
    changed = _changed(draft, files)
    if not changed:
        raise NothingChanged(draft.procedure.code)
    texts = dict(sorted({**draft.texts, **changed}.items()))
    pack = pack_of(PackFolder(draft.procedure.code, texts))
    if pack.model_file in changed:
        check_model(pack, in_force=procedure)
    # Compare-and-set: a save that came first keeps what it saved.
    held = RuleDraft.objects.filter(pk=draft.pk, version=seen_version, outcome=Outcome.OPEN)
    if held.update(version=seen_version + 1, texts=texts) != 1:
        raise DraftMovedOn(draft_id)
    DraftVersion.objects.create(
        draft=draft, number=seen_version + 1, changed=changed, saved_by_id=_actor(rights), saved_at=now
    )
    publish(
        DraftSaved(
            happened_at=now,
            agency_path=agency(procedure.content.manifest.agency).path,
            subject=draft.procedure.code,
            actor=_reference(rights),
            draft=draft.pk,
            version=seen_version + 1,
            files=", ".join(sorted(changed)),
            sha256=pack.sha256,
        )
    )
    return seen_version + 1


@transaction.atomic
def discard_draft(*, draft_id: int, seen_version: int, rights: Rights, now: datetime) -> None:
    """Give the draft up; its versions are kept. Raises ``ServiceNotYours`` and ``DraftMovedOn``."""
    draft, procedure = _open_draft(draft_id, rights)
    held = RuleDraft.objects.filter(pk=draft.pk, version=seen_version, outcome=Outcome.OPEN)
    if held.update(outcome=Outcome.DISCARDED, closed_by=_actor(rights), closed_at=now) != 1:
        raise DraftMovedOn(draft_id)
    publish(
        DraftDiscarded(
            happened_at=now,
            agency_path=agency(procedure.content.manifest.agency).path,
            subject=draft.procedure.code,
            actor=_reference(rights),
            draft=draft.pk,
            version=seen_version,
        )
    )


@transaction.atomic
def install_draft(*, draft_id: int, seen_version: int, rights: Rights, now: datetime) -> InstalledDraft:
    """Put the draft in force from now on, as a new revision; running cases keep theirs.

    Raises ``ServiceNotYours``, ``SecondPersonNeeded``, ``NothingChanged``, ``DraftMovedOn``, ``RevisionMovedOn``
    and ``DraftNotClean``. The check runs again here, whatever a page showed before.
    """
    draft, _ = _open_draft(draft_id, rights)
    code, authors = draft.procedure.code, authors_of(draft.pk)
    if _actor(rights) in authors:
        raise SecondPersonNeeded(code)
    # The lock is held to the end: no other installer can come between the look and the new revision.
    Procedure.objects.select_for_update().get(pk=draft.procedure_id)
    standing = procedure_in_force(code)
    if draft.based_on_id != standing.revision_id:
        raise RevisionMovedOn(code)
    pack = pack_of(PackFolder(code, draft.texts))
    if not authors or pack.sha256 == standing.sha256:
        raise NothingChanged(code)
    report = report_on(pack)
    if not report.clean or (report := report.with_findings(_not_allowed(pack))).errors:
        raise DraftNotClean(report)
    number = draft.procedure.revisions.order_by("-number").values_list("number", flat=True)[0] + 1
    publish(
        RulesInstalled(
            happened_at=now,
            agency_path=agency(pack.content.manifest.agency).path,
            subject=code,
            actor=_reference(rights),
            draft=draft.pk,
            version=seen_version,
            based_on=standing.number,
            revision=number,
            sha256=pack.sha256,
            authors=", ".join(f"account:{author}" for author in sorted(authors)),
        )
    )
    install_revision(content=pack.content, sha256=pack.sha256, now=now, texts=pack.texts)
    held = RuleDraft.objects.filter(pk=draft.pk, version=seen_version, outcome=Outcome.OPEN)
    installed = draft.procedure.revisions.get(number=number)
    if (
        held.update(
            outcome=Outcome.INSTALLED, closed_by=_actor(rights), closed_at=now, installed_id=installed.pk
        )
        != 1
    ):
        raise DraftMovedOn(draft_id)
    return InstalledDraft(number, now)


def authors_of(draft_id: int) -> frozenset[int]:
    """Return the accounts that saved into the draft; one query."""
    return frozenset(DraftVersion.objects.filter(draft_id=draft_id).values_list("saved_by_id", flat=True))


def _open_draft(draft_id: int, rights: Rights) -> tuple[RuleDraft, ProcedureView]:
    draft = RuleDraft.objects.select_related("procedure").filter(pk=draft_id).first()
    if draft is None:
        raise ServiceNotYours(draft_id)
    procedure = service_to_design(draft.procedure.code, rights)
    if draft.outcome != Outcome.OPEN:
        raise DraftMovedOn(draft_id)
    return draft, procedure if draft.based_on_id == procedure.revision_id else revision(draft.based_on_id)


def _changed(draft: RuleDraft, files: Mapping[str, bytes]) -> dict[str, str]:
    changed = {}
    for path, content in files.items():
        if not is_open_to_change(path, draft.texts):
            raise ServiceNotYours(path)
        # A browser sends the lines of a text field with another ending than a file has.
        text = text_of_file(path, content.replace(b"\r\n", b"\n"))
        if draft.texts.get(path) != text:
            changed[path] = text
    return changed


def _not_allowed(pack: Pack) -> tuple[Finding, ...]:
    try:
        return tuple(questions_not_allowed(pack))
    except PackRefused as refusal:
        return refusal.findings


def _actor(rights: Rights) -> int:
    if rights.account_id is None:
        raise ServiceNotYours("nobody is signed in")
    return rights.account_id


def _reference(rights: Rights) -> str:
    return f"account:{_actor(rights)}"
