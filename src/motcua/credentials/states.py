"""What a key is for, and what a check of a pass can answer."""

from django.db import models


class KeyUse(models.TextChoices):
    """The root signs the bundle of keys; pass keys sign passes and status lists."""

    ROOT = "root", "Khóa gốc"
    PASSES = "passes", "Khóa ký giấy"


class Answer(models.TextChoices):
    """The three answers of a check; what cannot be told is neither valid nor invalid."""

    VALID = "valid", "Hợp lệ"
    NOT_VALID = "not_valid", "Không hợp lệ"
    CANNOT_TELL = "cannot_tell", "Không xác định được"
