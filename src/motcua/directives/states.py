"""Where a directive can be between its first draft and its end."""

from django.db import models


class DirectiveState(models.TextChoices):
    """Told by which of its moments have come; never stored, so that it cannot disagree with them."""

    DRAFT = "draft", "Đang soạn"
    SCHEDULED = "scheduled", "Đã lên lịch, chờ người thứ hai"
    CONFIRMED = "confirmed", "Đã xác nhận, chờ đến giờ"
    IN_FORCE = "in_force", "Đang có hiệu lực"
    REPLACED = "replaced", "Đã được thay thế"
    EXPIRED = "expired", "Đã hết hiệu lực"
    UNDONE = "undone", "Đã hoàn tác"
    DISCARDED = "discarded", "Đã bỏ"
