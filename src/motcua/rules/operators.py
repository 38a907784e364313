"""What the operators of FEEL mean at run time; undefined is null, never an exception."""

from __future__ import annotations

from decimal import ROUND_DOWN, ROUND_HALF_EVEN, Context, Decimal

from motcua.rules import temporal as t
from motcua.rules.temporal import Date, DateTime, DayDuration, MonthDuration, Time
from motcua.rules.values import NUMBERS, Function, Range, Value
from motcua.rules.work import hold_text, spend

_ORDERED = (Decimal, str, Date, DayDuration, MonthDuration)
# Durations are whole numbers inside; their products are exact before they are cut.
_WIDE = Context(prec=80, rounding=ROUND_HALF_EVEN, traps=[])


def equal(left: Value, right: Value) -> bool | None:
    """Return `left = right`: null equals only null, and different kinds cannot be compared."""
    if left is None or right is None:
        return left is right
    kind = type(left)
    if kind is not type(right):
        return _equal_across(left, right)
    if kind is list:
        return _equal_lists(left, right)
    if kind is dict:
        return _equal_contexts(left, right)
    if kind is DateTime:
        return _equal_moments(left, right)
    if kind is Time:
        return _equal_times(left, right)
    if kind is Function:
        return True if left is right else None
    return bool(left == right)


def _equal_across(left: Value, right: Value) -> bool | None:
    kinds = (type(left), type(right))
    if kinds == (Date, DateTime):
        return _equal_moments(DateTime(left, Time(0, 0)), right)
    if kinds == (DateTime, Date):
        return _equal_moments(left, DateTime(right, Time(0, 0)))
    return None


def _equal_lists(left: list[Value], right: list[Value]) -> bool | None:
    if len(left) != len(right):
        return False
    spend(len(left) + 1)
    for one, other in zip(left, right, strict=True):
        same = equal(one, other)
        if same is not True:
            return same
    return True


def _equal_contexts(left: dict[str, Value], right: dict[str, Value]) -> bool | None:
    if left.keys() != right.keys():
        return False
    spend(len(left) + 1)
    for name, value in left.items():
        same = equal(value, right[name])
        if same is not True:
            return same
    return True


def _equal_moments(left: DateTime, right: DateTime) -> bool:
    if (t.offset_of(left) is None) != (t.offset_of(right) is None):
        return False
    return t.instant(left) // t.SECOND == t.instant(right) // t.SECOND


def _equal_times(left: Time, right: Time) -> bool:
    ours, theirs = t.time_offset(left), t.time_offset(right)
    if (ours is None) != (theirs is None):
        return False
    return _seconds(left, ours) == _seconds(right, theirs)


def _seconds(time: Time, offset: int | None) -> int:
    """Return the value of a time as the standard counts it, in whole seconds."""
    return time.nanos // t.SECOND - (offset or 0)


def identical(left: Value, right: Value) -> bool:
    """Return `is(left, right)`: alike in kind and in every part, without any conversion."""
    if type(left) is not type(right):
        return False
    if type(left) is list:
        spend(len(left) + 1)
        return len(left) == len(right) and all(map(identical, left, right))
    if type(left) is dict:
        spend(len(left) + 1)
        return left.keys() == right.keys() and all(identical(left[name], right[name]) for name in left)
    return left is right if type(left) is Function else bool(left == right)


def unequal(left: Value, right: Value) -> bool | None:
    """Return `left != right`."""
    same = equal(left, right)
    return None if same is None else not same


def order(left: Value, right: Value) -> int | None:
    """Return -1, 0 or 1, or None when the two have no order."""
    kind = type(left)
    if kind is not type(right):
        if kind is Date and type(right) is DateTime:
            return order(DateTime(left, Time(0, 0)), right)
        if kind is DateTime and type(right) is Date:
            return order(left, DateTime(right, Time(0, 0)))
        return None
    if kind in _ORDERED:
        if left == right:
            return 0
        return -1 if left < right else 1
    if kind is DateTime:
        if (t.offset_of(left) is None) != (t.offset_of(right) is None):
            return None
        ours, theirs = t.instant(left) // t.SECOND, t.instant(right) // t.SECOND
        return (ours > theirs) - (ours < theirs)
    if kind is Time:
        shift, other = t.time_offset(left), t.time_offset(right)
        if (shift is None) != (other is None):
            return None
        ours, theirs = _seconds(left, shift), _seconds(right, other)
        return (ours > theirs) - (ours < theirs)
    return None


