"""The five steps of a rating, what it may say should be better, and its limits."""

from datetime import timedelta

from django.db import models

from motcua.cases.states import Phase


class Step(models.IntegerChoices):
    """How satisfied the applicant is."""

    VERY_SATISFIED = 5, "Rất hài lòng"
    SATISFIED = 4, "Hài lòng"
    NEUTRAL = 3, "Bình thường"
    DISSATISFIED = 2, "Không hài lòng"
    VERY_DISSATISFIED = 1, "Rất không hài lòng"


class Reason(models.TextChoices):
    """What should have been better."""

    SLOW = "slow", "Chậm, không đúng hẹn"
    UNCLEAR = "unclear", "Hướng dẫn khó hiểu"
    PAPERS = "papers", "Phải nộp nhiều giấy tờ, hoặc nộp lại"
    TRIPS = "trips", "Phải đi lại nhiều lần"
    ATTITUDE = "attitude", "Thái độ phục vụ"
    PORTAL = "portal", "Cổng khó dùng"
    COST = "cost", "Phải trả khoản ngoài quy định"


# Who is satisfied, as the share counts it.
SATISFIED = (Step.SATISFIED, Step.VERY_SATISFIED)
ENDED = (Phase.GRANTED, Phase.REFUSED, Phase.CLOSED)
EDITABLE = timedelta(days=1)
LONGEST_WORDS = 1000
# Fewer would tell of single persons.
FEWEST = 10
