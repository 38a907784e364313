"""One act on many cases: what it would bring about for each, and then each in a transaction of its own."""

import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.db import transaction

from motcua.agencies.queries import AgencyNotKnown
from motcua.calendars.clock import EventRefused
from motcua.cases.desk.models import ActBatch, ActBatchItem
from motcua.cases.desk.reasons import TemplateView, templates_for
from motcua.cases.holding import held_vnd
from motcua.cases.models import Case
from motcua.cases.plans import LayoutNotUsable
from motcua.cases.queries import CaseView, view_of
from motcua.cases.result_papers import PaperToSign, paper_to_sign
from motcua.cases.services.act import FeeNotPaid, ReasonMissing, act_on_case, acts_for
from motcua.cases.services.move import CaseMovedOn
from motcua.cases.states import ActNotOpen
from motcua.documents.values import ResultText
from motcua.identity.rights import Rights
from motcua.identity.states import Purpose
from motcua.procedures.content import Act, Bilingual
from motcua.procedures.queries import revision

AT_MOST = 200
# A draft is no result: it is shown before, case by case, and whoever signs it reads it again.
HARMLESS = frozenset({"draft_result"})
LeftOut = Literal["gone", "moved_on", "not_open", "one_by_one", "not_paid", "no_paper"]
Outcome = Literal["done", "gone", "moved_on", "not_open", "refused"]


class TooMany(ValueError):
    """So many cases are not looked through before they are confirmed; choose at most two hundred."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """A case as the officer saw it when choosing it."""

    number: str
    seen_state: str


@dataclass(frozen=True, slots=True)
class SharedAct:
    """An act that is open for some of the chosen cases; ``needs_reason`` for one of them at least."""

    name: str
    label: Bilingual
    count: int
    needs_reason: bool


@dataclass(frozen=True, slots=True)
class Planned:
    """What would become of one case, or why it is left out; a case that cannot be seen has no view.

    ``paper`` is what the paper would say that the act drafts.
    """

    number: str
    seen_state: str
    case: CaseView | None
    act: Act | None
    left_out: LeftOut | None
    paper: ResultText | None = None


@dataclass(frozen=True, slots=True)
class Became:
    """What became of one case of a batch."""

    number: str
    outcome: Outcome
    state: str


@dataclass(frozen=True, slots=True)
class BatchView:
    """A batch that was carried out, with what became of each case, in the order of the cases."""

    act: str
    reason: str
    begun_at: datetime
    items: tuple[Became, ...]


def suits_many(act: Act) -> bool:
    """Tell whether an act may be confirmed for many at once.

    Nothing is signed, given or taken back unread, and what differs from case to case, as a new date or a finding,
    is asked case by case.
    """
    return set(act.effect) <= HARMLESS and not act.extends and not act.findings


def shared_acts(chosen: Sequence[Chosen], rights: Rights) -> list[SharedAct]:
    """Return the acts that are open for any of the cases and suit many, those of most cases first.

    Raises ``TooMany``. One query, and one a case whose acts have conditions.
    """
    counts, acts = Counter[str](), dict[str, list[Act]]()
    for case, seen in _with_rows(chosen, rights):
        if case is None or case.state != seen.seen_state:
            continue
        for name, act in acts_for(case, rights, revision(case.revision_id).content.workflow).items():
            if suits_many(act):
                counts[name] += 1
                acts.setdefault(name, []).append(act)
    return [
        SharedAct(name, acts[name][0].label, count, any(act.needs_reason for act in acts[name]))
        for name, count in counts.most_common()
    ]


def plan(chosen: Sequence[Chosen], *, act: str, rights: Rights, now: datetime) -> list[Planned]:
    """Return what the act would bring about for each case, in the order in which they were chosen."""
    return [_planned(case, seen, act, rights, now) for case, seen in _with_rows(chosen, rights)]


def _planned(case: Case | None, seen: Chosen, name: str, rights: Rights, now: datetime) -> Planned:
    if case is None:
        return Planned(seen.number, seen.seen_state, None, None, "gone")
    view = view_of(case)
    if case.state != seen.seen_state:
        return Planned(seen.number, seen.seen_state, view, None, "moved_on")
    act = acts_for(case, rights, view.procedure.content.workflow).get(name)
    if act is None:
        return Planned(seen.number, seen.seen_state, view, None, "not_open")
    left_out: LeftOut | None = None if suits_many(act) else "one_by_one"
    content = view.procedure.content
    if content.workflow.hands_over(act, case.state) and held_vnd(case, content):
        left_out = "not_paid"
    paper: PaperToSign | None = None
    try:
        paper = paper_to_sign(case, act, now=now) if left_out is None else None
    except (LayoutNotUsable, AgencyNotKnown):
        left_out = "no_paper"
    return Planned(seen.number, seen.seen_state, view, act, left_out, paper.text if paper else None)


def shared_templates(
    chosen: Sequence[Chosen], acts: Sequence[SharedAct], rights: Rights
) -> list[TemplateView]:
    """Return the reasons that are kept ready for every one of the cases, by title; a query an office and service."""
    places = {
        (case.agency_path, case.procedure_code) for case, _ in _with_rows(chosen, rights) if case is not None
    }
    names = tuple(each.name for each in acts)
    kept = [
        templates_for(agency_path=agency, procedure_code=code, acts=names) for agency, code in sorted(places)
    ]
    everywhere = set.intersection(*({each.key for each in part} for part in kept)) if kept else set()
    return [each for each in kept[0] if each.key in everywhere] if kept else []


def _with_rows(chosen: Sequence[Chosen], rights: Rights) -> list[tuple[Case | None, Chosen]]:
    if len(chosen) > AT_MOST:
        raise TooMany(str(len(chosen)))
    within = rights.predicate("agency_path", "place_path", purpose=Purpose.READ_CASES)
    rows = {
        row.number: row for row in Case.objects.filter(within, number__in=[each.number for each in chosen])
    }
    return [(rows.get(each.number), each) for each in chosen]


def carry_out(
    *, batch_id: uuid.UUID, chosen: Sequence[Chosen], act: str, reason: str, rights: Rights, now: datetime
) -> BatchView:
    """Carry the act out on each case in a transaction of its own, and return what became of each.

    The same batch again does what is left of it and nothing twice: what became of a case is written in the
    transaction of its act. Raises ``TooMany``, and ``ActBatch.DoesNotExist`` for an id of somebody else's.
    """
    if len(chosen) > AT_MOST:
        raise TooMany(str(len(chosen)))
    if rights.account_id is None:
        raise ActBatch.DoesNotExist(batch_id)
    batch, _ = ActBatch.objects.get_or_create(
        id=batch_id,
        defaults={"account_id": rights.account_id, "act": act, "reason": reason, "begun_at": now},
    )
    if (batch.account_id, batch.act, batch.reason) != (rights.account_id, act, reason):
        raise ActBatch.DoesNotExist(batch_id)
    done = set(ActBatchItem.objects.filter(batch=batch).values_list("case_number", flat=True))
    for each in chosen:
        if each.number not in done:
            done.add(each.number)
            _act_once(batch, each, rights, now)
    return batch_of(batch_id=batch_id, rights=rights)


def batch_of(*, batch_id: uuid.UUID, rights: Rights) -> BatchView:
    """Return what became of the officer's own batch; raises ``ActBatch.DoesNotExist``. Two queries."""
    batch = ActBatch.objects.get(pk=batch_id, account=rights.account_id)
    rows = ActBatchItem.objects.filter(batch=batch).order_by("pk")
    outcomes: dict[str, Outcome] = {known: known for known in _OUTCOMES}
    items = tuple(Became(row.case_number, outcomes[row.outcome], row.state) for row in rows)
    return BatchView(batch.act, batch.reason, batch.begun_at, items)


