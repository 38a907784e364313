"""What the page of a case shows, in words: facts, reasoning, objections, history."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from motcua.agencies.queries import place_names_on
from motcua.calendars.clock import apology_due
from motcua.cases.desk.apologies import APOLOGIZE
from motcua.cases.queries import CasePage, DecisionView, EntryView
from motcua.cases.services.object import OBJECT
from motcua.cases.states import Phase
from motcua.identity.queries import account_names
from motcua.procedures.content import Act
from motcua.procedures.content import Bilingual as Words
from motcua.teams.queries import HelpView, help_with
from motcua.web.desk.around import stood_in
from motcua.web.desk.clock import Clock, clock_of, paused_clock
from motcua.web.desk.reasoning import reasoning_of
from motcua.web.desk.wishes import Wish
from motcua.web.ui.case_words import COLORS, CaseWords, directive_behind
from motcua.web.ui.components import Choice, Moment, Row
from motcua.web.ui.legal_clock import clock_story, holder_in, working_amount
from motcua.web.ui.words import Bilingual, InTwoLanguages, date_in_words

MACHINE = Bilingual("Hệ thống, theo quy tắc", "The system, by rule")
CITIZEN = Bilingual("Người nộp", "The applicant")
IN_PLACE_OF = Bilingual("{who}, làm thay {absent}", "{who}, standing in for {absent}")
_NOBODY: Mapping[tuple[int, datetime], tuple[int, str]] = {}
OF_ALLOWED = Bilingual("{used} trong {allowed}", "{used} of {allowed}")
BEYOND = Bilingual(" – quá thời gian của bước", " – beyond the time of the step")


@dataclass(frozen=True, slots=True)
class Said:
    """What an applicant wrote when objecting."""

    at: datetime
    text: str


def case_page(found: CasePage, now: datetime) -> dict[str, object]:
    """Return the values of the template ``desk/case.html``; three queries for names."""
    case = found.case
    content = case.procedure.content
    decision = found.decision
    by_rule = next((each for each in reversed(found.decisions) if each.by_machine), None)
    words = CaseWords(content, place_names_on(timezone.localdate(case.filed_at), place_codes(found)))
    names = account_names(_account_ids(found))
    return {
        "case": case,
        "title": content.manifest.title,
        "colour": COLORS[case.phase],
        "clock": _clock(found, now),
        "story": clock_story(found, now),
        "steps": _steps(found, now),
        "apologize": _apology(found, now),
        "asks_registers": bool(content.facts),
        "applicant": _applicant(found),
        "case_of": found.applicant.name,
        "answers": words.answers(found.values),
        "facts": words.facts(decision.facts) if decision else (),
        "reasoning": reasoning_of(by_rule, words, case.procedure) if by_rule else None,
        "person_decisions": _by_persons(found.decisions, names),
        "objections": objections(found),
        "help": _help(found),
        "moments": moments(found.entries, names, stood_in(found)),
        "choices": tuple(Choice(name, act.label) for name, act in found.acts.items()),
    }


def _help(found: CasePage) -> HelpView | None:
    """Return who helped the applicant to file; nothing is asked where they filed by themselves."""
    first = found.entries[0] if found.entries else None
    return help_with(found.case.number) if first and first.actor.startswith("account:") else None


def _clock(found: CasePage, now: datetime) -> Clock | None:
    case = found.case
    if case.phase is Phase.CITIZEN:
        return paused_clock(case.due_at)
    return clock_of(case.due_at, now) if case.phase in Phase.open() else None


@dataclass(frozen=True, slots=True)
class Apology:
    """That the answer will soon be late: the date that was promised, and the act that sets another."""

    due_at: datetime
    act: Words


def _apology(found: CasePage, now: datetime) -> Apology | None:
    """Return what is to be done from the working day before a promise is broken; nothing once it is too late."""
    if found.clock is None or found.clock.receiving:
        return None
    clock = found.clock.clock
    extending = next((act for act in found.acts.values() if act.extends), None)
    if extending is None or clock.due_at is None or not clock.may_extend(now) or not apology_due(clock, now):
        return None
    return Apology(clock.due_at, extending.label)


def _steps(found: CasePage, now: datetime) -> tuple[Row, ...]:
    """Return what each step has used of its own share of the term."""
    if found.clock is None:
        return ()
    clock, states = found.clock.clock, found.case.procedure.content.workflow.states
    rows = []
    for step in clock.steps:
        used = working_amount(step.used, clock.calendar)
        if step.allowed is not None:
            allowed = working_amount(step.allowed, clock.calendar)
            used = OF_ALLOWED.filled(used=used, allowed=allowed)
        late = BEYOND if step.overdue(now) else Bilingual("", "")
        rows.append(Row(states[step.step].label, Bilingual(f"{used.vi}{late.vi}", f"{used.en}{late.en}")))
    return tuple(rows)


def before_act(found: CasePage, act: Act, wish: Wish) -> dict[str, object]:
    """Return what the page that asks for a confirmation says of what the act brings about."""
    content = found.case.procedure.content
    workflow = content.workflow
    target = workflow.states[act.target]
    asks = workflow.asks_for_additions(act, found.case.state_name)
    asked = found.clock.clock.additions_requested if asks and found.clock else 0
    return {
        "target": target,
        "title": content.manifest.title,
        "case_of": found.applicant.name,
        "asks": [each.label for each in target.consults],
        "ends": target.phase in ("refused", "closed") and found.case.phase in Phase.open(),
        "letter": content.letters[act.letter].title if act.letter else None,
        "pauses": target.paused and not found.case.state.paused,
        "asked_before": asked,
        "until": wish.until if act.extends else None,
        "goes_to": holder_in(content, act.target)
        if target.worked_on_by != found.case.state.worked_on_by
        else None,
    }


def objections(found: CasePage) -> tuple[Said, ...]:
    """Return what the applicant wrote, newest first."""
    entries = [entry for entry in found.entries if entry.act == OBJECT and entry.actor == "citizen"]
    return tuple(Said(entry.happened_at, entry.reason) for entry in reversed(entries))


def latest_entry(found: CasePage) -> Moment | None:
    """Return what happened last, for an officer who came too late."""
    if not found.entries:
        return None
    return moments(found.entries[-1:], account_names(_account_ids(found)))[0]


def moments(
    entries: Iterable[EntryView],
    names: Mapping[int, str],
    stood_in: Mapping[tuple[int, datetime], tuple[int, str]] = _NOBODY,
) -> tuple[Moment, ...]:
    """Return the history, newest first, with repeated waiting told once, and with whom an officer stood in for."""
    told: list[Moment] = []
    before = ""
    for entry in entries:
        if Phase(entry.to_state.phase) is Phase.SILENT_REGISTER and before == entry.act:
            continue
        before = entry.act
        told.append(
            Moment(
                title=_said(entry),
                at=entry.happened_at,
                text=entry.reason,
                by=_for_whom(entry, _actor(entry.actor, names), stood_in),
            )
        )
    return tuple(reversed(told))


def _said(entry: EntryView) -> Bilingual:
    if entry.act == APOLOGIZE and entry.until is not None:
        return Bilingual(
            f"{entry.label.vi}, hẹn trả {date_in_words(entry.until, 'vi')}",
            f"{entry.label.en}, promised for {date_in_words(entry.until, 'en')}",
        )
    return Bilingual(
        f"{entry.label.vi} → {entry.to_state.label.vi}", f"{entry.label.en} → {entry.to_state.label.en}"
    )


def _for_whom(
    entry: EntryView, by: InTwoLanguages, stood_in: Mapping[tuple[int, datetime], tuple[int, str]]
) -> InTwoLanguages:
    absent = stood_in.get((_account_id(entry.actor), entry.happened_at))
    return IN_PLACE_OF.filled(who=by, absent=absent[1]) if absent else by


def _by_persons(decisions: Iterable[DecisionView], names: Mapping[int, str]) -> tuple[Moment, ...]:
    return tuple(
        Moment(title=_actor(each.decided_by, names), at=each.decided_at, text=each.text.vi)
        for each in decisions
        if not each.by_machine
    )


def _applicant(found: CasePage) -> tuple[Row, ...]:
    who = found.applicant
    rows = [
        Row(Bilingual("Họ và tên", "Name"), who.name),
        Row(Bilingual("Số định danh", "Citizen number"), who.masked_number),
    ]
    if who.born_on is not None:
        born = Bilingual(date_in_words(who.born_on, "vi"), date_in_words(who.born_on, "en"))
        rows.append(Row(Bilingual("Ngày sinh", "Date of birth"), born))
    return tuple(rows)


def _actor(reference: str, names: Mapping[int, str]) -> InTwoLanguages:
    if reference in {"machine", "citizen"}:
        return MACHINE if reference == "machine" else CITIZEN
    directive = directive_behind(reference)
    if directive is not None:
        return directive
    kind, _, number = reference.partition(":")
    if kind == "directive":
        return Bilingual(f"Chỉ thị {number}", f"Directive {number}")
    name = names.get(_account_id(reference), reference)
    return Bilingual(name, name)


def _account_ids(found: CasePage) -> set[int]:
    actors = {entry.actor for entry in found.entries} | {each.decided_by for each in found.decisions}
    return {_account_id(actor) for actor in actors if actor.startswith("account:")}


def _account_id(reference: str) -> int:
    number = reference.partition(":")[2]
    return int(number) if number.isdigit() else 0


def place_codes(found: CasePage) -> set[str]:
    """Return every value that may be the code of a place."""
    values = [*found.values.values(), *(fact.value for each in found.decisions for fact in each.facts)]
    return {value for value in values if isinstance(value, str) and value.isdigit() and len(value) == 5}
