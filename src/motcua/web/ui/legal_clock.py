"""The legal clock of a case in words, the same for its applicant and for officers."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from django.utils import timezone

from motcua.agencies.queries import agencies_by_code
from motcua.calendars.clock import Budget, Clock, Verdict, verdict
from motcua.calendars.working_time import DayNotCovered, WorkingCalendar
from motcua.cases.queries import CasePage
from motcua.identity.states import Role
from motcua.procedures.content import Content
from motcua.web.ui.components import Row
from motcua.web.ui.words import Bilingual, number_in_words, term_in_words, time_in_words

Urgency = Literal["overdue", "soon", "later", "paused", "over"]
SOON = timedelta(hours=2)
MINUTE = timedelta(minutes=1)
PAUSES = {
    "additions": Bilingual("chờ người nộp bổ sung", "waiting for the applicant to supply something"),
    "payment": Bilingual("chờ người nộp trả phí", "waiting for the applicant to pay"),
    "other": Bilingual("lý do khác", "another reason"),
}
CAUSES = {
    "past_due": Bilingual("quá hạn trả", "past the due date"),
    "second_request_for_additions": Bilingual(
        "yêu cầu bổ sung hơn một lần", "additions requested more than once"
    ),
}
ROLES = {
    Role.ONE_STOP_OFFICER: Bilingual("cán bộ một cửa", "one-stop officer"),
    Role.SPECIALIST: Bilingual("chuyên viên", "specialist"),
    Role.APPROVER: Bilingual("lãnh đạo", "leader"),
}
APPLICANT = Bilingual("Người nộp", "The applicant")


@dataclass(frozen=True, slots=True)
class ClockStory:
    """What a page tells of a clock: one sentence with its urgency, and the lines behind it."""

    headline: Bilingual
    urgency: Urgency
    rows: tuple[Row, ...]


def clock_story(page: CasePage, now: datetime) -> ClockStory | None:
    """Return the clock in words, or None for a service without one; one query for the names of agencies."""
    if page.clock is None:
        return None
    clock = page.clock.clock
    try:
        headline, urgency = _headline(clock, now)
        rows = tuple(_rows(page, clock, now))
    except DayNotCovered:
        return None
    return ClockStory(headline, urgency, rows)


def working_amount(span: timedelta, calendar: WorkingCalendar, *, in_hours: bool = False) -> Bilingual:
    """Say a span of working time in at most two units: days and hours, or hours and minutes."""
    days, rest = (0, span) if in_hours else divmod(span, calendar.ordinary_day)
    hours, rest = divmod(rest, timedelta(hours=1))
    minutes = rest // MINUTE
    units = [
        (days, "ngày", "day"),
        (hours, "giờ", "hour"),
        (minutes if not days else 0, "phút", "minute"),
    ]
    said = [(count, vi, en) for count, vi, en in units if count]
    if not said:
        return Bilingual("chưa đến 1 phút làm việc", "less than a working minute")
    vi = " ".join(f"{count} {unit}" for count, unit, _ in said)
    en = " ".join(f"{count} working {unit}{'s' if count > 1 else ''}" for count, _, unit in said[:1])
    en += "".join(f" {count} {unit}{'s' if count > 1 else ''}" for count, _, unit in said[1:])
    return Bilingual(f"{vi} làm việc", en)


def _headline(clock: Clock, now: datetime) -> tuple[Bilingual, Urgency]:
    if clock.ends:
        judged = verdict(clock, at=now)
        return _judged(judged), "over" if judged.on_time else "overdue"
    if clock.state == "paused":
        since, why = clock.suspensions[-1].paused_at, PAUSES[clock.suspensions[-1].reason]
        return (
            Bilingual("Tạm dừng từ {since}: {why}", "On hold since {since}: {why}").filled(
                since=_moment(since), why=why
            ),
            "paused",
        )
    if clock.overdue(now):
        over = working_amount(-clock.left_at(now), clock.calendar)
        return Bilingual("Quá hạn {over}", "Overdue by {over}").filled(over=over), "overdue"
    left = clock.left_at(now)
    ends_today = clock.due_at is not None and timezone.localdate(clock.due_at) == timezone.localdate(now)
    # "Due today, one day left" would be a riddle: what ends today is told in hours.
    amount = working_amount(left, clock.calendar, in_hours=ends_today)
    words = Bilingual("Còn {left}", "{left} left").filled(left=amount)
    if ends_today:
        today = Bilingual("Đến hạn hôm nay: {words}", "Due today: {words}")
        return today.filled(words=Bilingual(words.vi.lower(), words.en)), "soon"
    return words, "soon" if left <= SOON else "later"


def _judged(judged: Verdict) -> Bilingual:
    if judged.on_time:
        return Bilingual("Đã giải quyết đúng hạn", "Completed on time")
    causes = [CAUSES[cause] for cause in judged.because if cause in CAUSES]
    return Bilingual(
        f"Đã giải quyết trễ hạn: {'; '.join(each.vi for each in causes)}",
        f"Completed late: {'; '.join(each.en for each in causes)}",
    )


def _rows(page: CasePage, clock: Clock, now: datetime) -> Iterable[Row]:
    receiving = page.clock is not None and page.clock.receiving
    if not clock.ends:
        yield Row(Bilingual("Đang ở", "Currently with"), holder(page))
    term = Bilingual("Thời hạn trả lời tiếp nhận", "Time limit to accept") if receiving else TERM
    yield Row(term, _budget(clock.budget))
    if clock.starts_at is not None:
        yield Row(Bilingual("Tính từ", "Counted from"), _moment(clock.starts_at))
    if clock.due_at is not None:
        due = Bilingual("Phải trả lời trước", "Answer due by") if receiving else PROMISED
        yield Row(due, _moment(clock.due_at))
    if not clock.ends:
        yield from _asked(page)
    for extension in clock.extensions:
        yield Row(
            Bilingual("Đã hẹn lại", "New date"),
            Bilingual(
                "từ {before} sang {after}; lý do: {why}", "moved from {before} to {after}; reason: {why}"
            ).filled(
                before=_moment(extension.from_due_at),
                after=_moment(extension.to_due_at),
                why=extension.reason,
            ),
        )
    if clock.starts_at is not None:
        yield Row(Bilingual("Đã dùng", "Time used"), working_amount(clock.used_at(now), clock.calendar))
    for one in clock.suspensions:
        yield Row(Bilingual("Tạm dừng", "On hold"), _suspension(one.paused_at, one.resumed_at, one.reason))
    if clock.additions_requested:
        yield Row(
            Bilingual("Số lần yêu cầu bổ sung", "Requests for additions"),
            Bilingual(*(number_in_words(clock.additions_requested, language) for language in ("vi", "en"))),
        )


def _asked(page: CasePage) -> Iterable[Row]:
    """Tell which agencies the case waits for, since when and until when."""
    waiting = [each for each in page.consults if each.open]
    if not waiting:
        return
    offices = agencies_by_code({each.agency_code for each in waiting})
    for each in waiting:
        office = offices.get(each.agency_code)
        words = Bilingual("{office}: từ {since}, hạn trả lời {until}", "{office}: since {since}, due {until}")
        yield Row(
            Bilingual("Đang hỏi ý kiến", "Asked for an opinion"),
            words.filled(
                office=Bilingual(office.name, office.name_en or office.name) if office else each.agency_code,
                since=_moment(each.asked_at),
                until=_moment(each.due_at),
            ),
        )


TERM = Bilingual("Thời hạn giải quyết", "Time limit")
PROMISED = Bilingual("Hẹn trả kết quả", "Result due by")


def _suspension(paused_at: datetime, resumed_at: datetime | None, reason: str) -> Bilingual:
    until = _moment(resumed_at) if resumed_at else Bilingual("nay", "now")
    words = Bilingual("từ {since} đến {until}, {why}", "from {since} to {until}: {why}")
    return words.filled(since=_moment(paused_at), until=until, why=PAUSES[reason])


def _budget(budget: Budget) -> Bilingual:
    in_days = budget.unit == "working_days"
    return term_in_words(budget.amount if in_days else None, 0 if in_days else int(budget.amount))


def holder(page: CasePage) -> Bilingual:
    """Return who has the case now: the applicant, or the roles of an agency that can act on it."""
    return holder_in(page.case.procedure.content, page.case.state_name)


def holder_in(content: Content, name: str) -> Bilingual:
    """Return who has a case in a state of the workflow; one query."""
    state = content.workflow.states[name]
    if state.paused:
        return APPLICANT
    code = state.worked_on_by or content.manifest.agency
    office = agencies_by_code({code}).get(code)
    roles = _roles(content, name)
    vi = ", ".join(each.vi for each in roles)
    en = ", ".join(each.en for each in roles)
    if office is None:
        return Bilingual(vi, en)
    name_en = office.name_en or office.name
    return Bilingual(f"{office.name} ({vi})" if vi else office.name, f"{name_en} ({en})" if en else name_en)


def _roles(content: Content, state: str) -> list[Bilingual]:
    acting = {actor for act in content.workflow.acts.values() if state in act.source for actor in act.by}
    return [words for role, words in ROLES.items() if role.value in acting]


def _moment(moment: datetime) -> Bilingual:
    return Bilingual(time_in_words(moment, "vi"), time_in_words(moment, "en"))
