"""Files requests together in one transaction; one that the database refuses fails alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import DatabaseError, InterfaceError, transaction

from motcua.agencies.queries import (
    AgencyView,
    agencies_found,
    agencies_wanted,
    names_and_paths_found,
    names_and_paths_wanted,
)
from motcua.cases.facts import About, asker_of, gather_together, inquiry_about
from motcua.cases.numbers import LOCAL, numbers_drawn, numbers_wanted
from motcua.cases.papers import PapersOf, papers_amiss, parts_of_case
from motcua.cases.plans import plan_of
from motcua.cases.services.draft import discard_drafts
from motcua.cases.services.filing.keys import KeysWanted, hold_keys, keys_wanted
from motcua.cases.services.filing.members import Member
from motcua.cases.services.filing.requests import Filed, Requested, body_sha256
from motcua.cases.services.filing.settling import PackNotUsable, settle_together
from motcua.cases.services.filing.writing import write_together
from motcua.cases.states import Channel
from motcua.decisions.facts import FactsKept
from motcua.events.services import Lane
from motcua.events.trips import Rows, fetch
from motcua.identity.people import PersonView
from motcua.procedures.content import Bilingual
from motcua.procedures.forms import FormRefused
from motcua.procedures.queries import ProcedureView
from motcua.registers.questions import Asker
from motcua.registers.services import Inquiry
from motcua.vault.services import provide_components

# What one row can be at fault for: its content (22), a constraint (23), its size (54). All else is the whole batch's.
_OF_ONE_ROW = ("22", "23", "54")


def file_case(
    *,
    procedure: ProcedureView,
    values: Mapping[str, object],
    applicant: PersonView,
    account_id: int,
    channel: Channel,
    key: str,
    now: datetime,
) -> Filed:
    """File a request, ask the registers, decide, and return what became of it.

    The same key with the same content returns the first answer again. Raises ``KeyReused``,
    ``SubmissionInFlight``, ``NothingLeft``, and ``FormRefused`` with a message a field; then nothing is stored.
    """
    wanted = Requested(procedure, values, applicant, account_id, channel, key)
    (outcome,) = file_together([wanted], now=now)
    if isinstance(outcome, Exception):
        raise outcome
    return outcome


def file_together(submissions: Sequence[Requested], *, now: datetime) -> list[Filed | Exception]:
    """File requests in one transaction and return, in their order, what became of each.

    A refusal stands in the place of its request as the exception that ``file_case`` raises. When the database
    refuses what is written, or a pack fails after it gave a number, the batch is halved until the request at fault
    stands alone; the others are filed.
    Raises what concerns all of them: a database that is away, full or too slow.
    """
    if not submissions:
        return []
    try:
        with transaction.atomic():
            return _file_all(submissions, now)
    except (DatabaseError, PackNotUsable) as fault:
        if isinstance(fault, DatabaseError) and not _is_of_one_row(fault):
            raise
        if len(submissions) == 1:
            return [fault]
    half = len(submissions) // 2
    return [
        *file_together(submissions[:half], now=now),
        *file_together(submissions[half:], now=now),
    ]


def _is_of_one_row(fault: DatabaseError) -> bool:
    state = getattr(fault.__cause__, "sqlstate", None) or ""
    return not isinstance(fault, InterfaceError) and state.startswith(_OF_ONE_ROW)


def _file_all(submissions: Sequence[Requested], now: datetime) -> list[Filed | Exception]:
    """File everything in the caller's transaction; a key that stands twice is looked at again after its first."""
    first: dict[tuple[int, str], int] = {}
    again: list[int] = []
    for at, wanted in enumerate(submissions):
        if first.setdefault((wanted.account_id, wanted.key), at) != at:
            again.append(at)
    outcomes = dict(
        zip(first.values(), _file_once([submissions[at] for at in first.values()], now), strict=True)
    )
    if again:
        outcomes |= zip(again, _file_all([submissions[at] for at in again], now), strict=True)
    return [outcomes[at] for at in range(len(submissions))]


