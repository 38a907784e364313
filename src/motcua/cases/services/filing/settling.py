"""What becomes of each request of a batch: in memory, before anything is written."""

import logging
from collections.abc import Sequence
from datetime import datetime

from motcua.calendars import vietnam
from motcua.cases.allotments import NothingLeft, allot, pool_of
from motcua.cases.credential import layout_scope
from motcua.cases.plans import Judged
from motcua.cases.services.filing.members import Decided, Entry, Member
from motcua.cases.states import PACK_FAULT, Phase
from motcua.credentials.services import PassDraft, seal_together
from motcua.events.copying import fresh_id
from motcua.events.trips import Rows
from motcua.procedures.content import Act

log = logging.getLogger(__name__)
# The log tells operators which pack is at fault; the citizen reads this.
FAULT_VI = "Quy tắc của dịch vụ này không trả lời được, nên một cán bộ sẽ xem hồ sơ. Bạn không phải làm gì."
FAULT_EN = (
    "The rules of this service gave no usable answer, so an officer will look. You need not do anything."
)


class Deadlines:
    """The ends of spans of working time that begin now, each worked out once."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self._ends: dict[float, datetime] = {}

    def after(self, working_hours: float) -> datetime:
        """Return the moment at which so much working time has passed."""
        if working_hours not in self._ends:
            self._ends[working_hours] = vietnam().after(self.now, working_hours=working_hours)
        return self._ends[working_hours]


def settle_together(members: Sequence[Member], *, now: datetime, along: Sequence[Rows] = ()) -> None:
    """Decide every member, or let it wait while a register is silent; sign the passes of those granted.

    A pack that fails on a request sends it to a person. Stores nothing but numbers that are allotted. The statements
    ``along`` are run in the round trip that it takes before it signs.
    """
    due = Deadlines(now)
    for member in members:
        _settle(member, due)
    _allot([member for member in members if member.phase not in (Phase.REFUSED, Phase.CLOSED)], now)
    standing = [member for member in members if member.outcome is None]
    _seal([member for member in standing if member.wants_pass], due, along)


def _settle(member: Member, due: Deadlines) -> None:
    plan, gathered = member.plan, member.gathered
    workflow = plan.content.workflow
    member.state = workflow.start
    member.due_at = due.after(plan.content.manifest.within_working_hours)
    member.entries.append(Entry("file", "", member.state, member.wanted.actor))
    if plan.content.manifest.decision is None:
        # People decide: the case waits where it was received.
        start = workflow.states[workflow.start]
        if start.within_working_hours is not None:
            member.due_at = due.after(start.within_working_hours)
        return
    if gathered is not None and gathered.silent and workflow.silence is not None:
        member.tries = 1
        act = workflow.acts[workflow.silence]
        _move(member, workflow.silence, act, due, reason=", ".join(gathered.silent))
        return
    if gathered is None:
        log.error("the questions of %s failed: %s", member.wanted.procedure.code, member.fault)
        _to_a_person(member, due)
        return
    try:
        judged = plan.judge(gathered.scope)
    # Whatever a pack's rules raise, the citizen's request stands and a person looks at it.
    except Exception as fault:  # noqa: BLE001
        # Without the text of the fault, which can carry what the citizen wrote.
        code, kind = member.wanted.procedure.code, type(fault).__name__
        log.error("the rules of %s, revision %d, failed: %s", code, plan.revision_id, kind)
        _to_a_person(member, due)
        return
    member.decided = Decided(fresh_id(), judged)
    member.answer, member.reason_code, member.decided_by = judged.answer, judged.reason, "machine"
    name, act = plan.act_for(judged.answer)
    _move(member, name, act, due)
    member.wants_pass = "issue_credential" in act.effect


def _move(member: Member, name: str, act: Act, due: Deadlines, reason: str = "") -> None:
    before, member.state = member.state, act.target
    member.entries.append(Entry(name, before, act.target, "machine", reason))
    hours = member.plan.content.workflow.states[act.target].within_working_hours
    if hours is not None:
        member.due_at = due.after(hours)


def _to_a_person(member: Member, due: Deadlines) -> None:
    """Hand the case to a person, with a record of what was read; without such an act, refuse.

    Raises ``PackNotUsable`` if a number was allotted: only what is rolled back was never given.
    """
    found = member.plan.act_to_a_person()
    if found is None:
        refusal = PackNotUsable(member.wanted.procedure.code)
        if member.allotted is not None:
            raise refusal
        member.refuse(refusal)
        return
    name, act = found
    del member.entries[1:]
    member.state = member.plan.content.workflow.start
    member.decided = Decided(fresh_id(), Judged("", PACK_FAULT, "", FAULT_VI, FAULT_EN))
    member.answer, member.reason_code, member.decided_by = "", PACK_FAULT, "machine"
    member.wants_pass = False
    _move(member, name, act, due)


class PackNotUsable(RuntimeError):
    """The pack failed on a request and names no act that hands a case to a person."""


def _allot(members: Sequence[Member], now: datetime) -> None:
    pools = [
        (member, pool_of(member.plan.content, member.values, now))
        for member in members
        if member.outcome is None and member.plan.content.manifest.allotment is not None
    ]
    wanted = [(member, pool) for member, pool in pools if pool is not None]
    if not wanted:
        return
    given = allot([(member.number, pool) for member, pool in wanted])
    for (member, _), number in zip(wanted, given, strict=True):
        if isinstance(number, NothingLeft):
            member.refuse(number)
        else:
            member.allotted = number


def _seal(members: Sequence[Member], due: Deadlines, along: Sequence[Rows]) -> None:
    drafts: list[tuple[Member, PassDraft]] = []
    for member in members:
        try:
            drafts.append((member, _draft(member)))
        # Whatever a pack's layout raises, a person looks at it.
        except Exception as fault:  # noqa: BLE001
            _seal_failed(member, fault, due)
    sealed = seal_together([draft for _, draft in drafts], now=due.now, along=along)
    for (member, _), made in zip(drafts, sealed, strict=True):
        if isinstance(made, Exception):
            _seal_failed(member, made, due)
        else:
            member.sealed = made


def _seal_failed(member: Member, fault: Exception, due: Deadlines) -> None:
    # Without the text of the fault, which can carry what the citizen wrote.
    code, kind = member.wanted.procedure.code, type(fault).__name__
    log.error("credential.yaml of %s, revision %d, failed: %s", code, member.plan.revision_id, kind)
    _to_a_person(member, due)


def _draft(member: Member) -> PassDraft:
    assert member.gathered is not None
    assert member.office is not None
    scope = layout_scope(
        member.plan,
        member.gathered.scope,
        values=member.values,
        holder=member.wanted.applicant,
        number=member.number,
        place_names=member.place_names,
        allotted=member.allotted,
    )
    carried = member.plan.carried(scope, member.number)
    return PassDraft(
        case_number=member.number,
        agency_path=member.office.path,
        kind=carried.kind,
        claims=carried.claims,
        valid_from=carried.valid_from,
        valid_to=carried.valid_to,
    )
