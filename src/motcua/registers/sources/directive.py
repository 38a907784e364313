"""A register that is kept by directives: one record for each place, worked out from the law at the moment of asking."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from motcua.directives.law import InForce, Law, law_at
from motcua.directives.parameters import written
from motcua.registers.declaration import BY_DIRECTIVE, Declaration
from motcua.registers.readings import Cells, Found, Reading

# A city has some hundred places, and each is asked for a few sets of columns.
MOST_KEPT = 20_000


@dataclass(frozen=True, slots=True)
class _Record:
    """The one record of a place, and since when it is so; None and no cells if no directive speaks of the place."""

    cells: list[Cells]
    since: datetime | None


def read_law(
    *,
    declaration: Declaration,
    readings: Sequence[Reading],
    person_keys: Sequence[bytes],
    purpose: str,
    within_seconds: float,
    now: datetime,
) -> Callable[[], Found]:
    """Look the places up in the law of the moment, from memory; a place of which no directive speaks has no record."""
    # The law is the same for everyone and answers at once.
    del person_keys, purpose, within_seconds
    law = law_at(now)
    kept = law.kept
    if len(kept) > MOST_KEPT:
        kept.clear()
    records: dict[tuple[int, bytes], list[Cells]] = {}
    since: dict[tuple[int, bytes], datetime] = {}
    for number, reading in enumerate(readings):
        # A declaration that changes moves the mark of the law, so that its name stands for it here.
        key = (declaration.name, reading)
        found = kept.get(key)
        if not isinstance(found, _Record):
            found = kept[key] = _record(declaration, law, reading)
        if found.since is not None:
            records[number, b""] = found.cells
            since[number, b""] = found.since
    return lambda: Found(records, since=since)


def _record(declaration: Declaration, law: Law, reading: Reading) -> "_Record":
    code = _code(declaration, reading)
    stated = stated_at(declaration, law, code)
    if not stated:
        return _Record([], None)
    cells = tuple(_cell(declaration, stated, code, name) for name in reading.columns)
    return _Record([cells], _last(stated).since)


def stated_at(declaration: Declaration, law: Law, code: str | None) -> dict[str, InForce]:
    """Return what the law sets in the register at the place, by column; nothing means that there is no record."""
    found = {spec.column: law.value(spec.address, code) for spec in declaration.parameters}
    return {column: value for column, value in found.items() if value is not None}


def record_at(declaration: Declaration, law: Law, code: str | None) -> dict[str, str | None] | None:
    """Return the record that the law makes at the place, every column as text; None if there is no record."""
    stated = stated_at(declaration, law, code)
    if not stated:
        return None
    return {column.name: _cell(declaration, stated, code, column.name) for column in declaration.columns}


def _code(declaration: Declaration, reading: Reading) -> str | None:
    if not declaration.key:
        return None
    wanted = dict(reading.exact).get(declaration.key[0])
    return wanted if isinstance(wanted, str) else ""


def _cell(declaration: Declaration, stated: dict[str, InForce], code: str | None, name: str) -> str | None:
    if name in declaration.key:
        return code
    if name == BY_DIRECTIVE:
        return _last(stated).directive
    return written(stated[name].value) if name in stated else None


def _last(stated: dict[str, InForce]) -> InForce:
    """Return what began last: the record is as it is since then."""
    return max(stated.values(), key=lambda each: (each.since, each.directive_id))
