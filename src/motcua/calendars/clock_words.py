"""A clock told to people: one line for each thing that matters, in Vietnamese or English."""

from datetime import datetime, timedelta
from typing import Literal

from motcua.calendars.clock import Clock, Suspension, apology_from, verdict
from motcua.calendars.clock_events import KIND_WORDS

Language = Literal["vi", "en"]

REASONS = {
    "additions": {"vi": "chờ bổ sung hồ sơ", "en": "waiting for additions"},
    "payment": {"vi": "chờ nộp phí", "en": "waiting for payment"},
    "other": {"vi": "lý do khác", "en": "another reason"},
}
ENDED = {
    "done": "done",
    "returned": "result returned",
    "refused": "refused",
    "stopped": "stopped",
    "withdrawn": "withdrawn",
}
STATES = {
    "waiting": {
        "vi": "Chờ tiếp nhận: thời hạn chưa bắt đầu.",
        "en": "Waiting for acceptance: the clock has not begun.",
    },
    "paused": {"vi": "Đang tạm dừng: chưa có ngày hẹn trả.", "en": "The clock stands: no date is due."},
}
CAUSES = {
    "in_time": {"vi": "trong thời hạn", "en": "within the time allowed"},
    "past_due": {"vi": "quá ngày hẹn trả", "en": "past the date due"},
    "second_request_for_additions": {
        "vi": "yêu cầu bổ sung quá một lần",
        "en": "more than one request for additions",
    },
}


def clock_in_words(clock: Clock, *, at: datetime, language: Language) -> list[str]:
    """Tell the clock as of ``at``: date due, time used and left, suspensions, extension, steps, apology, verdict."""
    then = clock if clock.events[-1].at <= at else clock.as_of(at)
    vi = language == "vi"
    lines = [*_date_lines(then, at, language), *_amount_lines(then, at, language)]
    for one in then.suspensions:
        lines.append(_suspension_line(then, at, one, language))
    if then.additions_requested:
        count = then.additions_requested
        lines.append(f"Số lần yêu cầu bổ sung: {count}." if vi else f"Requests for additions: {count}.")
    for extension in then.extensions:
        before, after = (
            moment_in_words(extension.from_due_at, then),
            moment_in_words(extension.to_due_at, then),
        )
        lines.append(
            f"Gia hạn từ {before} đến {after}, lý do: {extension.reason}."
            if vi
            else f"Extended from {before} to {after}, because: {extension.reason}."
        )
    lines += [_step_line(then, at, index, language) for index in range(len(then.steps))]
    ready = apology_from(then)
    if ready is not None:
        said = moment_in_words(ready, then)
        lines.append(
            f"Thư xin lỗi phải soạn từ {said}." if vi else f"A letter of apology is due from {said}."
        )
    lines.append(verdict_in_words(then, at=at, language=language))
    return lines


def verdict_in_words(clock: Clock, *, at: datetime, language: Language) -> str:
    """Tell the verdict of Decision 766 at ``at`` in a sentence."""
    judged = verdict(clock, at=at)
    causes = "; ".join(CAUSES[cause][language] for cause in judged.because)
    when = moment_in_words(judged.judged_at, clock)
    if language == "vi":
        state = "Đã kết thúc" if judged.finished else "Đang giải quyết"
        answer = "đúng hạn" if judged.on_time else "trễ hạn"
        if not judged.finished:
            answer = "chưa trễ hạn" if judged.on_time else "đã trễ hạn"
        return f"{state}, {answer} ({causes}), xét đến {when}, theo Quyết định 766/QĐ-TTg."
    state = "Finished" if judged.finished else "Open"
    answer = "on time" if judged.on_time else "late"
    return f"{state}, {answer} ({causes}), judged at {when}, by Decision 766/QĐ-TTg."


def moment_in_words(moment: datetime, clock: Clock) -> str:
    """Say a moment as it is written in Vietnam: ``09:00 16/11/2026``, in the zone of the office."""
    return f"{moment.astimezone(clock.calendar.zone):%H:%M %d/%m/%Y}"