def less(left: Value, right: Value) -> bool | None:
    """Return `left < right`."""
    found = order(left, right)
    return None if found is None else found < 0


def at_most(left: Value, right: Value) -> bool | None:
    """Return `left <= right`."""
    found = order(left, right)
    return None if found is None else found <= 0


def greater(left: Value, right: Value) -> bool | None:
    """Return `left > right`."""
    found = order(left, right)
    return None if found is None else found > 0


def at_least(left: Value, right: Value) -> bool | None:
    """Return `left >= right`."""
    found = order(left, right)
    return None if found is None else found >= 0


def both(left: Value, right: Value) -> bool | None:
    """Return three-valued `and`; what is not a boolean counts as null."""
    if left is False or right is False:
        return False
    return True if left is True and right is True else None


def either(left: Value, right: Value) -> bool | None:
    """Return three-valued `or`."""
    if left is True or right is True:
        return True
    return False if left is False and right is False else None


def between(value: Value, low: Value, high: Value) -> bool | None:
    """Return `value between low and high`."""
    return both(at_least(value, low), at_most(value, high))


def finite(value: Decimal) -> Decimal | None:
    """Return the number, or None when the operation had no finite result."""
    return value if value.is_finite() else None


def add(left: Value, right: Value) -> Value:
    """Return `left + right`."""
    ours, theirs = type(left), type(right)
    if ours is Decimal and theirs is Decimal:
        return finite(NUMBERS.add(left, right))
    if ours is str and theirs is str:
        hold_text(len(left) + len(right))
        return left + right
    if ours in (DayDuration, MonthDuration):
        if ours is theirs:
            return _held(ours, left[0] + right[0])
        left, right = right, left
    if type(right) is MonthDuration:
        return _later_by_months(left, right.months)
    if type(right) is DayDuration:
        return _later(left, right.nanos)
    return None


def _later_by_months(value: Value, months: int) -> Value:
    if type(value) is Date:
        return t.plus_months(value, months)
    if type(value) is DateTime:
        date = t.plus_months(value.date, months)
        return None if date is None else DateTime(date, value.time)
    return None


