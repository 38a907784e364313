"""What an officer wants to do with a case, as sent, and what has to be mended before it can be confirmed."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time

from django.http import HttpRequest

from motcua.calendars.clock import ClockEvent, EventRefused, read_clock
from motcua.calendars.working_time import DayNotCovered
from motcua.cases.desk.reasons import left_to_fill
from motcua.cases.numbers import LOCAL
from motcua.cases.queries import CasePage
from motcua.procedures.content import Act
from motcua.web.ui.components import FieldError, FieldView
from motcua.web.ui.fee_words import dong
from motcua.web.ui.words import Bilingual

LONGEST_REASON = 2000
# A result that is promised for a day is there before the office closes.
CLOSING = time(17)
PARTS = ("day", "month", "year")
CHOOSE = Bilingual("Chọn việc bạn muốn làm.", "Choose what to do.")
GIVE_REASON = Bilingual(
    "Viết lý do. Người dân sẽ đọc nguyên văn lý do này.",
    "Write the reason. The applicant will read it word for word.",
)
SHORTEN = Bilingual("Viết ngắn lại, nhiều nhất 2.000 ký tự.", "Make it shorter: at most 2,000 characters.")
FILL_PLACES = Bilingual(
    "Điền nốt chỗ còn trống trong ngoặc vuông: {places}", "Fill in what stands in square brackets: {places}"
)
GIVE_DATE = Bilingual(
    "Ghi ngày hẹn trả mới, ví dụ 4 12 2026.", "Give the new date of the answer, such as 4 12 2026."
)
NOT_PAID = Bilingual(
    "Người nộp còn phải nộp {amount}, nên kết quả chưa được trao và chưa có gì thay đổi. Ngân hàng báo tiền về thì"
    " trao được ngay; nếu được miễn, người phê duyệt thôi thu ở trang phí, lệ phí của hồ sơ.",
    "The applicant still owes {amount}, so the result was not handed over and nothing was changed. You can once the"
    " bank tells of the payment; if it is waived, an approver takes the demand back on the fees of the case.",
)
TOO_FAR = Bilingual(
    "Ngày hẹn mới nằm ngoài lịch làm việc đã công bố; chọn ngày sớm hơn.",
    "The new date lies beyond the working calendar; choose an earlier one.",
)


@dataclass(frozen=True, slots=True)
class Wish:
    """What an officer wants to do: the act, the reason, the new date if one is set, and the state that they saw."""

    act: str
    reason: str
    seen_state: str
    date_parts: tuple[str, str, str] = ("", "", "")

    @property
    def until(self) -> datetime | None:
        """Return the new date of the answer; None if what was typed is no date."""
        try:
            day, month, year = (int(part) for part in self.date_parts)
            return datetime.combine(date(year, month, day), CLOSING, LOCAL)
        except (ValueError, OverflowError):
            return None

    def errors(self, found: CasePage, now: datetime) -> tuple[FieldError, ...]:
        """Return what has to be mended before the act can be confirmed."""
        act = found.acts.get(self.act)
        if act is None:
            errors = [FieldError("act", CHOOSE)]
        else:
            errors = [FieldError("reason", GIVE_REASON)] if act.needs_reason and not self.reason else []
            errors += self._about_date(act, found, now)
            if found.held_vnd and found.case.procedure.content.workflow.hands_over(
                act, found.case.state_name
            ):
                errors.append(FieldError("act", NOT_PAID.filled(amount=dong(found.held_vnd))))
        if len(self.reason) > LONGEST_REASON:
            errors.append(FieldError("reason", SHORTEN))
        places = left_to_fill(self.reason)
        if places:
            errors.append(FieldError("reason", FILL_PLACES.filled(places=", ".join(places))))
        return tuple(errors)

    def _about_date(self, act: Act, found: CasePage, now: datetime) -> Iterator[FieldError]:
        if not act.extends:
            return
        until = self.until
        if until is None:
            yield FieldError("until", GIVE_DATE)
        elif found.clock is not None:
            clock = found.clock.clock
            wanted = ClockEvent(now, "extended", self.reason or "-", until)
            try:
                read_clock(
                    [*clock.events, wanted],
                    budget=clock.budget,
                    calendar=clock.calendar,
                    recorded=len(clock.events),
                )
            except EventRefused as refusal:
                yield refused_date(refusal)
            except DayNotCovered:
                yield FieldError("until", TOO_FAR)


NO_WISH = Wish("", "", "")
READ_BY_THE_APPLICANT = Bilingual(
    "Người nộp sẽ đọc nguyên văn. Không ghi dữ liệu của người khác.",
    "The applicant will read it word for word. Write nothing about other people.",
)
NEEDED_FOR = Bilingual(
    "Bắt buộc khi chọn: {acts}. Người nộp sẽ đọc nguyên văn. Không ghi dữ liệu của người khác.",
    "Needed for: {acts}. The applicant will read it word for word. Write nothing about other people.",
)


def wish_of(request: HttpRequest) -> Wish:
    """Read what was sent."""
    act, reason, seen = (request.POST.get(name, "") for name in ("act", "reason", "seen_state"))
    day, month, year = (request.POST.get(f"until-{part}", "").strip()[:4] for part in PARTS)
    # Kept a little longer than allowed, so that the page can show back what was too long.
    return Wish(
        act[:60],
        reason.replace("\0", "").strip()[: LONGEST_REASON + 500],
        seen[:60],
        (day, month, year),
    )


def refused_date(refusal: EventRefused) -> FieldError:
    """Return why the clock takes no such date, without the number that it gives to its events."""
    vi, en = (text.partition("): ")[2] or text for text in (refusal.vi, str(refusal)))
    return FieldError("until", Bilingual(vi[:1].upper() + vi[1:] + ".", en[:1].upper() + en[1:] + "."))


def reason_field(wish: Wish, acts: Collection[Act], errors: tuple[FieldError, ...]) -> FieldView:
    """Return the question for the reason; where only some of the acts need one, it says which."""
    needing = [act.label for act in acts if act.needs_reason]
    some = 0 < len(needing) < len(acts)
    named = Bilingual("; ".join(each.vi for each in needing), "; ".join(each.en for each in needing))
    return FieldView(
        name="reason",
        label=Bilingual("Lý do", "Reason"),
        widget="textarea",
        value=wish.reason,
        hint=NEEDED_FOR.filled(acts=named) if some else READ_BY_THE_APPLICANT,
        error=next((error.message for error in errors if error.name == "reason"), ""),
        # Said in the hint where it hangs on the act.
        required=bool(needing),
        max_length=LONGEST_REASON,
    )


def date_field(wish: Wish, errors: tuple[FieldError, ...]) -> FieldView:
    """Return the question for the new date."""
    wrong = next((error.message for error in errors if error.name == "until"), "")
    return FieldView(
        name="until",
        label=Bilingual("Ngày hẹn trả mới", "New date of the answer"),
        widget="date",
        hint=Bilingual(
            "Chỉ ghi khi hẹn lại; kết quả được hẹn trước 17:00 ngày đó.",
            "Only to set a new date; the result is promised for 17:00 of that day.",
        ),
        error=wrong,
        parts=wish.date_parts,
        required=False,
    )
