"""Facts as people give them, on their way into FEEL: known by name, of their declared type."""

from __future__ import annotations

import datetime as plain
from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import cached_property

from motcua.rules.cells import enumerated
from motcua.rules.errors import FactNotAllowed, UnknownInput
from motcua.rules.kinds import ANY, BOOLEAN, DATE, NUMBER, PYTHON_TYPE, STRING, AllowedType, coerce
from motcua.rules.kinds import plain as plain_type
from motcua.rules.scope import nearest
from motcua.rules.temporal import Date
from motcua.rules.units import Unit
from motcua.rules.values import NUMBERS, Value, as_literal, from_plain, to_plain

# Days come back again and again, and making one takes longer than finding it.
KEPT_DAYS = 4096
_days: dict[plain.date, Date] = {}
_plain_days: dict[Date, plain.date | Date] = {}


class Facts:
    """The inputs of a file: reads facts by name, and writes the Python that reads them."""

    def __init__(self, units: Sequence[Unit]) -> None:
        self.units = tuple(units)
        self.names = tuple(unit.element.variable.name for unit in units)
        self._known = frozenset(self.names)
        self.scope: dict[str, object] = {
            "Day": plain.date,
            "convert": self.converted,
            "day": _days.get,
            "day_in": day_in,
            "day_out": day_out,
            "known": self._known.issuperset,
            "number_in": number_in,
            "plain_day": _plain_days.get,
            "refuse": self.refuse,
            "to_plain": to_plain,
        }

    def refuse(self, facts: Mapping[str, object]) -> None:
        """Raise UnknownInput for the first name that the file has no input for."""
        name = next(name for name in facts if name not in self._known)
        raise UnknownInput(name, nearest(name, self.names), self.names)

    def converted(self, at: int, fact: object) -> Value:
        """Return the fact as a value of its input; raises FactNotAllowed when it is of another type."""
        name, kind = self.names[at], self.units[at].type
        value = from_plain(fact, name)
        if value is None or kind is ANY or type(value) is PYTHON_TYPE.get(kind):
            return value
        converted = coerce(value, kind)
        if converted is None:
            wanted = kind.text if isinstance(kind, AllowedType) else f"a {plain_type(kind)}"
            raise FactNotAllowed(name, wanted, as_literal(value))
        return converted

    @cached_property
    def lines(self) -> list[str]:
        """Return the Python that reads all inputs from the mapping `facts` into `v0`, `v1` and so on."""
        found = [" if not known(facts): refuse(facts)", " f = facts.get"]
        for at, unit in enumerate(self.units):
            found.append(f" v{at} = f({self.names[at]!r})")
            found.append(self._check(at, unit))
        return found

    def _check(self, at: int, unit: Unit) -> str:
        value, kind, converted = f"v{at}", plain_type(unit.type), f"v{at} = convert({at}, v{at})"
        if kind is STRING and isinstance(unit.type, AllowedType):
            allows = unit.type.allows
            listed = [one for one in enumerated(unit.type.text) if type(one) is str and allows(one)]
            self.scope[f"allowed{at}"] = frozenset(listed)
            outside = f"type({value}) is not str or {value} not in allowed{at}"
            return f" if {value} is not None and ({outside}): {converted}"
        if kind is STRING and unit.type is STRING:
            return f" if type({value}) is not str and {value} is not None: {converted}"
        if unit.type is BOOLEAN:
            return f" if {value} is not True and {value} is not False and {value} is not None: {converted}"
        if unit.type is DATE:
            made = f"{value} = day({value}) or day_in({value})"
            return f" if type({value}) is Day: {made}\n elif {value} is not None: {converted}"
        if unit.type is NUMBER:
            return f" if {value} is not None: {value} = number_in({value}) or convert({at}, {value})"
        return f" if {value} is not None: {converted}"

    def spoken_lines(self, wanted: Mapping[int, str]) -> str:
        """Return Python for a dict of inputs as plain values: by place of the input, what reads it."""
        parts = [f"{self.names[at]!r}: {self._plainly(at, code)}" for at, code in wanted.items()]
        return f"{{{', '.join(parts)}}}"

    def _plainly(self, at: int, code: str) -> str:
        kind = plain_type(self.units[at].type)
        if kind is DATE:
            return f"None if {code} is None else plain_day({code}) or day_out({code})"
        return code if kind in (STRING, BOOLEAN, NUMBER) else f"to_plain({code})"


def day_in(day: plain.date) -> Date:
    """Return the date and keep it."""
    made = Date(day.year, day.month, day.day)
    if len(_days) >= KEPT_DAYS:
        _days.clear()
    _days[day] = made
    return made


def day_out(day: Date) -> plain.date | Date:
    """Return the date as Python has it and keep it; years that Python lacks stay as they are."""
    made: plain.date | Date = to_plain(day)
    if len(_plain_days) >= KEPT_DAYS:
        _plain_days.clear()
    _plain_days[day] = made
    return made


def number_in(fact: object) -> Decimal | None:
    """Return a number rounded to 34 digits, or None for what takes a closer look."""
    kind = type(fact)
    if kind is Decimal:
        made = NUMBERS.plus(fact)  # type: ignore[arg-type]  # the type was just asked
    elif kind is int:
        made = NUMBERS.create_decimal(fact)  # type: ignore[arg-type]  # the type was just asked
    else:
        return None
    return made if made.is_finite() else None
