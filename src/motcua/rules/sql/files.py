"""Two versions of a model over the rows of a file: what `motcua rules diff` reports."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from motcua.rules.errors import RulesError
from motcua.rules.evaluation import Model
from motcua.rules.sql.dialects import DIALECTS
from motcua.rules.sql.flips import DiffPlan, Flips

ROW = "row of the file"
_TYPES = {"string": "VARCHAR", "boolean": "BOOLEAN", "date": "DATE", "date and time": "TIMESTAMP"}
_TEXT_FILES = {".csv": "csv", ".tsv": "csv", ".jsonl": "json", ".ndjson": "json"}


class FileNotRead(RulesError):
    """A file of rows that cannot be read as the model wants it."""

    def __init__(self, file: Path, reason: str) -> None:
        self.file = file
        super().__init__(f"{file}: {reason}")


@dataclass(frozen=True, slots=True)
class FlipReport:
    """How many rows were decided twice, and the changes among them by group."""

    rows: int
    groups: tuple[str, ...]
    flips: tuple[Flips, ...]
    plan: DiffPlan

    @property
    def changed(self) -> int:
        """How many rows change their answer."""
        return sum(one.count for one in self.flips)

    def to_json(self) -> dict[str, Any]:
        """Return the report as plain dicts, lists and text; numbers are texts, so that no digit is lost."""
        return {
            "rows": self.rows,
            "changed": self.changed,
            "flips": [
                {
                    "group": dict(zip(self.groups, map(_plain, one.group), strict=True)),
                    "before": _plain(one.before),
                    "after": _plain(one.after),
                    "rule_before": self._rule(one.rule_before, self.plan.before.reasons),
                    "rule_after": self._rule(one.rule_after, self.plan.after.reasons),
                    "rows": one.count,
                }
                for one in self.flips
            ],
        }

    def to_text(self) -> str:
        """Return the report as lines for people."""
        lines = [f"{self.changed:,} of {self.rows:,} rows change their answer."]
        for one in self.to_json()["flips"]:
            where = ", ".join(f"{name} {value}" for name, value in one["group"].items())
            why = f"{_shown_rule(one['rule_before'])} -> {_shown_rule(one['rule_after'])}"
            change = f"{_shown(one['before'])} -> {_shown(one['after'])}"
            lines.append(f"{one['rows']:>9,}  {where + ': ' if where else ''}{change}  ({why})")
        return "\n".join(lines)

    @staticmethod
    def _rule(number: int | None, reasons: Sequence[str]) -> dict[str, Any] | None:
        return None if number is None else {"number": number, "id": reasons[number - 1]}


def diff_over_file(
    old: Model, new: Model, file: Path, *, by: Sequence[str], decision: str | None
) -> FlipReport:
    """Decide each row of a CSV, Parquet or JSON-lines file by both versions, and count who changes.

    Columns have the names of the inputs; one that is missing is null in every row. Raises FileNotRead
    and NotInSubset.
    """
    try:
        import duckdb
    except ModuleNotFoundError as error:
        raise FileNotRead(file, "DuckDB is not installed. Install it: pip install duckdb") from error
    with duckdb.connect() as connection:
        try:
            numbers = _fill(connection, file, [old, new], by)
        except duckdb.Error as error:
            raise FileNotRead(file, str(error).splitlines()[0]) from error
        plan = new.diff(old, over="facts", keys=(ROW,), groups=by, decision=decision, numbers=numbers)
        found = connection.execute("SELECT COUNT(*) FROM facts").fetchone()
        flips = tuple(plan.summary(connection))
    return FlipReport(int(found[0]) if found else 0, tuple(by), flips, plan)


def _fill(
    connection: Any, file: Path, models: Sequence[Model], by: Sequence[str]
) -> dict[str, tuple[int, int]]:
    """Read the file into the table of facts, and return the width and scale of its numbers."""
    if not file.is_file():
        raise FileNotRead(file, "there is no such file.")
    kinds = {name: one.type for model in models for name, one in model.inputs.items()}
    connection.execute(f"CREATE TABLE given AS SELECT * FROM {_reader(file, [*kinds, *by])}")
    types = {row[0]: str(row[1]) for row in connection.execute("DESCRIBE given").fetchall()}
    missing = [name for name in by if name not in types]
    if missing:
        raise FileNotRead(file, f'there is no column "{missing[0]}" to group by.')
    name_of = DIALECTS["duckdb"].name_of
    numbers: dict[str, tuple[int, int]] = {}
    columns = [f"ROW_NUMBER() OVER () AS {name_of(ROW)}"]
    for name, kind in kinds.items():
        column = name_of(name)
        if name not in types:
            columns.append(f"CAST(NULL AS {_TYPES.get(kind, 'DECIMAL(9, 0)')}) AS {column}")
        elif types[name] != "VARCHAR":
            columns.append(column)
        elif kind == "number":
            numbers[name] = _width(connection, column)
            columns.append(f"CAST({column} AS DECIMAL({numbers[name][0]}, {numbers[name][1]})) AS {column}")
        else:
            columns.append(f"CAST({column} AS {_TYPES.get(kind, 'VARCHAR')}) AS {column}")
    columns += [name_of(name) for name in by if name not in kinds]
    connection.execute(f"CREATE TABLE facts AS SELECT {', '.join(columns)} FROM given")
    return numbers


def _reader(file: Path, names: Sequence[str]) -> str:
    text = DIALECTS["duckdb"].text(str(file))
    kind = _TEXT_FILES.get(file.suffix.lower())
    if kind == "csv":
        # As texts: a guessed number would be a binary float.
        return f"read_csv({text}, all_varchar = true, header = true)"
    if kind == "json":
        columns = ", ".join(f"{DIALECTS['duckdb'].text(name)}: 'VARCHAR'" for name in dict.fromkeys(names))
        return f"read_json({text}, format = 'newline_delimited', columns = {{{columns}}})"
    if file.suffix.lower() == ".parquet":
        return f"read_parquet({text})"
    raise FileNotRead(file, "rows are read from .csv, .tsv, .jsonl, .ndjson and .parquet files.")


def _width(connection: Any, column: str) -> tuple[int, int]:
    """Return the digits that the texts of a column need, all together and after the point."""
    lengths = [f"MAX(LENGTH(LTRIM(SPLIT_PART({column}, '.', {part}), '-')))" for part in (1, 2)]
    found = connection.execute(f"SELECT {', '.join(lengths)} FROM given").fetchone()
    whole, scale = (int(one or 0) for one in found or (0, 0))
    return min(max(whole, 1) + scale, 38), min(scale, 37)


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    return value if value is None or isinstance(value, (bool, str)) else str(value)


def _shown(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name} {_shown(one)}" for name, one in value.items())
    return "null" if value is None else str(value)


def _shown_rule(rule: dict[str, Any] | None) -> str:
    return "no rule" if rule is None else f"rule {rule['number']}"
