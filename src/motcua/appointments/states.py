"""Values of appointments and tickets."""

from django.db import models


class BookingState(models.TextChoices):
    """What became of a booking."""

    BOOKED = "booked", "Đã hẹn"
    CAME = "came", "Đã đến"
    MISSED = "missed", "Không đến"
    CANCELLED = "cancelled", "Đã hủy"


class Displaced(models.TextChoices):
    """Why the office cannot keep a booking as it was made."""

    CLOSED = "closed", "Văn phòng nghỉ giờ đó"
    FULL = "full", "Văn phòng giảm số chỗ"


class HoursKind(models.TextChoices):
    """How hours of their own differ from the calendar of public offices."""

    CLOSED = "closed", "Nghỉ"
    OPEN = "open", "Mở thêm"
    WALK_IN = "walk_in", "Mở thêm, chỉ lấy số tại chỗ"


class Priority(models.TextChoices):
    """Who is called ahead of their number."""

    NONE = "none", "Không thuộc diện ưu tiên"
    ELDERLY = "elderly", "Người cao tuổi"
    DISABLED = "disabled", "Người khuyết tật"
    PREGNANT = "pregnant", "Phụ nữ mang thai"
    CHILDREN = "children", "Người đi cùng con nhỏ"
    WAR_INVALID = "war_invalid", "Thương binh, người có công"


class TicketState(models.TextChoices):
    """Where a ticket stands in the line."""

    WAITING = "waiting", "Đang chờ"
    CALLED = "called", "Đang gọi"
    FINISHED = "finished", "Đã xong"
    SKIPPED = "skipped", "Vắng mặt khi gọi"
    LEFT = "left", "Không chờ nữa"


class ServingEnd(models.TextChoices):
    """How a visit to a counter ended."""

    FINISHED = "finished", "Xong"
    SKIPPED = "skipped", "Vắng mặt"
    HANDED_OVER = "handed_over", "Chuyển quầy"