def _later(value: Value, nanos: int) -> Value:
    if type(value) is Date:
        return t.plus_days(value, nanos // t.DAY)
    if type(value) is DateTime:
        return t.moved(value, nanos)
    if type(value) is Time:
        return value._replace(nanos=(value.nanos + nanos) % t.DAY)
    return None


def subtract(left: Value, right: Value) -> Value:
    """Return `left - right`."""
    ours, theirs = type(left), type(right)
    if ours is Decimal and theirs is Decimal:
        return finite(NUMBERS.subtract(left, right))
    if theirs in (DayDuration, MonthDuration):
        if ours is theirs:
            return _held(ours, left[0] - right[0])
        if ours in (DayDuration, MonthDuration):
            return None
        return add(left, theirs(-right[0]))
    if ours is Time and theirs is Time:
        return _time_apart(left, right)
    if ours is Date:
        left = DateTime(left, Time(0, 0))
    if theirs is Date:
        right = DateTime(right, Time(0, 0))
    if type(left) is DateTime and type(right) is DateTime:
        if (t.offset_of(left) is None) != (t.offset_of(right) is None):
            return None
        return DayDuration(t.instant(left) - t.instant(right))
    return None


def days_between(later: Date | None, earlier: Date | None) -> DayDuration | None:
    """Return the difference of two values that are known to be dates."""
    if later is None or earlier is None:
        return None
    return DayDuration((t.day_number(later) - t.day_number(earlier)) * t.DAY)


def negation(value: bool | None) -> bool | None:
    """Return `not(value)` of what is known to be a boolean."""
    return None if value is None else not value


def _time_apart(left: Time, right: Time) -> DayDuration | None:
    ours, theirs = t.time_offset(left), t.time_offset(right)
    if (ours is None) != (theirs is None):
        return None
    shift = ((ours or 0) - (theirs or 0)) * t.SECOND
    return DayDuration(left.nanos - right.nanos - shift)


def multiply(left: Value, right: Value) -> Value:
    """Return `left * right`."""
    ours, theirs = type(left), type(right)
    if ours is Decimal and theirs is Decimal:
        return finite(NUMBERS.multiply(left, right))
    if theirs is Decimal:
        left, right, ours, theirs = right, left, theirs, ours
    if ours is Decimal and theirs in (DayDuration, MonthDuration):
        return _cut(theirs, _WIDE.multiply(left, Decimal(right[0])))
    return None


def _cut(kind: type[DayDuration] | type[MonthDuration], exact: Decimal) -> Value:
    if not exact.is_finite() or exact.adjusted() > 40:
        return None
    return _held(kind, int(exact.to_integral_value(ROUND_DOWN)))


def _held(kind: type[DayDuration] | type[MonthDuration], count: int) -> Value:
    return kind(count) if abs(count) <= t.LARGEST_DURATION else None


def divide(left: Value, right: Value) -> Value:
    """Return `left / right`; division by zero is null."""
    ours, theirs = type(left), type(right)
    if ours is Decimal and theirs is Decimal:
        return finite(NUMBERS.divide(left, right)) if right else None
    if ours in (DayDuration, MonthDuration):
        if theirs is Decimal and right:
            return _cut(ours, _WIDE.divide(Decimal(left[0]), right))
        if ours is theirs and right[0]:
            return finite(NUMBERS.divide(Decimal(left[0]), Decimal(right[0])))
    return None


def power(left: Value, right: Value) -> Value:
    """Return `left ** right`."""
    if type(left) is Decimal and type(right) is Decimal:
        if not left and not right:
            return Decimal(1)
        return finite(NUMBERS.power(left, right))
    return None


def negate(value: Value) -> Value:
    """Return `-value`."""
    kind = type(value)
    if kind is Decimal:
        return NUMBERS.minus(value)
    if kind in (DayDuration, MonthDuration):
        return kind(-value[0])
    return None


def in_range(value: Value, interval: Range) -> bool | None:
    """Return whether the value lies in the range; null where an end or the value has no order."""
    if interval.operator is not None:
        return _in_open(value, interval)
    low = order(value, interval.start)
    high = order(value, interval.end)
    after = None if low is None else low > 0 or (low == 0 and interval.start_included)
    before = None if high is None else high < 0 or (high == 0 and interval.end_included)
    return both(after, before)


def _in_open(value: Value, interval: Range) -> bool | None:
    if interval.operator == "=":
        return equal(value, interval.start)
    if interval.operator == "!=":
        return unequal(value, interval.start)
    if interval.operator in ("<", "<="):
        return (less if interval.operator == "<" else at_most)(value, interval.end)
    return (greater if interval.operator == ">" else at_least)(value, interval.start)


def open_range(operator: str, value: Value) -> Range:
    """Return the range that `(operator value)` means."""
    if operator in ("=", "!="):
        return Range(value, value, True, True, operator)
    if operator in ("<", "<="):
        return Range(None, value, False, operator == "<=", operator)
    return Range(value, None, operator == ">=", False, operator)


def is_in(value: Value, test: Value) -> bool | None:
    """Return `value in test`, where the test is a range, a list of tests, or a value."""
    kind = type(test)
    if kind is Range:
        if type(value) is Range:
            return equal(value, test)
        return in_range(value, test)
    if kind is list:
        if type(value) is list and equal(value, test) is True:
            return True
        spend(len(test))
        found: bool | None = False
        for item in test:
            inner = is_in(value, item) if type(item) is Range else equal(value, item)
            if inner is True:
                return True
            if inner is None and type(item) is Range:
                found = None
        return found
    return equal(value, test)


def cell_accepts(value: Value, test: Value) -> bool:
    """Say whether the value of a cell's expression accepts the input: true, or it holds it."""
    return (test is True and type(value) is not bool) or constant_accepts(value, test)


def cell_denies(value: Value, test: Value) -> bool:
    """Say whether the value of a cell's expression is known to refuse the input."""
    if test is False and type(value) is not bool:
        return True
    if type(value) is list and type(test) is not list:
        return len(value) == 1 and is_in(value[0], test) is False
    return is_in(value, test) is False


def constant_accepts(value: Value, test: Value) -> bool:
    """Say whether a constant in a cell accepts the input: equals it, or holds it."""
    if type(value) is list and type(test) is not list:
        return is_in(value[0], test) is True if len(value) == 1 else False
    return is_in(value, test) is True
