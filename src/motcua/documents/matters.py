"""Questions about papers taken back: what waits for a person, what was done lately, what a notice would say."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Max

from .models import Result, Withdrawal, WithdrawalObjection
from .replacing import notice_text, number_of, replacing
from .states import OPEN, Ground, ResultState
from .values import ResultText


@dataclass(frozen=True, slots=True)
class OpenMatter:
    """Something about a sealed paper that waits for a person: papers to sign, or an objection to answer."""

    case_number: str
    result_id: UUID
    agency_path: str
    title: str
    number: str
    objected: bool
    since: datetime


def open_matters(*, most: int = 500) -> list[OpenMatter]:
    """Return what waits about papers in force or taken back, oldest first, of every office; three queries."""
    waiting = Withdrawal.objects.filter(withdrawn_at__isnull=True, given_up_at__isnull=True)
    objections = WithdrawalObjection.objects.filter(answer="").select_related("withdrawal__result")
    drafts = Result.objects.filter(state__in=OPEN, replaces__withdrawals__withdrawn_at__isnull=False)
    found = [
        *(_matter(each.result, each.asked_at) for each in waiting.select_related("result")[:most]),
        *(
            _matter(each.replaces, each.drafted_at)
            for each in drafts.select_related("replaces").defer("content", "replaces__content")[:most]
            if each.replaces is not None
        ),
        *(_matter(each.withdrawal.result, each.objected_at, objected=True) for each in objections[:most]),
    ]
    return sorted(found, key=lambda each: each.since)


def papers_unsettled(case_numbers: Collection[str]) -> set[str]:
    """Return the cases of which a paper waits for a signature, or its withdrawal for an answer; three queries."""
    of_these = {"result__case_number__in": case_numbers}
    proposed = Withdrawal.objects.filter(**of_these, withdrawn_at__isnull=True, given_up_at__isnull=True)
    objected = WithdrawalObjection.objects.filter(withdrawal__result__case_number__in=case_numbers, answer="")
    drafts = Result.objects.filter(case_number__in=case_numbers, state__in=OPEN)
    return {
        *proposed.values_list("result__case_number", flat=True),
        *objected.values_list("withdrawal__result__case_number", flat=True),
        *drafts.values_list("case_number", flat=True),
    }


def withdrawn_last(case_numbers: Collection[str]) -> dict[str, datetime]:
    """Return when a paper of each of these cases was last taken back; cases without one are left out. One query."""
    rows = Withdrawal.objects.filter(result__case_number__in=case_numbers, withdrawn_at__isnull=False)
    last = rows.order_by().values_list("result__case_number").annotate(last=Max("withdrawn_at"))
    return {number: at for number, at in last if at is not None}


def hold_waiting_papers(case_number: str) -> None:
    """Let nobody else sign, give up or put another in the place of the papers that wait, until the transaction ends."""
    waiting = Result.objects.filter(case_number=case_number, state__in=OPEN).order_by("pk")
    list(waiting.select_for_update().only("pk"))


def _matter(result: Result, since: datetime, *, objected: bool = False) -> OpenMatter:
    return OpenMatter(
        result.case_number,
        result.pk,
        result.agency_path,
        result.title,
        number_of(result),
        objected,
        since,
    )


def notice_before(result_id: UUID, *, ground: Ground, reason: str, replaced: bool) -> ResultText:
    """Return what a notice would say, before it is drawn up. Raises ``Result.DoesNotExist``."""
    result = Result.objects.defer("content").get(pk=result_id)
    return notice_text(result, ground=ground, reason=reason, replaced=replaced)


def replacement_before(result_id: UUID, text: ResultText) -> ResultText:
    """Return what a paper in the place of this one would say. Raises ``Result.DoesNotExist``."""
    return replacing(text, Result.objects.defer("content").get(pk=result_id))


@dataclass(frozen=True, slots=True)
class WithdrawnLately:
    """A paper that was taken back, as its holder is told of it; ``replaced`` if another is in its place."""

    case_number: str
    title: str
    number: str
    ground: Ground
    at: datetime
    replaced: bool


def withdrawn_lately(case_numbers: Sequence[str], *, since: datetime) -> list[WithdrawnLately]:
    """Return the papers of these cases that were taken back since then, newest first; two queries at most."""
    if not case_numbers:
        return []
    rows = list(
        Withdrawal.objects.filter(result__case_number__in=case_numbers, withdrawn_at__gte=since)
        .select_related("result")
        .defer("result__content")
        .order_by("-withdrawn_at")
    )
    replaced = (
        set(
            Result.objects.filter(
                replaces__in=[row.result_id for row in rows], state=ResultState.SEALED
            ).values_list("replaces_id", flat=True)
        )
        if rows
        else set()
    )
    return [
        WithdrawnLately(
            row.result.case_number,
            row.result.title,
            number_of(row.result),
            Ground(row.ground),
            row.withdrawn_at,
            row.result_id in replaced,
        )
        for row in rows
        if row.withdrawn_at is not None
    ]
