"""Revisions of services that a directive puts in force with itself, for requests that come from then on."""

from datetime import datetime

from motcua.directives.content import read_directive
from motcua.directives.models import Directive
from motcua.procedures.queries import in_force_at, revisions_of
from motcua.procedures.services import put_in_force


def enact_revisions(directive: Directive, now: datetime) -> None:
    """Put the named revisions in force, in the transaction in which the directive begins."""
    for code, number in _named(directive).items():
        put_in_force(code=code, number=number, now=now)


def retract_revisions(directive: Directive, now: datetime) -> None:
    """Put in force again what was before the directive began; what was installed since stays."""
    assert directive.begun_at is not None
    for code in _named(directive):
        lines = revisions_of(code)
        before = in_force_at(lines, directive.begun_at)
        if before is not None and lines[-1].installed_at == directive.begun_at:
            put_in_force(code=code, number=before.number, now=now)


def _named(directive: Directive) -> dict[str, int]:
    return dict(sorted(read_directive(directive.text, directive.number).revisions.items()))
