"""Words of appointments and tickets, for citizens, halls and counters alike."""

from datetime import datetime

from django.utils import timezone

from motcua.appointments.queries import GroupView, HallView
from motcua.appointments.states import BookingState, Displaced, HoursKind, Priority, TicketState
from motcua.appointments.waits import Range
from motcua.web.ui.words import Bilingual, date_in_words

PRIORITIES = {
    Priority.NONE: Bilingual("Không thuộc diện ưu tiên", "No priority"),
    Priority.ELDERLY: Bilingual("Người cao tuổi", "Elderly"),
    Priority.DISABLED: Bilingual("Người khuyết tật", "With a disability"),
    Priority.PREGNANT: Bilingual("Phụ nữ mang thai", "Pregnant"),
    Priority.CHILDREN: Bilingual("Đi cùng con nhỏ", "With small children"),
    Priority.WAR_INVALID: Bilingual("Thương binh, người có công", "War invalid or person of merit"),
}
BOOKING_STATES = {
    BookingState.BOOKED: Bilingual("Đã hẹn", "Booked"),
    BookingState.CAME: Bilingual("Đã đến", "Came"),
    BookingState.MISSED: Bilingual("Không đến", "Did not come"),
    BookingState.CANCELLED: Bilingual("Đã hủy", "Cancelled"),
}
BOOKING_COLORS = {
    BookingState.BOOKED: "blue",
    BookingState.CAME: "green",
    BookingState.MISSED: "grey",
    BookingState.CANCELLED: "grey",
}
TICKET_STATES = {
    TicketState.WAITING: Bilingual("Đang chờ", "Waiting"),
    TicketState.CALLED: Bilingual("Đang gọi", "Being called"),
    TicketState.FINISHED: Bilingual("Đã xong", "Done"),
    TicketState.SKIPPED: Bilingual("Đã gọi mà không thấy bạn", "Called, and you were not there"),
    TicketState.LEFT: Bilingual("Bạn đã rời hàng chờ", "You left the line"),
}
DISPLACED = {
    Displaced.CLOSED: Bilingual("nơi hẹn nghỉ vào giờ đó", "the office is closed at that time"),
    Displaced.FULL: Bilingual(
        "nơi hẹn phải giảm số người vào giờ đó", "the office can take fewer people at that time"
    ),
}
HOURS_KINDS = {
    HoursKind.CLOSED: Bilingual("Nghỉ", "Closed"),
    HoursKind.OPEN: Bilingual("Mở thêm, nhận hẹn", "Open besides, with appointments"),
    HoursKind.WALK_IN: Bilingual("Mở thêm, chỉ lấy số tại chỗ", "Open besides, numbers in the hall only"),
}
WAIT = Bilingual("khoảng {low} đến {high} phút", "about {low} to {high} minutes")
WAIT_SHORT = Bilingual("dưới {high} phút", "less than {high} minutes")
TIME = Bilingual("{from_} đến {to}, {day}", "{from_} to {to}, {day}")


def group_words(group: GroupView) -> Bilingual:
    """Return the name of a group of services."""
    return Bilingual(group.label_vi, group.label_en)


def hall_words(hall: HallView) -> Bilingual:
    """Return the name of a hall's agency."""
    return Bilingual(hall.name, hall.name_en)


def wait_words(estimate: Range) -> Bilingual:
    """Return a range of minutes."""
    if estimate.low_minutes == 0:
        return WAIT_SHORT.filled(high=estimate.high_minutes)
    return WAIT.filled(low=estimate.low_minutes, high=estimate.high_minutes)


def time_words(starts_at: datetime, ends_at: datetime) -> Bilingual:
    """Return a time with its day: ``08:00 đến 08:30, Thứ Hai, 23/11/2026``."""
    start, end = timezone.localtime(starts_at), timezone.localtime(ends_at)
    return TIME.filled(
        from_=f"{start:%H:%M}",
        to=f"{end:%H:%M}",
        day=Bilingual(date_in_words(start.date(), "vi"), date_in_words(start.date(), "en")),
    )
