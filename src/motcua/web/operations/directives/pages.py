"""The list of directives, and the page of one: what it says, how far it has come, what comes next."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from motcua.agencies.queries import PlaceNotKnown, place_at, places_now
from motcua.directives.law import law_at, law_with
from motcua.directives.opinions import OpinionView, opinions_of
from motcua.directives.queries import (
    DirectiveNotKnown,
    DirectiveView,
    authors_of,
    directive,
    directives,
    history,
    parameters,
    versions_of,
)
from motcua.directives.states import DirectiveState
from motcua.identity.queries import account_names
from motcua.identity.states import Purpose
from motcua.switching.ending import endings
from motcua.switching.run_queries import RunView, runs_of
from motcua.switching.states import RunState
from motcua.switching.switch_queries import switch_of, switched_runs
from motcua.web.operations.directives.effects import sentence
from motcua.web.operations.directives.tallies import parameter_rows
from motcua.web.operations.directives.words import Line, line_of, steps_of
from motcua.web.ui.components import Moment
from motcua.web.ui.law_words import labels_of_values, value_in_words
from motcua.web.ui.officers import Officer, for_officers
from motcua.web.ui.words import Bilingual, InTwoLanguages, number_in_words

# Who may read about directives; what they may do there depends on ``Purpose.DIRECT``.
READERS = (Purpose.DIRECT, Purpose.OVERSEE, Purpose.READ_CASES)
DONE = {
    "discarded": Bilingual("Đã bỏ bản soạn.", "The draft was given up."),
    "scheduled": Bilingual(
        "Đã hẹn giờ. Một lãnh đạo khác cần xác nhận trước giờ ấy.",
        "The time is set. Another leader has to confirm before it.",
    ),
    "unscheduled": Bilingual(
        "Đã bỏ hẹn giờ; chỉ thị trở lại bản soạn.", "The time was taken back; it is a draft again."
    ),
    "confirmed": Bilingual(
        "Đã xác nhận. Chỉ thị tự chuyển khi đến giờ.", "Confirmed. It switches by itself."
    ),
    "undone": Bilingual("Đang hoàn tác.", "The undoing is under way."),
    "opinions": Bilingual("Đã nhập số liệu dư luận.", "The figures of opinion were imported."),
}
_GROUPS = (
    (
        Bilingual("Đang soạn hoặc chờ chuyển", "Drafts and what waits"),
        {DirectiveState.DRAFT, DirectiveState.SCHEDULED, DirectiveState.CONFIRMED},
    ),
    (Bilingual("Đang áp dụng", "In force"), {DirectiveState.IN_FORCE}),
    (
        Bilingual("Đã qua", "Past"),
        {
            DirectiveState.REPLACED,
            DirectiveState.EXPIRED,
            DirectiveState.UNDONE,
            DirectiveState.DISCARDED,
        },
    ),
)
RUN_STATES = {
    RunState.QUEUED: Bilingual("đang chờ", "waiting"),
    RunState.RUNNING: Bilingual("đang chạy", "under way"),
    RunState.FAILED: Bilingual("không xong", "did not end"),
    RunState.CANCELLED: Bilingual("đã dừng", "stopped"),
}
OF_EARLIER_TEXT = Bilingual("của bản soạn trước", "of an earlier text")
NOT_SAID = Bilingual("không nêu", "not said")


@dataclass(frozen=True, slots=True)
class Group:
    """Directives that have come equally far."""

    title: Bilingual
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class SpellRow:
    """What a parameter was at a place during a time."""

    value: str
    words: InTwoLanguages
    since: datetime
    until: datetime | None
    directive: str


@dataclass(frozen=True, slots=True)
class OpinionRow:
    """A figure of opinion, in words."""

    figure: OpinionView
    reach: Bilingual
    against: Bilingual
    favor: Bilingual


@require_safe
@for_officers(*READERS)
def listing(request: HttpRequest, officer: Officer) -> HttpResponse:
    """List the directives by how far they have come."""
    found = [each for each in directives(officer.now) if officer.directs or each.begun_at is not None]
    groups = (
        Group(title, tuple(line_of(each) for each in found if each.state in states))
        for title, states in _GROUPS
    )
    page = {
        **common(officer),
        "groups": [group for group in groups if group.lines],
        "endings": endings(officer.now),
        "done": DONE.get(request.GET.get("done", "")),
    }
    return render(request, "operations/directives/list.html", page)


@require_safe
@for_officers(*READERS)
def one(request: HttpRequest, officer: Officer, directive_id: int) -> HttpResponse:
    """Show one directive."""
    found = found_directive(directive_id, officer)
    page = {
        **directive_page(found, officer),
        **what_it_says(found, officer),
        **_what_next(found, officer),
        "opinions": opinion_rows(found.id),
        "moments": timeline_of(found),
        "endings": [each for each in endings(officer.now) if each.directive_id == found.id],
        "done": DONE.get(request.GET.get("done", "")),
    }
    return render(request, "operations/directives/directive.html", page)


@require_safe
@for_officers(*READERS)
def place_history(request: HttpRequest, officer: Officer, parameter: str, code: str) -> HttpResponse:
    """Show what a parameter was at one place over time."""
    spec = parameters().get(parameter)
    try:
        place = place_at(code, timezone.localdate(officer.now))
    except PlaceNotKnown:
        raise Http404(code) from None
    if spec is None:
        raise Http404(parameter)
    labels = labels_of_values()
    spells = reversed(history(parameter, code, officer.now))
    rows = [
        SpellRow(
            each.found.text,
            value_in_words(each.found.text, parameter, labels),
            each.since,
            each.until,
            each.found.directive,
        )
        for each in spells
        if each.found is not None
    ]
    page = {**common(officer), "place": place, "label": spec.label, "rows": rows}
    return render(request, "operations/directives/history.html", page)


def common(officer: Officer) -> dict[str, object]:
    """Return what every page about directives shows."""
    return {"officer": officer, "section": "directives", "may_direct": officer.directs}


def found_directive(directive_id: int, officer: Officer) -> DirectiveView:
    """Return the directive; a draft is there only for those who direct."""
    try:
        found = directive(directive_id, officer.now)
    except DirectiveNotKnown:
        raise Http404(str(directive_id)) from None
    if found.begun_at is None and not (officer.directs or found.confirmed_at):
        raise Http404(str(directive_id))
    return found


def directive_page(found: DirectiveView, officer: Officer) -> dict[str, object]:
    """Return what every page of one directive shows."""
    return {
        **common(officer),
        "directive": found,
        "content": found.content,
        "line": line_of(found),
        "steps_of": steps_of(found, tried=False),
    }


def what_it_says(found: DirectiveView, officer: Officer) -> dict[str, object]:
    """Return the parameters beside what held before the directive, or holds now while it has not begun."""
    begins = found.begun_at or max(found.switch_at or found.from_at, officer.now)
    before = law_at(begins - timedelta(microseconds=1)) if found.begun_at else law_at(officer.now)
    then = law_with(found.id, begins)
    places = places_now(timezone.localdate(begins))
    rows = parameter_rows(
        found.content.parameters, parameters(), now=before, then=then, places=places, directive_id=found.id
    )
    compares = found.begun_at is None or any(row.before for row in rows)
    return {
        "parameters": rows,
        "compares": compares,
        "has_begun": found.begun_at is not None,
        "revisions": tuple(found.content.revisions.items()),
    }


def _what_next(found: DirectiveView, officer: Officer) -> dict[str, object]:
    draft = found.state is DirectiveState.DRAFT
    runs = runs_of(found.id, officer.rights)
    last = runs[0] if runs else None
    tried = last is not None and last.state == RunState.DONE and last.content_sha256 == found.sha256
    used = last is not None and last.id in switched_runs(found.id)
    tried = tried and not used
    return {
        "run": last,
        "tried": tried,
        "used": used,
        "trying": last is not None and last.state in {RunState.QUEUED, RunState.RUNNING},
        "runs": [(run, _run_words(run, found)) for run in runs],
        "steps_of": steps_of(found, tried=tried),
        "switch": switch_of(found.id, officer.rights),
        "stage": found.state.value,
        "may_confirm": officer.directs
        and officer.account_id not in {*authors_of(found.id), found.scheduled_by},
        "undo_until": undo_until(found, officer.now),
        "place_links": [
            (spec.label, reverse("operations:directive_places", args=(found.id, address)))
            for address, spec in parameters().items()
            if draft and spec.by_place and spec.allowed
        ],
    }


def _run_words(run: RunView, found: DirectiveView) -> Bilingual:
    if run.state != RunState.DONE:
        return RUN_STATES[run.state]
    return sentence(run.totals) if run.content_sha256 == found.sha256 else OF_EARLIER_TEXT


def undo_until(found: DirectiveView, now: datetime) -> datetime | None:
    """Return until when the switch may be undone, or None if it cannot be."""
    if found.state is not DirectiveState.IN_FORCE or found.switch_at is None or found.undo_until is None:
        return None
    return found.undo_until if found.undo_until >= now else None


def timeline_of(found: DirectiveView) -> tuple[Moment, ...]:
    """Return what happened to the directive, the last first; two queries."""
    versions = versions_of(found.id)
    people = {found.scheduled_by, found.confirmed_by, found.undone_by, *(each.saved_by for each in versions)}
    names = account_names({account for account in people if account is not None})

    def by(account: int | None) -> str:
        return names.get(account, "") if account is not None else ""

    told = [Moment(_saving(each.number), each.saved_at, by=by(each.saved_by)) for each in versions]
    later = (
        (Bilingual("Hẹn giờ", "Time set"), found.scheduled_at, found.scheduled_by),
        (Bilingual("Xác nhận", "Confirmed"), found.confirmed_at, found.confirmed_by),
        (Bilingual("Áp dụng", "In force"), found.begun_at, None),
        (Bilingual("Hoàn tác", "Undone"), found.undone_at, found.undone_by),
        (Bilingual("Bỏ", "Given up"), found.discarded_at, None),
    )
    told += [Moment(title, at, by=by(account)) for title, at, account in later if at is not None]
    return tuple(sorted(told, key=lambda moment: moment.at or found.prepared_at, reverse=True))


def _saving(number: int) -> Bilingual:
    if number == 1:
        return Bilingual("Soạn", "Written")
    return Bilingual(f"Sửa lần {number - 1}", f"Changed, time {number - 1}")


def opinion_rows(directive_id: int) -> tuple[OpinionRow, ...]:
    """Return the imported figures in words; one query."""
    return tuple(
        OpinionRow(
            each, _number(each.reach), _number(each.against_percent, "%"), _number(each.favor_percent, "%")
        )
        for each in opinions_of(directive_id)
    )


def _number(value: int | Decimal | None, sign: str = "") -> Bilingual:
    if value is None:
        return NOT_SAID
    # As the source wrote it: 0.3, not 0.30.
    plain = value if isinstance(value, int) else Decimal(f"{value:f}".rstrip("0").rstrip("."))
    vi, en = (number_in_words(plain, language) for language in ("vi", "en"))
    return Bilingual(vi + sign, en + sign)
