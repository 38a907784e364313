"""Putting a directive in force: one schedules, another confirms, the moment comes; within a time it is undone."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from motcua.directives.checks import check
from motcua.directives.content import read_directive
from motcua.directives.events import (
    DirectiveBegun,
    DirectiveConfirmed,
    DirectiveInstalled,
    DirectiveScheduled,
    DirectiveUndone,
    DirectiveUnscheduled,
)
from motcua.directives.models import Directive
from motcua.directives.queries import authors_of
from motcua.directives.services.declaring import move_mark
from motcua.directives.services.drafts import (
    NAME,
    create,
    directive_for,
    open_draft,
    refuse_faults,
    sha256_of,
)
from motcua.events.services import publish


class SecondPersonNeeded(PermissionError):
    """Who wrote or scheduled a directive does not confirm it; nothing was changed."""


class MomentNotPossible(ValueError):
    """The moment lies in the past, or outside the time for which the directive holds; nothing was changed."""


class ConfirmedTooLate(ValueError):
    """The moment has passed without a second person; schedule the directive anew. Nothing was changed."""


class DirectiveMovedOn(ValueError):
    """The directive is no longer in the state that the act needs; nothing was changed."""


class NotYetDue(ValueError):
    """The moment of the directive has not come; nothing was changed."""


class TooLateToUndo(ValueError):
    """The time within which the directive can be undone has passed; another directive has to replace it."""


class ReplacedSince(ValueError):
    """Another directive has replaced this one since; that one has to be undone first. Nothing was changed."""


@transaction.atomic
def schedule(*, directive_id: int, dry_run_id: UUID, at: datetime, account_id: int, now: datetime) -> None:
    """Ask that the draft begin at the moment, on the ground of a dry run; a second person has to confirm.

    Raises ``DirectiveNotYours``, ``DirectiveNotOpen``, ``MomentNotPossible`` and ``DirectiveRefused``, since the law
    beside the draft may have changed since it was saved.
    """
    row = open_draft(directive_id, account_id, now)
    if at < now or at < row.from_at or (row.until_at is not None and at >= row.until_at):
        raise MomentNotPossible(f"{row.number}: {timezone.localtime(at):%d/%m/%Y %H:%M}")
    content = read_directive(row.text, NAME)
    refuse_faults(content, check(content, at, directive_id=row.pk))
    held = Directive.objects.filter(
        pk=row.pk, sha256=row.sha256, scheduled_at__isnull=True, discarded_at__isnull=True
    )
    changed = held.update(scheduled_by=account_id, scheduled_at=now, switch_at=at, dry_run_id=dry_run_id)
    if changed != 1:
        raise DirectiveMovedOn(row.number)
    publish(
        DirectiveScheduled(
            happened_at=now,
            agency_path="",
            subject=row.number,
            actor=f"account:{account_id}",
            directive=row.pk,
            sha256=row.sha256,
            switch_at=at,
            dry_run=str(dry_run_id),
        )
    )


@transaction.atomic
def unschedule(*, directive_id: int, account_id: int, now: datetime) -> None:
    """Take a directive that waits for its moment back to be a draft, confirmed or not.

    Raises ``DirectiveNotYours`` and ``DirectiveMovedOn``.
    """
    row = directive_for(directive_id, account_id, now)
    held = Directive.objects.filter(
        pk=row.pk, scheduled_at__isnull=False, begun_at__isnull=True, discarded_at__isnull=True
    )
    cleared = dict.fromkeys(
        ("scheduled_by", "scheduled_at", "switch_at", "dry_run_id", "confirmed_by", "confirmed_at")
    )
    if held.update(**cleared) != 1:
        raise DirectiveMovedOn(row.number)
    publish(
        DirectiveUnscheduled(
            happened_at=now,
            agency_path="",
            subject=row.number,
            actor=f"account:{account_id}",
            directive=row.pk,
        )
    )


@transaction.atomic
def confirm(*, directive_id: int, account_id: int, now: datetime) -> None:
    """Confirm text, moment and dry run as the second person.

    Raises ``DirectiveNotYours``, ``SecondPersonNeeded`` for who wrote any version or scheduled it,
    ``ConfirmedTooLate``, ``DirectiveMovedOn``, and ``DirectiveRefused`` if the law beside it has changed since.
    """
    row = directive_for(directive_id, account_id, now)
    if row.switch_at is None or row.confirmed_at or row.begun_at or row.discarded_at:
        raise DirectiveMovedOn(row.number)
    if account_id in {*authors_of(row.pk), row.scheduled_by_id}:
        raise SecondPersonNeeded(row.number)
    if now > row.switch_at:
        raise ConfirmedTooLate(row.number)
    content = read_directive(row.text, NAME)
    refuse_faults(content, check(content, row.switch_at, directive_id=row.pk))
    held = Directive.objects.filter(
        pk=row.pk,
        sha256=row.sha256,
        switch_at=row.switch_at,
        dry_run_id=row.dry_run_id,
        confirmed_at__isnull=True,
        discarded_at__isnull=True,
    )
    if held.update(confirmed_by=account_id, confirmed_at=now) != 1:
        raise DirectiveMovedOn(row.number)
    publish(
        DirectiveConfirmed(
            happened_at=now,
            agency_path="",
            subject=row.number,
            actor=f"account:{account_id}",
            directive=row.pk,
            sha256=row.sha256,
            switch_at=row.switch_at,
            dry_run=str(row.dry_run_id),
        )
    )


@transaction.atomic
def begin(*, directive_id: int, now: datetime) -> None:
    """Make the directive law from ``now`` on; what it replaces ends with that.

    Raises ``Directive.DoesNotExist``, ``NotYetDue``, and ``DirectiveMovedOn`` if it was not confirmed, has begun
    already or was given up. Every process sees it within ``law.STALE_SECONDS``.
    """
    row = Directive.objects.get(pk=directive_id)
    if row.switch_at is None or row.confirmed_at is None:
        raise DirectiveMovedOn(row.number)
    if now < row.switch_at:
        raise NotYetDue(row.number)
    held = Directive.objects.filter(
        pk=row.pk,
        sha256=row.sha256,
        confirmed_at__isnull=False,
        begun_at__isnull=True,
        discarded_at__isnull=True,
    )
    if held.update(begun_at=now) != 1:
        raise DirectiveMovedOn(row.number)
    move_mark(now)
    publish(
        DirectiveBegun(
            happened_at=now,
            agency_path="",
            subject=row.number,
            actor="machine",
            directive=row.pk,
            sha256=row.sha256,
            replaces=", ".join(row.replaces),
        )
    )


@transaction.atomic
def undo(*, directive_id: int, account_id: int, now: datetime) -> None:
    """End the directive as if it had been a mistake: what it replaced is law again from ``now`` on.

    Raises ``DirectiveNotYours``, ``TooLateToUndo``, ``ReplacedSince``, and ``DirectiveMovedOn`` if it has not begun
    or is undone already.
    """
    row = directive_for(directive_id, account_id, now)
    if row.begun_at is None or row.undone_at is not None:
        raise DirectiveMovedOn(row.number)
    if now > row.begun_at + timedelta(hours=row.undo_within_hours):
        raise TooLateToUndo(row.number)
    later = Directive.objects.filter(begun_at__isnull=False, undone_at__isnull=True).exclude(pk=row.pk)
    if any(row.number in replaces for replaces in later.values_list("replaces", flat=True)):
        raise ReplacedSince(row.number)
    held = Directive.objects.filter(pk=row.pk, begun_at=row.begun_at, undone_at__isnull=True)
    if held.update(undone_at=now, undone_by=account_id) != 1:
        raise DirectiveMovedOn(row.number)
    move_mark(now)
    publish(
        DirectiveUndone(
            happened_at=now,
            agency_path="",
            subject=row.number,
            actor=f"account:{account_id}",
            directive=row.pk,
            begun_at=row.begun_at,
        )
    )


@transaction.atomic
def install(*, text: str, now: datetime, name: str = NAME) -> int:
    """Put a first law in force since the date that it names, and return its id; for the owner of an installation.

    No second person is asked, and nothing that is outstanding is decided anew: where people already hold passes, a
    directive is prepared, tried and switched. The same text again changes nothing. Raises ``DirectiveRefused`` and,
    for a date that has not come, ``MomentNotPossible``.
    """
    content = read_directive(text, name)
    digest = sha256_of(text)
    standing = Directive.objects.filter(
        number=content.number, sha256=digest, begun_at__isnull=False, undone_at__isnull=True
    ).first()
    if standing is not None:
        return standing.pk
    refuse_faults(content, check(content, now))
    if content.in_force.since > now:
        raise MomentNotPossible(f"{content.number}: in_force.from lies in the future; prepare it as a draft")
    row = create(content, text, prepared_by=None, now=now, installed_at=now)
    move_mark(now)
    publish(
        DirectiveInstalled(
            happened_at=now,
            agency_path="",
            subject=row.number,
            actor="machine",
            directive=row.pk,
            sha256=digest,
            begun_at=content.in_force.since,
        )
    )
    return row.pk