def _file_once(submissions: Sequence[Requested], now: datetime) -> list[Filed | Exception]:
    today = now.astimezone(LOCAL).date()
    members = [_member(wanted) for wanted in submissions]
    opening = _open(members, now, today)
    filing = _left(members)
    if filing:
        pointed = _gather(filing, opening.inquiry, now, today)
        places, lane = names_and_paths_wanted(today, set(pointed.values())), Lane()
        kept = (*_write_facts(filing), *opening.inquiry.questions())
        settle_together(_left(filing), now=now, along=(*([places] if pointed else []), *kept, *lane.rows))
        _place(filing, pointed, names_and_paths_found(places))
        write_together(_left(filing), now=now, lane=lane, log=opening.inquiry.log())
        _note_parts([member for member in _left(filing) if member.plan.paper_fields], now)
    outcomes = [member.outcome or _filed(member) for member in members]
    discard_drafts(
        [
            (wanted.account_id, wanted.procedure.code)
            for wanted, outcome in zip(submissions, outcomes, strict=True)
            if wanted.discards_draft and isinstance(outcome, Filed)
        ]
    )
    return outcomes


@dataclass(frozen=True, slots=True)
class _Opening:
    """What every request needs from the database before anything is asked about anyone, in one round trip."""

    keys: KeysWanted
    numbers: Rows
    offices: Rows
    places: Rows
    inquiry: Inquiry


def _open(members: Sequence[Member], now: datetime, today: date) -> _Opening:
    """Hold the keys, check what was sent, and give each that stands its number and its office."""
    # The form is checked first, because it names places; but a key that was used before is answered first.
    unfit = {at: refusal for at, member in enumerate(members) if (refusal := _unfit(member)) is not None}
    fit = [member for at, member in enumerate(members) if at not in unfit]
    codes = {code for member in fit for code in _codes(member)}
    plans = {id(member.plan): member.plan for member in members}.values()
    opening = _Opening(
        keys_wanted(members),
        numbers_wanted(len(fit)),
        agencies_wanted({plan.content.manifest.agency for plan in plans}),
        names_and_paths_wanted(today, codes),
        inquiry_about(plan.content for plan in plans),
    )
    fetch(
        opening.keys.held,
        opening.keys.earlier,
        opening.numbers,
        opening.offices,
        opening.inquiry.versions,
        *([opening.places] if codes else []),
    )
    hold_keys(members, opening.keys)
    for at, refusal in unfit.items():
        if members[at].outcome is None:
            members[at].refuse(refusal)
    places = names_and_paths_found(opening.places)
    for member in _left(members):
        _refuse_unknown_places(member, places)
    _refuse_papers_of_others([member for member in _left(members) if member.plan.paper_fields])
    _number(_left(members), numbers_drawn(opening.numbers, now), agencies_found(opening.offices))
    return opening


def _left(members: Sequence[Member]) -> list[Member]:
    return [member for member in members if member.outcome is None]


def _member(wanted: Requested) -> Member:
    return Member(wanted, body_sha256(wanted.procedure.code, wanted.values), plan_of(wanted.procedure))


def _filed(member: Member) -> Filed:
    text = member.sealed.text if member.sealed is not None else None
    return Filed(member.number, member.state, member.answer, repeated=False, qr=text)


def _unfit(member: Member) -> Exception | None:
    """Check the form; return what is wrong with what was sent."""
    try:
        member.values = member.plan.check(member.wanted.values)
    # A pack's own condition may fail on hostile values; that is no reason to fail the neighbours.
    except Exception as refusal:  # noqa: BLE001
        return refusal
    return None


def _codes(member: Member) -> list[str]:
    found = (member.values.get(field.name) for field in member.plan.place_fields)
    return [str(code) for code in found if code is not None]