def amount_in_words(span: timedelta, day: timedelta, language: Language) -> str:
    """Say working time, days of length ``day``, hours and minutes; the sign is left to the sentence around it."""
    days, rest = divmod(abs(span), day)
    hours, rest = divmod(rest, timedelta(hours=1))
    minutes = rest // timedelta(minutes=1)
    if language == "vi":
        units = ((days, "ngày"), (hours, "giờ"), (minutes, "phút"))
        return f"{' '.join(f'{count} {name}' for count, name in units if count) or '0 phút'} làm việc"
    named = ((days, "day"), (hours, "hour"), (minutes, "minute"))
    said = [f"{count} {name}{'' if count == 1 else 's'}" for count, name in named if count]
    return f"{' '.join(said) or '0 minutes'} of working time"


def _date_lines(clock: Clock, at: datetime, language: Language) -> list[str]:
    vi = language == "vi"
    if clock.finished_at is not None and clock.ended_by is not None:
        when = moment_in_words(clock.finished_at, clock)
        lines = [
            f"Kết thúc: {KIND_WORDS[clock.ended_by]}, {when}."
            if vi
            else f"{ENDED[clock.ended_by].capitalize()} at {when}."
        ]
    else:
        lines = [STATES[clock.state][language]] if clock.state in STATES else []
    if clock.due_at is not None:
        due = moment_in_words(clock.due_at, clock)
        late = clock.overdue(at)
        lines.append(
            f"Hạn trả kết quả: {due}{' (đã quá hạn)' if late else ''}."
            if vi
            else f"Due: {due}{' (overdue)' if late else ''}."
        )
    elif clock.missed_at is not None:
        missed = moment_in_words(clock.missed_at, clock)
        lines.append(f"Đã quá hạn từ {missed}." if vi else f"Overdue since {missed}.")
    if clock.is_provisional:
        lines.append(
            "Ngày này là tạm tính: chưa có thông báo lịch nghỉ của năm đó."
            if vi
            else "This date is provisional: the holidays of that year are not announced yet."
        )
    return lines


def _amount_lines(clock: Clock, at: datetime, language: Language) -> list[str]:
    day = clock.calendar.ordinary_day
    used = amount_in_words(clock.used_at(at), day, language)
    left = clock.left_at(at)
    rest = amount_in_words(left, day, language)
    if language == "vi":
        return [f"Đã dùng {used}, {'còn' if left >= timedelta() else 'vượt'} {rest}."]
    return [f"Used {used}, {rest} {'left' if left >= timedelta() else 'too much'}."]


def _suspension_line(clock: Clock, at: datetime, one: Suspension, language: Language) -> str:
    start, why = moment_in_words(one.paused_at, clock), REASONS[one.reason][language]
    # An open suspension has taken what has passed by now; whatever else stands is its own.
    took = one.set_aside if one.set_aside is not None else clock.passed(one.paused_at, at)
    amount = amount_in_words(took, clock.calendar.ordinary_day, language)
    resumed_at = one.resumed_at
    if language == "vi":
        end = f"đến {moment_in_words(resumed_at, clock)}" if resumed_at else "đến nay"
        return f"Tạm dừng ({why}) từ {start} {end}, không tính {amount}."
    end = f"to {moment_in_words(resumed_at, clock)}" if resumed_at else "until now"
    return f"Stood ({why}) from {start} {end}, {amount} not counted."


def _step_line(clock: Clock, at: datetime, index: int, language: Language) -> str:
    step = clock.steps[index]
    # The present step goes on with the clock after the last event.
    since = clock.used_at(at) - clock.used if step.left_at is None else timedelta()
    used = amount_in_words(step.used + since, clock.calendar.ordinary_day, language)
    due = "" if step.due_at is None else moment_in_words(step.due_at, clock)
    late = step.overdue(at)
    if language == "vi":
        return (
            f"Bước {step.step}: đã dùng {used}{f', hạn {due}' if due else ''}{', quá hạn' if late else ''}."
        )
    return f"Step {step.step}: used {used}{f', due {due}' if due else ''}{', late' if late else ''}."
