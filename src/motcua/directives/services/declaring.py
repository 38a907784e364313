"""Declaring what directives may set, and moving the mark by which every process sees that the law changed."""

from collections.abc import Sequence
from datetime import datetime
from uuid import uuid4

from django.db import transaction

from motcua.directives.law import forget_now_and_after
from motcua.directives.models import LawMark, Parameter
from motcua.directives.parameters import ParameterSpec


@transaction.atomic
def declare_parameters(*, register: str, specs: Sequence[ParameterSpec], now: datetime) -> None:
    """Bring what directives may set in the register to these; what is no longer among them is set no longer."""
    kept = [spec.address for spec in specs]
    Parameter.objects.filter(address__startswith=f"{register}.").exclude(address__in=kept).delete()
    for spec in specs:
        Parameter.objects.update_or_create(
            address=spec.address,
            defaults={
                "type": spec.type,
                "label_vi": spec.label.vi,
                "label_en": spec.label.en,
                "title_vi": spec.title.vi,
                "title_en": spec.title.en,
                "allowed": list(spec.allowed),
                "minimum": spec.minimum,
                "maximum": spec.maximum,
                "by_place": spec.by_place,
            },
        )
    move_mark(now)


def withdraw_parameters(*, register: str, now: datetime) -> None:
    """Take back everything that directives may set in the register, because it is kept otherwise now."""
    declare_parameters(register=register, specs=(), now=now)


def move_mark(now: datetime) -> None:
    """Draw the mark of the law anew, in the transaction that changes it."""
    LawMark.objects.update_or_create(pk=1, defaults={"mark": uuid4(), "moved_at": now})
    forget_now_and_after()
