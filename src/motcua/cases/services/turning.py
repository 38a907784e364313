"""Moving many cases at once, as a change of the law does: compare-and-set, history and decisions, few statements."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from motcua.events.copying import array_cell, cell, copy_rows, json_cell, rows_of

# The act by which a case goes back to where it was; every pack has it, so it stands in no workflow.
UNDO = "undo_directive"


@dataclass(frozen=True, slots=True)
class Redecided:
    """A decision by rule on facts read anew; ``facts_json`` is the list of facts as JSON, written already."""

    model_sha256: str
    answer: str
    reason_code: str
    rule: str
    facts_json: str
    text_vi: str
    text_en: str
    decided_by: str = "machine"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a case stands: what of it an act changes."""

    state: str
    phase: str
    due_at: datetime
    changed_at: datetime
    revision_id: int
    answer: str
    reason_code: str
    decided_by: str


@dataclass(frozen=True, slots=True)
class Turn:
    """One case on its way from a state that was seen to a place; ``reason`` is read by the person."""

    number: str
    filed_on: date
    agency_path: str
    seen_state: str
    act: str
    to: Place
    reason: str
    decided: Redecided | None = None


def turn_together(turns: Sequence[Turn], *, actor: str, now: datetime) -> set[str]:
    """Move the cases in the caller's transaction and return the numbers of those that were still where they were seen.

    The others are left as they are: somebody acted on them meanwhile. Their rows stay locked until the transaction
    ends, so that nobody acts on a case between its move and its pass. Costs four statements. Tells nobody: the
    caller appends to the ledger what it did with all of them.
    """
    if not turns:
        return set()
    moved = _locked(turns)
    mine = [turn for turn in turns if turn.number in moved]
    _place(mine)
    moment = now.isoformat()
    copy_rows(
        "cases_caseentry",
        "case_number, happened_at, act, from_state, to_state, actor, reason",
        [
            f"{turn.number}\t{moment}\t{turn.act}\t{turn.seen_state}\t{turn.to.state}\t{cell(actor)}\t{cell(turn.reason)}"
            for turn in mine
        ],
    )
    copy_rows(
        "decisions_decisionrecord", _DECISION, [_decision(turn, moment) for turn in mine if turn.decided]
    )
    return moved


_DECISION = (
    "agency_path, decided_at, id, case_number, decided_by, model_sha256, answer, reason_code, rule, facts,"
    " explanation, text_vi, text_en"
)


def _decision(turn: Turn, moment: str) -> str:
    decided = turn.decided
    assert decided is not None
    return (
        f"{turn.agency_path}\t{moment}\t{uuid.uuid4()}\t{turn.number}\t{decided.decided_by}\t{decided.model_sha256}"
        f"\t{cell(decided.answer)}\t{cell(decided.reason_code)}\t{cell(decided.rule)}"
        f"\t{json_cell(decided.facts_json)}\t{{}}\t{cell(decided.text_vi)}\t{cell(decided.text_en)}"
    )


# The day stands beside the number, so that only the months concerned are looked into.
_LOCK = """
SELECT mine.number FROM unnest($1::date[], $2::text[], $3::text[]) AS seen (filed_on, number, state)
JOIN cases_case AS mine USING (filed_on, number, state)
ORDER BY mine.number FOR NO KEY UPDATE OF mine
"""


def _locked(turns: Sequence[Turn]) -> set[str]:
    rows = rows_of(
        _LOCK,
        array_cell(turn.filed_on.isoformat() for turn in turns),
        array_cell(turn.number for turn in turns),
        array_cell(turn.seen_state for turn in turns),
    )
    return {number for (number,) in rows if number is not None}


# A pass that is only renewed leaves its case as it is: half a million rows need not be written anew for that.
_PLACE = """
UPDATE cases_case AS mine SET
    state = becomes.state, phase = becomes.phase, due_at = becomes.due_at, changed_at = becomes.changed_at,
    revision_id = becomes.revision_id, answer = becomes.answer, reason_code = becomes.reason_code,
    decided_by = becomes.decided_by
FROM unnest(
    $1::date[], $2::text[], $3::text[], $4::text[], $5::timestamptz[], $6::timestamptz[], $7::bigint[], $8::text[],
    $9::text[], $10::text[]
) AS becomes (
    filed_on, number, state, phase, due_at, changed_at, revision_id, answer, reason_code, decided_by
)
WHERE mine.filed_on = becomes.filed_on AND mine.number = becomes.number AND (
    mine.state, mine.phase, mine.due_at, mine.revision_id, mine.answer, mine.reason_code, mine.decided_by
) IS DISTINCT FROM (
    becomes.state, becomes.phase, becomes.due_at, becomes.revision_id, becomes.answer, becomes.reason_code,
    becomes.decided_by
)
"""


def _place(turns: Sequence[Turn]) -> None:
    if not turns:
        return
    to = [turn.to for turn in turns]
    rows_of(
        _PLACE,
        array_cell(turn.filed_on.isoformat() for turn in turns),
        array_cell(turn.number for turn in turns),
        array_cell(each.state for each in to),
        array_cell(each.phase for each in to),
        array_cell(each.due_at.isoformat() for each in to),
        array_cell(each.changed_at.isoformat() for each in to),
        array_cell(str(each.revision_id) for each in to),
        array_cell(each.answer for each in to),
        array_cell(each.reason_code for each in to),
        array_cell(each.decided_by for each in to),
    )
