"""Registers kept by directives, as relations of the values that one law gives to each place."""

from collections.abc import Sequence

from motcua.directives.law import Law
from motcua.registers.declaration import Declaration
from motcua.registers.sets import literal, quoted
from motcua.registers.sources.directive import record_at
from motcua.registers.tables import LINE, TYPES


class LawRegisters:
    """Gives the registers of one law to ``registers.sets``: at most one record for each place."""

    def __init__(self, law: Law) -> None:
        self.law = law

    def __call__(self, declaration: Declaration) -> str | None:
        """Return a record for each place that the law speaks of; None if no directive keeps the register."""
        if declaration.source != "directive":
            return None
        names = [column.name for column in declaration.columns]
        kinds = [TYPES[column.type] for column in declaration.columns]
        rows = []
        for code in self._places(declaration):
            record = record_at(declaration, self.law, code)
            if record is not None:
                cells = (_cell(record[name], kind) for name, kind in zip(names, kinds, strict=True))
                rows.append(f"(1::bigint, {', '.join(cells)})")
        listed = ", ".join(map(quoted, (LINE, *names)))
        if rows:
            return f"(SELECT * FROM (VALUES {', '.join(rows)}) AS v ({listed}))"
        nothing = ", ".join(f"NULL::{kind}" for kind in kinds)
        return f"(SELECT * FROM (SELECT 1::bigint, {nothing} WHERE FALSE) AS v ({listed}))"

    def _places(self, declaration: Declaration) -> Sequence[str | None]:
        """Return every place that there is at the moment: a code that names none has no record either."""
        if not declaration.key:
            return [None]
        return sorted({code for spec in declaration.parameters for code in self.law.column(spec.address)})


def _cell(text: str | None, kind: str) -> str:
    return f"{'NULL' if text is None else literal(text)}::{kind}"
