"""What keeps an ended dossier from being put away or let go: its case goes on, or an answer or money is still owed."""

from collections.abc import Collection
from datetime import datetime
from enum import StrEnum

from django.db.models import Max

from motcua.archives.models import ArchivedDossier
from motcua.cases.models import Case, CaseEntry
from motcua.cases.services.object import last_moment_to_object
from motcua.cases.states import Phase
from motcua.documents.matters import papers_unsettled, withdrawn_last
from motcua.fees.queries import money_unsettled
from motcua.procedures.queries import revision

ENDED = (Phase.GRANTED, Phase.REFUSED, Phase.CLOSED)


class Waits(StrEnum):
    """Why a dossier waits."""

    GOES_ON = "goes_on"
    PAPER = "paper"
    OBJECTION = "objection"
    MONEY = "money"


def waiting(numbers: Collection[str], *, now: datetime) -> dict[str, Waits]:
    """Return which of the cases wait and for what, by number; eight queries for any number of them.

    A case goes on while it is in a phase that is no end; a paper of it waits for a signature or an answer; it can
    still be objected to, or its withdrawn paper can; money of it is to be given back. What is merely owed to the
    office keeps no dossier: once it is paid the case goes on by itself.
    """
    found: dict[str, Waits] = dict.fromkeys(money_unsettled(numbers), Waits.MONEY)
    taken = withdrawn_last(numbers)
    for case in Case.objects.filter(number__in=numbers):
        within = revision(case.revision_id).content.manifest.objection_within_days
        decided_at = max(case.changed_at, taken.get(case.number, case.changed_at))
        if last_moment_to_object(decided_at, within_days=within) >= now:
            found[case.number] = Waits.OBJECTION
        if case.phase not in ENDED:
            found[case.number] = Waits.GOES_ON
    return found | dict.fromkeys(papers_unsettled(numbers), Waits.PAPER)


def gone_on(numbers: Collection[str]) -> set[str]:
    """Return the cases to which something happened that no package holds yet; three queries."""
    rows = ArchivedDossier.objects.filter(case_number__in=numbers).order_by().values_list("case_number")
    kept = dict(rows.annotate(last=Max("ended_at")))
    entries = CaseEntry.objects.filter(case_number__in=numbers).order_by().values_list("case_number")
    acted = dict(entries.annotate(last=Max("happened_at")))
    return {
        number
        for number, changed_at in Case.objects.filter(number__in=numbers).values_list("number", "changed_at")
        if number in kept and max(changed_at, acted.get(number, changed_at)) > kept[number]
    }
