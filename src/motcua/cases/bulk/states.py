"""Where an upload, a row and a mandate can stand."""

from django.db import models


class UploadState(models.TextChoices):
    """The way of an upload; ``UNUSABLE`` is a file that cannot be read as a list."""

    CHECKING = "checking", "Đang kiểm tra"
    UNUSABLE = "unusable", "Không đọc được"
    CHECKED = "checked", "Đã kiểm tra"
    FILING = "filing", "Đang nộp"
    CANCELLING = "cancelling", "Đang dừng"
    CANCELLED = "cancelled", "Đã dừng"
    DONE = "done", "Đã nộp xong"

    @classmethod
    def finished(cls) -> tuple["UploadState", ...]:
        """Return the states in which nothing more is filed, and the manifest is signed."""
        return (cls.CANCELLED, cls.DONE)


class Outcome(models.TextChoices):
    """What is to be said of a row; the last answers are those at the moment of filing."""

    READY = "ready", "Sẵn sàng"
    FAULTY = "faulty", "Có lỗi"
    GRANTED = "granted", "Đã cấp"
    REFUSED = "refused", "Chưa cấp"
    REFERRED = "referred", "Cán bộ đang xem"
    FAILED = "failed", "Chưa nộp được"

    @classmethod
    def filed(cls) -> tuple["Outcome", ...]:
        """Return the outcomes of rows that have become cases."""
        return (cls.GRANTED, cls.REFUSED, cls.REFERRED)


class MandateAnswer(models.TextChoices):
    """Whether somebody may act for a firm; unknown ends with a person."""

    YES = "yes", "Được"
    NO = "no", "Không"
    UNKNOWN = "unknown", "Chưa rõ"
