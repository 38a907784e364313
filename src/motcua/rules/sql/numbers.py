"""Decimals in SQL: how many digits a number can have, and arithmetic that never leaves them.

A FEEL number has 34 digits. A result that could need more is refused when the statement is written, since databases
round it, overflow, or turn it into a binary float, each in its own way.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from motcua.rules.kinds import NUMBER
from motcua.rules.sql.dialects import Dialect
from motcua.rules.sql.subset import Digits, Sql
from motcua.rules.values import NUMBERS

MOST_DIGITS = 34
# What is taken of a column that nobody described: every 64-bit integer fits, and so do six decimals.
USUAL = Digits(19, 6)
# DuckDB and Spark hold 38 digits. DuckDB takes a remainder of wider ones as binary floats.
WIDEST = 38


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
        text = f"({self._operand(left)} {operator} {self._operand(right)})"
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
        text = f"{call}({self._operand(operand)} + 0.0)"
        return _made(text, Digits(digits_of(operand).whole + 1, 0), operand)

    def modulo(self, operand: Sql, by: Sql) -> Sql:
        """Return the remainder with the sign of the divisor; null where that is nought."""
        one, other = digits_of(operand), digits_of(by)
        inner = Digits(max(one.whole, other.whole) + 1, max(one.scale, other.scale))
        if inner.whole + inner.scale > WIDEST - 2:
            raise TooManyDigits(inner)
        divisor = f"NULLIF({self._operand(by)}, 0)"
        text = f"((({self._operand(operand)} % {divisor}) + {divisor}) % {divisor})"
        return _made(text, Digits(other.whole + 1, inner.scale), operand, by)

    def divided(self, operand: Sql, by: Decimal) -> Sql | None:
        """Return the operand over a constant whose reciprocal ends; None for any other."""
        part = reciprocal(by)
        if part is None:
            return None
        factor = Sql(self.dialect.number(part), NUMBER, constant=True, digits=digits_in(part))
        return self.combined("*", operand, factor)

    def rounded(self, operand: Sql, scale: int, how: str) -> Sql:
        """Return the operand with so many decimals; `how` is even, up, down, half up, half down, floor or ceiling."""
        step = Decimal(1).scaleb(scale)
        moved = self.combined("*", operand, self._constant(step)) if scale else operand
        halved = {"half up": ("FLOOR", "0.5", "CEIL", "-0.5"), "half down": ("CEIL", "-0.5", "FLOOR", "0.5")}
        text = self._operand(moved)
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
        whole = _made(made, Digits(digits_of(moved).whole + 1, 0), moved)
        return self.combined("*", whole, self._constant(Decimal(1).scaleb(-scale))) if scale else whole

    def _constant(self, value: Decimal) -> Sql:
        return Sql(self.dialect.number(value), NUMBER, constant=True, digits=digits_in(value))

    def _operand(self, side: Sql) -> str:
        # A count of days or letters is an integer of 32 bits, which a product soon leaves.
        if side.small:
            return self.dialect.as_decimal(side.text, digits_of(side))
        return side.text


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
    return _made(text, digits, *sides)


def reciprocal(value: Decimal) -> Decimal | None:
    """Return 1 over a constant where that has a last digit, and few of them."""
    if not value:
        return None
    part = NUMBERS.divide(Decimal(1), value)
    exact = NUMBERS.multiply(part, value) == 1 and len(part.normalize(NUMBERS).as_tuple().digits) <= 20
    return part.normalize(NUMBERS) if exact else None
