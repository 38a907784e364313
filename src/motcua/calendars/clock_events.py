"""What the legal clock is read from: how long an answer may take, what happened when, and what cannot have."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Literal, Self, get_args

from motcua.calendars.measures import MICROSECOND, Measure
from motcua.calendars.working_time import WorkingCalendar

Unit = Literal["working_days", "working_hours"]
Start = Literal["received", "accepted"]
Kind = Literal[
    "received",
    "accepted",
    "entered",
    "paused",
    "resumed",
    "extended",
    "done",
    "returned",
    "refused",
    "stopped",
    "withdrawn",
]
PauseReason = Literal["additions", "payment", "other"]

KINDS: frozenset[str] = frozenset(get_args(Kind))
PAUSE_REASONS: frozenset[str] = frozenset(get_args(PauseReason))
ENDS: frozenset[str] = frozenset({"done", "returned", "refused", "stopped", "withdrawn"})


class BudgetRefused(ValueError):
    """The time allowed is not a time; the sentence says what to write."""


@dataclass(frozen=True, slots=True)
class Budget:
    """The working time in which an answer is owed, in all and by step.

    A working day is the whole of one day's office hours, however many they are; half a day is half of them.
    ``starts`` says which event starts the clock. ``steps`` are shares of the whole, in the same unit, and do
    not exceed it; a step that is not named has no limit of its own. Build it by ``Budget.days`` or
    ``Budget.hours``. Raises ``BudgetRefused``.
    """

    amount: Decimal
    unit: Unit = "working_days"
    starts: Start = "received"
    steps: Mapping[str, Decimal] = field(default_factory=dict, hash=False)

    def __post_init__(self) -> None:
        steps = {name: _positive(amount, f"step {name}") for name, amount in self.steps.items()}
        object.__setattr__(self, "amount", _positive(self.amount, "the whole"))
        object.__setattr__(self, "steps", steps)
        if self.unit not in ("working_days", "working_hours"):
            raise BudgetRefused(f"unit: {self.unit!r} is not working_days or working_hours")
        if self.starts not in ("received", "accepted"):
            raise BudgetRefused(f"starts: {self.starts!r} is not received or accepted")
        if sum(steps.values()) > self.amount:
            raise BudgetRefused(
                f"the steps take {sum(steps.values())} of {self.amount} {self.unit.replace('_', ' ')}; "
                "shorten a step or lengthen the whole"
            )

    @classmethod
    def days(
        cls,
        amount: Decimal | int | str,
        *,
        steps: Mapping[str, Decimal | int | str] | None = None,
        starts: Start = "received",
    ) -> Self:
        """Allow working days; ``"0.5"`` is half a day."""
        return cls(_decimal(amount), "working_days", starts, _decimals(steps))

    @classmethod
    def hours(
        cls,
        amount: Decimal | int | str,
        *,
        steps: Mapping[str, Decimal | int | str] | None = None,
        starts: Start = "received",
    ) -> Self:
        """Allow working hours."""
        return cls(_decimal(amount), "working_hours", starts, _decimals(steps))

    def measure(self, calendar: WorkingCalendar) -> Measure:
        """Return the line of the calendar on which this budget is counted."""
        return calendar.by_days if self.unit == "working_days" else calendar.by_hours

    def length(self, amount: Decimal, calendar: WorkingCalendar) -> int:
        """Return an amount of this budget's unit in microseconds of that line."""
        one = calendar.ordinary_day if self.unit == "working_days" else timedelta(hours=1)
        return int(amount * (one // MICROSECOND))


@dataclass(frozen=True, slots=True)
class ClockEvent:
    """Something that happened to a dossier and matters to its clock.

    ``at`` has a time zone. ``reason`` is one of ``PauseReason`` for ``paused``, any text that is not empty for
    ``extended``, the name of the step for ``entered``. ``until`` is the new date of an extension, and on
    ``received`` or ``accepted`` the date promised on the receipt, if one was.
    """

    at: datetime
    kind: Kind
    reason: str = ""
    until: datetime | None = None


class EventRefused(ValueError):
    """The order of events cannot be: what is wrong, which event, and what to do.

    ``code`` names the rule, ``number`` the event (from 1), ``vi`` says the same in Vietnamese.
    """

    def __init__(self, code: str, number: int, event: ClockEvent, **values: object) -> None:
        self.code, self.number, self.event = code, number, event
        en, vi = SENTENCES[code]
        at = f"{event.at:%d/%m/%Y %H:%M}"
        self.vi = f"sự kiện {number} ({KIND_WORDS.get(event.kind, event.kind)}, {at}): {vi.format(**values)}"
        super().__init__(f"event {number} ({event.kind}, {at}): {en.format(**values)}")


class ExtendedTwice(EventRefused):
    """A term may be extended once only."""


class ExtendedTooLate(EventRefused):
    """A term that has ended cannot be extended any more."""


KIND_WORDS: Mapping[str, str] = {
    "received": "nhận hồ sơ",
    "accepted": "tiếp nhận",
    "entered": "chuyển bước",
    "paused": "tạm dừng",
    "resumed": "tiếp tục",
    "extended": "gia hạn",
    "done": "giải quyết xong",
    "returned": "trả kết quả",
    "refused": "từ chối",
    "stopped": "dừng xử lý",
    "withdrawn": "rút hồ sơ",
}

SENTENCES: Mapping[str, tuple[str, str]] = {
    "no_zone": (
        "the moment has no time zone; write it with one, as 2026-11-23T08:00+07:00",
        "thời điểm thiếu múi giờ; hãy ghi rõ, ví dụ 2026-11-23T08:00+07:00",
    ),
    "unknown_kind": (
        "this kind is not known; the kinds are {kinds}",
        "loại sự kiện này không có; các loại là {kinds}",
    ),
    "unknown_pause": (
        "{reason!r} is no reason for a pause; the reasons are additions, payment, other",
        "{reason!r} không phải lý do tạm dừng; các lý do là additions, payment, other",
    ),
    "backwards": (
        "it comes before the event above it ({before}); put the events in the order in which they happened",
        "xảy ra trước sự kiện đứng trên ({before}); hãy xếp các sự kiện theo thứ tự thời gian",
    ),
    "not_received": (
        "the dossier is not received yet; let the events begin with received",
        "hồ sơ chưa được nhận; sự kiện đầu tiên phải là nhận hồ sơ",
    ),
    "received_twice": (
        "the dossier is received already; a new dossier has a clock of its own",
        "hồ sơ đã được nhận; hồ sơ mới có thời hạn riêng",
    ),
    "accepted_twice": (
        "the dossier is accepted already; take one of the two out",
        "hồ sơ đã được tiếp nhận; hãy bỏ một trong hai sự kiện",
    ),
    "paused_twice": (
        "the clock stands since {since}; resume it first, or take this pause out",
        "thời hạn đang tạm dừng từ {since}; hãy tiếp tục trước, hoặc bỏ lần tạm dừng này",
    ),
    "not_paused": (
        "nothing is paused; add the pause that this ends, or take it out",
        "không có lần tạm dừng nào đang mở; hãy thêm lần tạm dừng tương ứng, hoặc bỏ sự kiện này",
    ),
    "after_end": (
        "the dossier ended on {ended}; only returned may follow, once",
        "hồ sơ đã kết thúc ngày {ended}; sau đó chỉ còn trả kết quả, một lần",
    ),
    "accepted_while_paused": (
        "the clock stands since {since}; resume it before accepting",
        "thời hạn đang tạm dừng từ {since}; hãy tiếp tục trước khi tiếp nhận",
    ),
    "no_step": (
        "no step is named; write its name as the reason",
        "chưa nêu tên bước; hãy ghi tên bước ở phần lý do",
    ),
    "promise_not_ahead": (
        "the date promised, {until}, is not after this event; promise a later one",
        "ngày hẹn trả {until} không sau sự kiện này; hãy hẹn ngày muộn hơn",
    ),
    "extended_twice": (
        "the term was extended on {before} and may be extended once only; send an apology with the reason "
        "and the new date instead",
        "thời hạn đã được gia hạn ngày {before} và chỉ được gia hạn một lần; "
        "hãy gửi thư xin lỗi nêu lý do và ngày hẹn mới",
    ),
    "extended_too_late": (
        "the term ended on {due}; an ended term is not extended: send an apology with the reason and the new "
        "date instead",
        "thời hạn đã hết ngày {due}; không gia hạn thời hạn đã hết, "
        "hãy gửi thư xin lỗi nêu lý do và ngày hẹn mới",
    ),
    "extended_not_running": (
        "the clock does not run; extend after it has started or was resumed",
        "thời hạn không đang chạy; hãy gia hạn sau khi đã bắt đầu hoặc đã tiếp tục",
    ),
    "no_reason": (
        "an extension needs a reason; write why the time does not suffice",
        "gia hạn phải nêu lý do; hãy ghi vì sao chưa kịp giải quyết",
    ),
    "no_new_date": (
        "an extension needs its new date; give until",
        "gia hạn phải có ngày hẹn mới; hãy ghi until",
    ),
    "new_date_not_later": (
        "the new date {until} is not after the present one, {due}; give a later one",
        "ngày hẹn mới {until} không sau ngày hẹn hiện tại {due}; hãy chọn ngày muộn hơn",
    ),
}


def _decimal(amount: Decimal | int | str) -> Decimal:
    try:
        return Decimal(amount)
    except InvalidOperation as fault:
        raise BudgetRefused(f"{amount!r} is not a number; write 15 or 0.5") from fault


def _decimals(steps: Mapping[str, Decimal | int | str] | None) -> dict[str, Decimal]:
    return {name: _decimal(amount) for name, amount in (steps or {}).items()}


def _positive(amount: Decimal, what: str) -> Decimal:
    if not amount.is_finite() or amount <= 0:
        raise BudgetRefused(f"{what}: {amount} is no time to work in; write more than 0, as 15 or 0.5")
    return amount
