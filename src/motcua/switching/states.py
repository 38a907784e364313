"""Where a dry run is, what a directive does to one case, and the age bands that effects are counted by."""

from django.db import models


class RunState(models.TextChoices):
    """How far a dry run has come."""

    QUEUED = "queued", "Đang chờ"
    RUNNING = "running", "Đang chạy"
    DONE = "done", "Xong"
    FAILED = "failed", "Không chạy được"
    CANCELLED = "cancelled", "Đã dừng"


class Category(models.TextChoices):
    """What the draft does to a standing pass, an open case, or a person without either.

    Measured against the law in force at the same moment, on the same facts: what changed in the registers since
    the pass was given is no effect of the directive.
    """

    KEPT = "kept", "Giữ nguyên"
    EXTENDED = "extended", "Dài hạn hơn"
    DOWNGRADED = "downgraded", "Ngắn hạn hơn"
    CHANGED = "changed", "Đổi nội dung"
    REVOKED = "revoked", "Không còn hiệu lực"
    TO_PERSON = "to_person", "Cần cán bộ xem"
    GRANTED = "granted", "Được cấp"
    REFUSED = "refused", "Không được cấp"
    STILL_OPEN = "still_open", "Vẫn đang xét"


class Subject(models.TextChoices):
    """What is re-decided."""

    CREDENTIAL = "credential", "Giấy đang có hiệu lực"
    OPEN_CASE = "open_case", "Hồ sơ đang xét"
    PERSON = "person", "Người trong sổ dân cư"


# Years of age reached at the moment of the directive; the last one has no end.
AGE_BANDS = ((0, 17), (18, 29), (30, 44), (45, 59), (60, None))
