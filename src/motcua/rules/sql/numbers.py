"""Decimals in SQL: how many digits a number can have, and arithmetic that never leaves them.

A FEEL number has 34 digits. A result that could need more is refused when the statement is written, since databases
round it, overflow, or turn it into a binary float, each in its own way.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import reduce

from motcua.rules.kinds import NUMBER
from motcua.rules.sql.dialects import Dialect
from motcua.rules.sql.subset import Digits, Sql
from motcua.rules.values import NUMBERS

MOST_DIGITS = 34
# What is taken of a column that nobody described: every 64-bit integer fits, and so do six decimals.
USUAL = Digits(19, 6)
# DuckDB and Spark hold 38 digits. DuckDB takes a remainder of wider ones as binary floats.
WIDEST = 38
# Up to so many digits DuckDB counts in 64 bits, and breaks off at a result that needs more, unless an operand has more.
SHORT = 18


class TooManyDigits(Exception):
    """A result that could need more digits than a number has."""

    def __init__(self, digits: Digits) -> None:
        self.digits = digits
        super().__init__(str(digits))


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """Writes operations on numbers; every result has its digits, and the columns it was made of."""

    dialect: Dialect

    def combined(self, operator: str, left: Sql, right: Sql) -> Sql:
        """Return a sum, difference or product."""
        one, other = digits_of(left), digits_of(right)
        if operator == "*":
            digits = Digits(one.whole + other.whole, one.scale + other.scale)
        else:
            digits = Digits(max(one.whole, other.whole) + 1, max(one.scale, other.scale))
        text = (
            f"({self._operand(left, None if _is_long(other) else digits)} {operator} {self._operand(right)})"
        )
        if operator == "*" and self.dialect.name == "spark":
            # Spark counts one digit more for each product, and in the end cuts decimals off.
            text = self.dialect.as_decimal(text, _held(digits))
        return _made(text, digits, left, right)

    def negated(self, operand: Sql) -> Sql:
        """Return minus the operand."""
        return _made(f"(-{self._operand(operand)})", digits_of(operand), operand)

    def absolute(self, operand: Sql) -> Sql:
        """Return the operand without its sign."""
        return _made(f"ABS({self._operand(operand)})", digits_of(operand), operand)

    def whole(self, call: str, operand: Sql) -> Sql:
        """Return the next whole number down (FLOOR) or up (CEIL)."""
        # Over an integer these calls give a binary float; a decimal stays decimal.
        one = digits_of(operand)
        text = f"{call}({self._operand(operand, Digits(one.whole + 1, max(one.scale, 1)))} + 0.0)"
        return _made(text, Digits(one.whole + 1, 0), operand)

    def modulo(self, operand: Sql, by: Sql) -> Sql:
        """Return the remainder with the sign of the divisor; null where that is nought."""
        one, other = digits_of(operand), digits_of(by)
        inner = Digits(max(one.whole, other.whole) + 1, max(one.scale, other.scale))
        if inner.whole + inner.scale > WIDEST - 2:
            raise TooManyDigits(inner)
        divisor = f"NULLIF({self._operand(by, inner)}, 0)"
        text = f"((({self._operand(operand)} % {divisor}) + {divisor}) % {divisor})"
        return _made(text, Digits(other.whole + 1, inner.scale), operand, by)

    def divided(self, operand: Sql, by: Decimal) -> Sql | None:
        """Return the operand over a constant whose reciprocal ends; None for any other."""
        part = reciprocal(by)
        if part is None:
            return None
        return self.combined("*", operand, self._constant(part))

    def rounded(self, operand: Sql, scale: int, how: str) -> Sql:
        """Return the operand with so many decimals; `how` is even, up, down, half up, half down, floor or ceiling."""
        step = Decimal(1).scaleb(scale)
        moved = self.combined("*", operand, self._constant(step)) if scale else operand
        halved = {"half up": ("FLOOR", "0.5", "CEIL", "-0.5"), "half down": ("CEIL", "-0.5", "FLOOR", "0.5")}
        digits = digits_of(moved)
        text = self._operand(moved, Digits(digits.whole + 1, max(digits.scale, 1)))
        low = f"FLOOR({text} + 0.0)"
        high = f"CEIL({text} + 0.0)"
        if how == "even":
            rest = f"({text} - {low})"
            made = (
                f"(CASE WHEN {rest} < 0.5 THEN {low} WHEN {rest} > 0.5 THEN {low} + 1 "
                f"WHEN {low} % 2 = 0 THEN {low} ELSE {low} + 1 END)"
            )
        elif how in halved:
            plus, above, minus, below = halved[how]
            made = f"(CASE WHEN {text} >= 0 THEN {plus}({text} + {above}) ELSE {minus}({text} + {below}) END)"
        elif how in ("up", "down"):
            away, toward = (high, low) if how == "up" else (low, high)
            made = f"(CASE WHEN {text} >= 0 THEN {away} ELSE {toward} END)"
        else:
            made = low if how == "floor" else high
        whole = _made(made, Digits(digits.whole + 1, 0), moved)
        return self.combined("*", whole, self._constant(Decimal(1).scaleb(-scale))) if scale else whole

    def summed(self, conditions: Sequence[str], values: Sequence[Decimal]) -> Sql:
        """Return the sum of the constants whose condition holds; null where none does."""
        scale = max(digits_in(one).scale for one in values)
        digits = _held(Digits(digits_in(reduce(NUMBERS.add, map(abs, values))).whole, scale))
        # Each has room for all of them.
        nought, *made = (
            self.dialect.as_decimal(self.dialect.number(one), digits) for one in (Decimal(0), *values)
        )
        pairs = zip(conditions, made, strict=True)
        parts = [f"CASE WHEN {one} THEN {text} ELSE {nought} END" for one, text in pairs]
        while len(parts) > 1:
            parts = [self._added(parts[at : at + 2], digits) for at in range(0, len(parts), 2)]
        none = " AND ".join(f"({one}) IS NOT TRUE" for one in conditions)
        return Sql(f"(CASE WHEN {none} THEN NULL ELSE {parts[0]} END)", NUMBER, digits=digits)

    def _added(self, parts: Sequence[str], digits: Digits) -> str:
        text = f"({' + '.join(parts)})" if len(parts) > 1 else parts[0]
        # Spark counts one digit more for each sum, and in the end cuts decimals off.
        return self.dialect.as_decimal(text, digits) if self.dialect.name == "spark" else text

    def _constant(self, value: Decimal) -> Sql:
        digits = digits_in(value)
        return Sql(
            self.dialect.number(value), NUMBER, constant=True, digits=digits, integer=digits.scale == 0
        )

    def _operand(self, side: Sql, result: Digits | None = None) -> str:
        """Return a side as a decimal; with room for the digits of the result where the other side brings none."""
        own = digits_of(side)
        if self.dialect.name == "duckdb" and result is not None and _is_long(result) and not _is_long(own):
            return self.dialect.as_decimal(side.text, Digits(SHORT + 1 - own.scale, own.scale))
        # Sums and products soon leave the integers of a database, which breaks off there, or begins again below nought.
        return self.dialect.as_decimal(side.text, own) if side.integer else side.text


def _is_long(digits: Digits) -> bool:
    return digits.whole + digits.scale > SHORT


def _held(digits: Digits) -> Digits:
    if digits.whole + digits.scale > MOST_DIGITS:
        raise TooManyDigits(digits)
    return digits


def _made(text: str, digits: Digits, *parts: Sql) -> Sql:
    leaves = frozenset().union(*(part.leaves for part in parts))
    return Sql(text, NUMBER, digits=_held(digits), leaves=leaves)


def digits_of(side: Sql) -> Digits:
    """Return the digits that a number can have."""
    return side.digits or USUAL


def digits_in(value: Decimal) -> Digits:
    """Return the digits of a constant."""
    short = value.normalize(NUMBERS)
    exponent = int(short.as_tuple().exponent)
    return Digits(max(short.adjusted() + 1, 1), max(-exponent, 0))


def choice(text: str, sides: Sequence[Sql]) -> Sql:
    """Return a choice between numbers, with digits that hold each of them."""
    found = [digits_of(one) for one in sides if one.kind is NUMBER]
    digits = Digits(max(one.whole for one in found), max(one.scale for one in found))
    return replace(_made(text, digits, *sides), integer=any(one.integer for one in sides))


def reciprocal(value: Decimal) -> Decimal | None:
    """Return 1 over a constant where that has a last digit, and few of them."""
    if not value:
        return None
    part = NUMBERS.divide(Decimal(1), value)
    exact = NUMBERS.multiply(part, value) == 1 and len(part.normalize(NUMBERS).as_tuple().digits) <= 20
    return part.normalize(NUMBERS) if exact else None
