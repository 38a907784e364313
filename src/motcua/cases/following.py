"""When what was given is decided anew: after a load of a register, at the turn of the day; part by part as jobs."""

from datetime import datetime

from django.db import transaction

from motcua.cases.services.following import Followed, follow_part
from motcua.events.models import LedgerEntry
from motcua.events.outbox import queue_job
from motcua.procedures.queries import ProcedureView, search_services


def following_services() -> list[ProcedureView]:
    """Return the services in force whose packs follow their facts; two queries."""
    return [each for each in search_services() if each.content.manifest.follows_facts]


def follow_a_load(entry: LedgerEntry, now: datetime) -> None:
    """Queue the services that ask the register which was loaded."""
    for service in following_services():
        if entry.subject in {fact.register_name for fact in service.content.facts}:
            _queue(service.code, "")


def follow_the_law(_entry: LedgerEntry, _now: datetime) -> None:
    """React to ``DirectiveEnded``: what was given under it may come out otherwise by the law that is left."""
    follow_every_service()


def follow_every_service() -> None:
    """Queue every service that follows its facts, from its first case."""
    for service in following_services():
        _queue(service.code, "")


@transaction.atomic
def follow_on(*, procedure_code: str, after: str, now: datetime) -> Followed:
    """Decide one part anew and queue the next in the same transaction: a part that fails is tried again whole."""
    done = follow_part(procedure_code=procedure_code, after=after, now=now)
    if done.last:
        _queue(procedure_code, done.last)
    return done


def _queue(procedure_code: str, after: str) -> None:
    queue_job("motcua.cases.follow", queue="cases", procedure_code=procedure_code, after=after)