def _refuse_unknown_places(member: Member, places: Mapping[str, tuple[str, str]]) -> None:
    errors = {}
    for field in member.plan.place_fields:
        code = member.values.get(field.name)
        if code is not None and str(code) not in places:
            errors[field.name] = Bilingual(
                vi=f"Mục “{field.label.vi}” không phải mã của một phường, xã hiện nay. Chọn trong danh sách.",
                en=f"“{field.label.en}” is not the code of a place of today. Choose one of the list.",
            )
    if errors:
        member.refuse(FormRefused(errors))
    else:
        member.place_names = {code: places[code][0] for code in _codes(member)}


def _refuse_papers_of_others(members: Sequence[Member]) -> None:
    if not members:
        return
    asked = [
        PapersOf(member.plan.paper_fields, member.wanted.applicant.id, member.values) for member in members
    ]
    for member, errors in zip(members, papers_amiss(asked), strict=True):
        if errors:
            member.refuse(FormRefused(errors))


def _note_parts(members: Sequence[Member], now: datetime) -> None:
    """Hold the papers of the new cases, and count how each part that their forms ask for was provided."""
    if members:
        parts = (
            parts_of_case(
                case_number=member.number,
                procedure=member.wanted.procedure,
                values=member.values,
                facts=member.gathered.facts if member.gathered else (),
            )
            for member in members
        )
        provide_components([part for several in parts for part in several], now=now)


def _number(members: Sequence[Member], numbers: Sequence[str], offices: Mapping[str, AgencyView]) -> None:
    """Give each its number and the office of its pack; numbers left over stay a gap."""
    for member, number in zip(members, numbers, strict=False):
        member.number = number
        member.office = offices.get(member.plan.content.manifest.agency)
        if member.office is None:
            member.refuse(PackNotUsable(f"no agency has the code {member.plan.content.manifest.agency}"))


def _gather(members: Sequence[Member], inquiry: Inquiry, now: datetime, today: date) -> dict[int, str]:
    """Ask the registers for all; return the codes of the places that facts or forms point to, by position."""
    askers: dict[tuple[int, str], Asker] = {}
    about = [_about(member, askers) for member in members]
    found = gather_together(about, now=now, today=today, inquiry=inquiry)
    pointed: dict[int, str] = {}
    for at, (member, gathered) in enumerate(zip(members, found, strict=True)):
        if isinstance(gathered, Exception):
            # The pack asks what may not be asked: its request goes to a person.
            member.fault = gathered
            continue
        member.gathered = gathered
        pointer = member.plan.content.manifest.place
        found_code = gathered.value_of(pointer) if pointer else None
        if isinstance(found_code, str):
            pointed[at] = found_code
    return pointed


def _write_facts(members: Sequence[Member]) -> Sequence[Rows]:
    """Write down what the registers said; return the statement that keeps what these facts share."""
    kept = FactsKept()
    for member in members:
        if member.gathered is not None:
            member.facts_json = kept(member.gathered.facts)
    return kept.headings()


def _place(
    members: Sequence[Member], pointed: Mapping[int, str], places: Mapping[str, tuple[str, str]]
) -> None:
    """Give each case the place that it belongs to."""
    for at, member in enumerate(members):
        code = pointed.get(at, "")
        assert member.office is not None
        # The place of the office, when the case's own is not known.
        member.place = (code, places[code][1]) if code in places else ("", member.office.place_path)


def _about(member: Member, askers: dict[tuple[int, str], Asker]) -> About:
    assert member.office is not None
    key = (member.plan.revision_id, member.office.path)
    asker = askers.get(key)
    if asker is None:
        asker = askers[key] = asker_of(member.plan.content, member.office.path)
    return About(
        content=member.plan.content,
        rounds=member.plan.rounds,
        values=member.values,
        person_key=member.wanted.applicant.key,
        case_number=member.number,
        asker=asker,
    )