_OUTCOMES: tuple[Outcome, ...] = ("done", "gone", "moved_on", "not_open", "refused")


def _act_once(batch: ActBatch, each: Chosen, rights: Rights, now: datetime) -> None:
    """Act on one case and write down what became of it, both or neither."""
    outcome: Outcome
    try:
        with transaction.atomic():
            # First what came of it: a second submit at this moment waits here, and then does nothing.
            item, fresh = ActBatchItem.objects.get_or_create(
                batch=batch, case_number=each.number, defaults={"outcome": "done"}
            )
            if not fresh:
                return
            _refuse_unsuitable(each.number, batch.act)
            item.state = act_on_case(
                number=each.number,
                act=batch.act,
                rights=rights,
                reason=batch.reason,
                seen_state=each.seen_state,
                now=now,
            )
            ActBatchItem.objects.filter(pk=item.pk).update(state=item.state)
            return
    except Case.DoesNotExist:
        outcome = "gone"
    except CaseMovedOn:
        outcome = "moved_on"
    except ActNotOpen:
        outcome = "not_open"
    except (ReasonMissing, FeeNotPaid, EventRefused, LayoutNotUsable, AgencyNotKnown):
        outcome = "refused"
    ActBatchItem.objects.get_or_create(batch=batch, case_number=each.number, defaults={"outcome": outcome})


def _refuse_unsuitable(number: str, name: str) -> None:
    case = Case.objects.get(number=number)
    act = revision(case.revision_id).content.workflow.acts.get(name)
    if act is None or not suits_many(act):
        raise ActNotOpen(name, case.state, ())
