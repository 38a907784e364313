"""What a clock of a device was worth, what an auditor found, and how a list of teams is headed."""

from django.db import models

LIST_COLUMNS = ("team", "team_name", "place", "agency", "login", "name")


class Clock(models.TextChoices):
    """Whether the moment of a consent, which only the device saw, can be relied on."""

    GOOD = "good", "Đồng hồ máy khớp với máy chủ"
    CORRECTED = "corrected", "Đồng hồ máy lệch, giờ đã được chỉnh"
    DOUBTFUL = "doubtful", "Đồng hồ máy đã bị đổi, giờ không chắc"


class Finding(models.TextChoices):
    """What an auditor found when a person said that they had not asked for help."""

    NOT_ASKED = "not_asked", "Người dân không nhờ"
    ASKED = "asked", "Người dân có nhờ"
