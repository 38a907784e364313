"""What can become of a draft."""

from django.db import models


class Outcome(models.TextChoices):
    """Open, or how it was closed."""

    OPEN = "open", "Đang soạn"
    INSTALLED = "installed", "Đã áp dụng"
    DISCARDED = "discarded", "Đã bỏ"
