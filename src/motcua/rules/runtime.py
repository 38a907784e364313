"""What generated code calls: filters, paths, iteration, contexts and calls."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from functools import lru_cache

from motcua.rules import temporal as t
from motcua.rules.operators import order
from motcua.rules.temporal import Date, DateTime, DayDuration, MonthDuration, Time
from motcua.rules.values import NUMBERS, Range, Value
from motcua.rules.work import MOST_STEPS, begin_work, spend

__all__ = ["MOST_STEPS", "begin_work", "spend"]

# The same few days are asked of one case after the other.
_plus_days = lru_cache(maxsize=4096)(t.plus_days)


def as_list(value: Value) -> list[Value]:
    """Return a list as it is and anything else as its only item."""
    return value if type(value) is list else [value]


def all_of(values: Iterable[Value]) -> bool | None:
    """Return three-valued `and` over all."""
    known: bool | None = True
    for value in values:
        if value is False:
            return False
        if value is not True:
            known = None
    return known


def any_of(values: Iterable[Value]) -> bool | None:
    """Return three-valued `or` over all."""
    known: bool | None = False
    for value in values:
        if value is True:
            return True
        if value is not False:
            known = None
    return known


def make_range(low: Value, high: Value, low_included: bool, high_included: bool) -> Value:
    """Return the range, or null when its ends have no order between them."""
    if low is not None and high is not None and order(low, high) is None:
        return None
    return Range(low, high, low_included, high_included)


def index(value: Value, place: Value) -> Value:
    """Return `value[place]`, counted from 1, or from the end when negative."""
    items = as_list(value)
    if type(place) is not Decimal or place != place.to_integral_value() or not place:
        return None
    at = int(place)
    if abs(at) > len(items):
        return None
    return items[at - 1] if at > 0 else items[at]


def keep(value: Value, condition: Callable[[Value], Value]) -> Value:
    """Return the items for which the condition is true."""
    if value is None:
        return []
    items = as_list(value)
    spend(len(items))
    return [item for item in items if condition(item) is True]


def keep_or_index(value: Value, condition: Callable[[Value], Value]) -> Value:
    """Filter by what turns out, when it runs, to be an index or a condition."""
    items = [] if value is None else as_list(value)
    spend(len(items))
    first = condition(items[0] if items else None)
    if type(first) is Decimal:
        return index(items, first)
    kept: list[Value] = []
    for at, item in enumerate(items):
        found = condition(item) if at else first
        if found is True:
            kept.append(item)
        elif odd_condition(found):
            return None
    return kept


def item_member(value: Value, name: str) -> Value:
    """Return a member of a context that is known to be one, or null."""
    return value.get(name) if type(value) is dict else None


def has_member(value: Value, name: str) -> bool:
    """Say whether the item that is filtered has a member of this name."""
    return type(value) is dict and name in value


def path(value: Value, name: str) -> Value:
    """Return `value.name`; over a list, the list of its items' members."""
    kind = type(value)
    if kind is dict:
        return value.get(name)
    if kind is list:
        return [path(item, name) for item in value]
    reader = _MEMBERS.get(kind)
    if reader is None:
        return None
    found = reader.get(name)
    return None if found is None else found(value)


