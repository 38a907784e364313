"""Where PostgreSQL, DuckDB and Spark write the same thing in different ways."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from motcua.rules.sql.subset import Digits
from motcua.rules.values import NUMBERS, write_number

# Stands in an enumerated column for a text that the model does not allow.
NOT_ALLOWED = "(not allowed)"
# Texts of a longer list are kept as texts: to find them in it would cost more than is saved.
MOST_MEMBERS = 16
# A list of more items is built once by a subquery of its own; a short one is cheaper inside the expression.
MOST_ITEMS_INSIDE = 64


@dataclass(frozen=True, slots=True)
class Dialect:
    """One database's spelling; `name` is also its name in sqlglot."""

    name: str

    def written(self, text: str) -> str:
        """Return a statement as sqlglot reads and writes it again: what it cannot read is our mistake."""
        # Loaded here alone: it takes longer than all of the rules, and most who import them compile nothing.
        import sqlglot

        return sqlglot.parse_one(text, read=self.name).sql(dialect=self.name)

    def text(self, value: str) -> str:
        """Return a text literal."""
        if self.name == "spark":
            escaped = value.replace("\\", "\\\\").replace("'", "\\'")
            return f"'{escaped}'"
        quoted = value.replace("'", "''")
        # NUL cannot stand in PostgreSQL text; such a literal equals nothing there.
        return f"'{quoted}'"

    def name_of(self, name: str) -> str:
        """Return a quoted identifier."""
        mark = "`" if self.name == "spark" else '"'
        return mark + name.replace(mark, mark * 2) + mark

    def number(self, value: Decimal) -> str:
        """Return a number literal; without an exponent it is a decimal in all three."""
        text = write_number(value.normalize(NUMBERS))
        # Two minus signs in a row would begin a comment.
        return f"({text})" if value < 0 else text

    def as_decimal(self, text: str, digits: Digits) -> str:
        """Return a number as a decimal of so many digits; PostgreSQL's has no bound of its own."""
        if self.name == "postgres":
            return f"CAST({text} AS NUMERIC)"
        return f"CAST({text} AS DECIMAL({digits.whole + digits.scale}, {digits.scale}))"

    def same(self, left: str, right: str) -> str:
        """Return two-valued equality: null equals null."""
        return f"({left} <=> {right})" if self.name == "spark" else f"({left} IS NOT DISTINCT FROM {right})"

    def by_code_point(self, text: str) -> str:
        """Return text compared by code points, whatever the database's language is."""
        return f'{text} COLLATE "C"' if self.name == "postgres" else text

    def contains(self, text: str, part: str) -> str:
        """Return whether the text holds the part; all three find the empty part at 1."""
        call = "INSTR" if self.name == "spark" else "STRPOS"
        return f"({call}({text}, {part}) > 0)"

    def starts_with(self, text: str, part: str) -> str:
        """Return whether the text begins with the part."""
        return f"(LEFT({text}, LENGTH({part})) = {part})"

    def ends_with(self, text: str, part: str) -> str:
        """Return whether the text ends with the part."""
        return f"(RIGHT({text}, LENGTH({part})) = {part})"

    def days_apart(self, later: str, earlier: str) -> str:
        """Return whole days from one date to another."""
        if self.name == "spark":
            return f"DATEDIFF({later}, {earlier})"
        return f"({later} - {earlier})"

    def plus_days(self, date: str, days: str) -> str:
        """Return the date a number of days later."""
        if self.name == "spark":
            return f"DATE_ADD({date}, CAST({days} AS INT))"
        return f"({date} + CAST({days} AS INT))"

    def plus_months(self, date: str, months: str) -> str:
        """Return the same day of a later month, or that month's last day."""
        if self.name == "spark":
            return f"ADD_MONTHS({date}, CAST({months} AS INT))"
        return f"CAST(({date} + ({months}) * INTERVAL '1' MONTH) AS DATE)"

    def weekday(self, date: str) -> str:
        """Return 1 for Monday to 7 for Sunday."""
        if self.name == "spark":
            return f"(WEEKDAY({date}) + 1)"
        return f"CAST(EXTRACT(ISODOW FROM {date}) AS INT)"

    def part(self, part: str, date: str) -> str:
        """Return the year, month or day of a date as a whole number."""
        return f"CAST(EXTRACT({part.upper()} FROM {date}) AS INT)"

    def moment(self, text: str) -> str:
        """Return a literal of a local date and time."""
        return f"CAST('{text}' AS {'TIMESTAMP_NTZ' if self.name == 'spark' else 'TIMESTAMP'})"

    def seconds(self, moment: str) -> str:
        """Return the moment cut to whole seconds, as FEEL compares it."""
        if self.name == "spark":
            return f"CAST(DATE_TRUNC('second', {moment}) AS TIMESTAMP_NTZ)"
        return f"DATE_TRUNC('second', {moment})"

    def array_item(self, items: Sequence[str], place: str) -> str:
        """Return the item at a place counted from 1."""
        inside = ", ".join(items)
        if self.name == "postgres":
            return f"(ARRAY[{inside}])[{place}]"
        if self.name == "spark":
            return f"ELEMENT_AT(ARRAY({inside}), CAST({place} AS INT))"
        if len(items) <= MOST_ITEMS_INSIDE:
            return f"[{inside}][{place}]"
        # As a subquery the list is built once, not again for each chunk of rows.
        return f"(SELECT [{inside}])[{place}]"

    def enumerated(self, text: str, allowed: Sequence[str]) -> str | None:
        """Return a text as one of an enumeration, NOT_ALLOWED for any other; None where that saves nothing.

        A column of it takes a byte a row and reads as text, and DuckDB fills it in less time than one of texts.
        """
        if self.name != "duckdb" or not 0 < len(allowed) <= MOST_MEMBERS or NOT_ALLOWED in allowed:
            return None
        kind = f"ENUM({', '.join(map(self.text, (*allowed, NOT_ALLOWED)))})"
        known = " ".join(
            f"WHEN {text} = {self.text(one)} THEN CAST({self.text(one)} AS {kind})" for one in allowed
        )
        return f"CASE {known} WHEN {text} IS NOT NULL THEN CAST({self.text(NOT_ALLOWED)} AS {kind}) END"

    def number_at(self, numbers: Sequence[int | None], place: str) -> str:
        """Return the whole number at a place counted from 1; the array is one literal, which is quick to read."""
        largest = max((abs(one) for one in numbers if one is not None), default=0)
        kind = "SMALLINT" if largest < 2**15 else "INTEGER" if largest < 2**31 else "BIGINT"
        if self.name == "spark":
            inside = ",".join("0" if one is None else str(one) for one in numbers)
            item = f"ELEMENT_AT(CAST(SPLIT('{inside}', ',') AS ARRAY<{kind}>), CAST({place} AS INT))"
            return f"NULLIF({item}, 0)" if None in numbers else item
        inside = ",".join("NULL" if one is None else str(one) for one in numbers)
        if self.name == "postgres":
            return f"(CAST('{{{inside}}}' AS {kind}[]))[{place}]"
        return f"(SELECT CAST('[{inside}]' AS {kind}[]))[{place}]"

    def relation(self, columns: Mapping[str, Sequence[str | int]]) -> str:
        """Return a relation of constants under quoted names, as arrays side by side; whole numbers are one literal."""
        arrays = [self._array(items) for items in columns.values()]
        names = ", ".join(columns)
        if self.name == "postgres":
            alias = f'{next(iter(columns))[:-1]} rows"'
            return f"UNNEST({', '.join(arrays)}) AS {alias}({names})"
        if self.name == "spark":
            return f"(SELECT INLINE(ARRAYS_ZIP({', '.join(arrays)})) AS ({names}))"
        picked = ", ".join(f"UNNEST({array}) AS {name}" for array, name in zip(arrays, columns, strict=True))
        return f"(SELECT {picked})"

    def _array(self, items: Sequence[str | int]) -> str:
        if items and isinstance(items[0], str):
            inside = ", ".join(map(str, items))
            if self.name == "postgres":
                return f"CAST(ARRAY[{inside}] AS TEXT[])"
            return f"ARRAY({inside})" if self.name == "spark" else f"[{inside}]"
        inside = ",".join(map(str, items))
        if self.name == "postgres":
            return f"CAST('{{{inside}}}' AS BIGINT[])"
        if self.name == "spark":
            return f"CAST(SPLIT('{inside}', ',') AS ARRAY<BIGINT>)"
        return f"CAST('[{inside}]' AS BIGINT[])"


DIALECTS = {name: Dialect(name) for name in ("postgres", "duckdb", "spark")}
