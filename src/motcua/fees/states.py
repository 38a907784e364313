"""Values of fees: when a line is due, how a demand stands by its payments, how a payment found its case."""

from django.db import models


class Occasion(models.TextChoices):
    """When a fee is asked for."""

    AT_FILING = "at_filing", "Khi nộp hồ sơ"
    BEFORE_DECISION = "before_decision", "Trước khi giải quyết"
    WITH_RESULT = "with_result", "Khi nhận kết quả"


class DemandState(models.TextChoices):
    """How a demand stands; derived from its payments and refunds, never stored."""

    OPEN = "open", "Chưa nộp"
    PART_PAID = "part_paid", "Nộp thiếu"
    PAID = "paid", "Đã nộp"
    OVERPAID = "overpaid", "Nộp thừa"
    REFUNDED = "refunded", "Đã hoàn"
    CANCELLED = "cancelled", "Đã hủy"


class Channel(models.TextChoices):
    """Through what a payment came to be known."""

    NOTICE = "notice", "Ngân hàng báo"
    STATEMENT = "statement", "Sao kê"


class Match(models.TextChoices):
    """How a payment found its demand; empty while it has found none."""

    CODE = "code", "Đúng mã hồ sơ"
    CUT = "cut", "Mã bị cắt, đúng số tiền"
    PERSON = "person", "Cán bộ gắn"


def state_of(*, total_vnd: int, paid_vnd: int, refunded_vnd: int, cancelled: bool) -> DemandState:
    """Return how a demand stands by what was paid for it and what of that was given back."""
    kept = paid_vnd - refunded_vnd
    if cancelled:
        return DemandState.REFUNDED if paid_vnd and kept == 0 else DemandState.CANCELLED
    if kept == 0 and refunded_vnd:
        return DemandState.REFUNDED
    if kept > total_vnd:
        return DemandState.OVERPAID
    if kept == total_vnd:
        return DemandState.PAID
    return DemandState.PART_PAID if kept else DemandState.OPEN


def due_back(*, total_vnd: int, paid_vnd: int, refunded_vnd: int, cancelled: bool) -> int:
    """Return what of the payments is more than the demand asks for, and so has to be given back."""
    return max(0, paid_vnd - refunded_vnd - (0 if cancelled else total_vnd))