def _seconds(nanos: int) -> Decimal:
    return (
        NUMBERS.divide(Decimal(nanos), Decimal(t.SECOND)) if nanos % t.SECOND else Decimal(nanos // t.SECOND)
    )


def _offset(shift: int | None) -> DayDuration | None:
    return None if shift is None else DayDuration(shift * t.SECOND)


def _part(nanos: int, unit: int, size: int) -> Decimal:
    part = abs(nanos) // unit % size
    return Decimal(-part if nanos < 0 else part)


def _months(value: MonthDuration, *, years: bool) -> Decimal:
    part = abs(value.months) // 12 if years else abs(value.months) % 12
    return Decimal(-part if value.months < 0 else part)


_DATE: dict[str, Callable[[Value], Value]] = {
    "year": lambda d: Decimal(d.year),
    "month": lambda d: Decimal(d.month),
    "day": lambda d: Decimal(d.day),
    "weekday": lambda d: Decimal(t.weekday(d)),
}
_TIME: dict[str, Callable[[Value], Value]] = {
    "hour": lambda c: Decimal(c.nanos // t.HOUR),
    "minute": lambda c: Decimal(c.nanos // t.MINUTE % 60),
    "second": lambda c: _seconds(c.nanos % t.MINUTE),
    "time offset": lambda c: _offset(t.time_offset(c)),
    "timezone": lambda c: c.zone,
}


def _of_date(read: Callable[[Value], Value]) -> Callable[[Value], Value]:
    return lambda moment: read(moment.date)


def _of_time(read: Callable[[Value], Value]) -> Callable[[Value], Value]:
    return lambda moment: read(moment.time)


_MEMBERS: dict[type, dict[str, Callable[[Value], Value]]] = {
    Date: {
        **_DATE,
        "hour": lambda d: Decimal(0),
        "minute": lambda d: Decimal(0),
        "second": lambda d: Decimal(0),
        "time offset": lambda d: DayDuration(0),
        "timezone": lambda d: None,
    },
    Time: _TIME,
    DateTime: {
        **{name: _of_date(read) for name, read in _DATE.items()},
        **{name: _of_time(read) for name, read in _TIME.items()},
        "time offset": lambda m: _offset(t.offset_of(m)),
    },
    DayDuration: {
        "days": lambda d: Decimal(abs(d.nanos) // t.DAY * (-1 if d.nanos < 0 else 1)),
        "hours": lambda d: _part(d.nanos, t.HOUR, 24),
        "minutes": lambda d: _part(d.nanos, t.MINUTE, 60),
        "seconds": lambda d: _seconds(abs(d.nanos) % t.MINUTE) * (-1 if d.nanos < 0 else 1),
    },
    MonthDuration: {
        "years": lambda d: _months(d, years=True),
        "months": lambda d: _months(d, years=False),
    },
    Range: {
        "start": lambda r: None if r.operator == "!=" else r.start,
        "end": lambda r: None if r.operator == "!=" else r.end,
        "start included": lambda r: None if r.operator == "!=" else r.start_included,
        "end included": lambda r: None if r.operator == "!=" else r.end_included,
    },
}


def span(low: Value, high: Value) -> list[Value] | None:
    """Return the whole numbers, or the days, from one end to the other, up or down."""
    if type(low) is Decimal and type(high) is Decimal:
        if low != low.to_integral_value() or high != high.to_integral_value():
            return None
        first, last = int(low), int(high)
        made: Callable[[int], Value] = Decimal
    elif type(low) is Date and type(high) is Date:
        first, last = t.day_number(low), t.day_number(high)
        made = t.date_of
    else:
        return None
    spend(abs(last - first) + 1)
    step = 1 if first <= last else -1
    return [made(at) for at in range(first, last + step, step)]


def each(value: Value) -> list[Value] | None:
    """Return what `for x in value` runs over; null when there is nothing to run over."""
    if type(value) is Range:
        if value.start is None or value.end is None:
            return None
        items = span(value.start, value.end)
        if items is None:
            return None
        if not value.start_included:
            items = items[1:]
        return items if value.end_included else items[:-1]
    if value is None:
        return None
    items = as_list(value)
    spend(len(items))
    return items


class NothingToRunOver(Exception):
    """An iterator of a `for`, `some` or `every` is null; the whole expression is."""


Source = Callable[..., Value]


def _rows(sources: Sequence[Source], bound: tuple[Value, ...]) -> Iterator[tuple[Value, ...]]:
    items = each(sources[len(bound)](*bound))
    if items is None:
        raise NothingToRunOver
    last = len(bound) + 1 == len(sources)
    for item in items:
        if last:
            yield (*bound, item)
        else:
            yield from _rows(sources, (*bound, item))


def for_each(sources: Sequence[Source], body: Source) -> Value:
    """Return the list of the body's values."""
    try:
        return [body(*row) for row in _rows(sources, ())]
    except NothingToRunOver:
        return None


def for_each_partial(sources: Sequence[Source], body: Source) -> Value:
    """Return the list of the body's values, where the body sees the values before its own."""
    made: list[Value] = []
    try:
        for row in _rows(sources, ()):
            # Each round copies what was made before it.
            spend(len(made) // 16)
            made.append(body(*row, list(made)))
    except NothingToRunOver:
        return None
    return made


def some(sources: Sequence[Source], body: Source) -> Value:
    """Return whether the body is true for one row."""
    try:
        return any_of(body(*row) for row in _rows(sources, ()))
    except NothingToRunOver:
        return None


def every(sources: Sequence[Source], body: Source) -> Value:
    """Return whether the body is true for every row."""
    try:
        return all_of(body(*row) for row in _rows(sources, ()))
    except NothingToRunOver:
        return None


def days_later(date: Date | None, days: int) -> Date | None:
    """Return the date so many days later."""
    return None if date is None else _plus_days(date, days)


def odd_condition(value: Value) -> bool:
    """Say whether the condition of an `if` is neither true, false nor null."""
    return value is not None and type(value) is not bool
