"""One switch after the other: each is held against the law and the passes that the one before it left."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import connection

from motcua.switching.steps import SwitchState
from motcua.switching.switch_models import Switch

# Of all switches together; a number of our own among the locks of the database.
_LOCK = 0x6D6F_7463_7561_0025
GOING = (
    SwitchState.COMPARING,
    SwitchState.PUBLISHING,
    SwitchState.APPLYING,
    SwitchState.TELLING,
    SwitchState.UNDOING,
)


@contextmanager
def alone() -> Iterator[bool]:
    """Hold the turn while the block runs; False if another worker carries a switch. It ends with its process."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [_LOCK])
        mine = bool(cursor.fetchone()[0])
    try:
        yield mine
    finally:
        if mine and connection.is_usable():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])


def ahead_of(switch: Switch, now: datetime) -> Switch | None:
    """Return the switch that has to end before this one may begin, or None if it is its turn; one query.

    What has begun goes first, then what is due, in the order of the moments that were confirmed; of the same moment
    the directive that was meant to hold earlier, then the one prepared earlier.
    """
    if switch.state != SwitchState.SCHEDULED:
        return None
    others = Switch.objects.filter(state__in=(SwitchState.SCHEDULED, *GOING), due_at__lte=now)
    others = others.exclude(pk=switch.pk).select_related("directive")
    first = [each for each in others if each.state != SwitchState.SCHEDULED or _order(each) < _order(switch)]
    return min(first, key=lambda each: (each.state == SwitchState.SCHEDULED, _order(each)), default=None)


def _order(switch: Switch) -> tuple[datetime, datetime, int]:
    return switch.due_at, switch.directive.from_at, switch.directive_id
