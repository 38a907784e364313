"""How far a switch has come, what a part of it does, and why a case was left as it was."""

from django.db import models


class SwitchState(models.TextChoices):
    """Where a switch is; each state is a step that can be taken up again after its worker died."""

    SCHEDULED = "scheduled", "Chờ đến giờ"
    COMPARING = "comparing", "Đang đối chiếu với lần chạy thử"
    PUBLISHING = "publishing", "Đang công bố danh sách thu hồi"
    APPLYING = "applying", "Đang chuyển hồ sơ và cấp đổi giấy"
    TELLING = "telling", "Đang báo cho người dân"
    DONE = "done", "Đã chuyển xong"
    STOPPED = "stopped", "Đã dừng, chưa đổi gì"
    UNDOING = "undoing", "Đang hoàn tác"
    UNDONE = "undone", "Đã hoàn tác"


class Stage(models.TextChoices):
    """What is done with one part of the cases in one transaction."""

    REVOKE = "revoke", "Thu hồi giấy cũ"
    APPLY = "apply", "Chuyển hồ sơ"
    TAKE_BACK = "take_back", "Trả lại giấy cũ"
    UNDO_PASSES = "undo_passes", "Hoàn lại giấy"
    UNDO_CASES = "undo_cases", "Hoàn lại hồ sơ"


class Left(models.TextChoices):
    """Why a case was left out of the switch, or of its undoing."""

    MOVED_ON = "moved_on", "Có người đã xử lý hồ sơ trong lúc đó"
    FACTS_CHANGED = "facts_changed", "Dữ liệu đổi trong lúc chuyển, cán bộ sẽ xem"
    NOT_SIGNED = "not_signed", "Không ký được giấy mới, cán bộ sẽ xem"


class Kind(models.TextChoices):
    """What a notice tells: that the law was switched, or that this was undone."""

    SWITCHED = "switched", "Chuyển theo chỉ thị"
    UNDONE = "undone", "Hoàn lại"
