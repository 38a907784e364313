"""Registers kept by directives, as relations of the values that one law gives to the places that are asked about."""

from django.db import connection

from motcua.directives.law import Law
from motcua.registers.declaration import Declaration
from motcua.registers.sets import literal, quoted
from motcua.registers.sources.directive import record_at
from motcua.registers.tables import LINE, TYPES


class LawRegisters:
    """Gives the registers of one law to ``registers.sets``: at most one record for each place."""

    def __init__(self, law: Law) -> None:
        self.law = law

    def __call__(self, declaration: Declaration, asked: str) -> str | None:
        """Return the records of the places that the query ``asked`` names; None if no directive keeps the register."""
        if declaration.source != "directive":
            return None
        names = [column.name for column in declaration.columns]
        kinds = [TYPES[column.type] for column in declaration.columns]
        rows = []
        for code in self._places(declaration, asked):
            record = record_at(declaration, self.law, code)
            if record is not None:
                cells = (_cell(record[name], kind) for name, kind in zip(names, kinds, strict=True))
                rows.append(f"(1::bigint, {', '.join(cells)})")
        listed = ", ".join(map(quoted, (LINE, *names)))
        if rows:
            return f"(SELECT * FROM (VALUES {', '.join(rows)}) AS v ({listed}))"
        nothing = ", ".join(f"NULL::{kind}" for kind in kinds)
        return f"(SELECT * FROM (SELECT 1::bigint, {nothing} WHERE FALSE) AS v ({listed}))"

    def _places(self, declaration: Declaration, asked: str) -> list[str | None]:
        if not declaration.key:
            return [None]
        with connection.cursor() as cursor:
            cursor.execute(asked)
            return sorted(code for (code,) in cursor.fetchall() if code is not None)


def _cell(text: str | None, kind: str) -> str:
    return f"{'NULL' if text is None else literal(text)}::{kind}"
