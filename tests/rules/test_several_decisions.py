"""Several decisions in one statement say what each says alone."""

from pathlib import Path

import pytest

from motcua import rules
from motcua.rules.sql import NotInSubset, plan_several

duckdb = pytest.importorskip("duckdb")
MODEL = Path(__file__).resolve().parents[2] / "packs" / "travel_pass" / "decisions" / "travel_pass.dmn"
WANTED = ("verdict", "validity days", "travel hours", "employer group", "travel area")
KINDS = {"string": "VARCHAR", "number": "DECIMAL(18,2)", "boolean": "BOOLEAN", "date": "DATE"}


def filled(model: rules.Model) -> "duckdb.DuckDBPyConnection":
    """Return a database with rows in which each input takes some value of its own, or none."""
    values = {
        "string": [
            "'red'",
            "'green'",
            "'active'",
            "'resident'",
            "'employee'",
            "'owner'",
            "'health'",
            "'retail'",
            "'day'",
        ],
        "number": ["1", "7", "14"],
        "boolean": ["TRUE", "FALSE"],
        "date": ["DATE '2021-09-03'", "DATE '2021-09-04'"],
    }
    connection = duckdb.connect()
    cells = []
    for place, (name, one) in enumerate(model.inputs.items()):
        choices = [*values[one.type], "NULL"]
        listed = ", ".join(f"CAST({choice} AS {KINDS[one.type]})" for choice in choices)
        cells.append(
            f'list_extract([{listed}], 1 + CAST(hash(i * 31 + {place}) % {len(choices)} AS INT)) AS "{name}"'
        )
    connection.execute(f"CREATE TABLE cases AS SELECT i AS line, {', '.join(cells)} FROM range(800) AS t (i)")
    return connection


def test_each_output_is_what_its_decision_gives_alone() -> None:
    model = rules.load(MODEL)
    connection = filled(model)

    several = plan_several(model, "cases", decisions=WANTED, dialect="duckdb", keys=["line"])

    rows = connection.execute(several.plan.sql).fetchall()
    columns = ["line", *several.plan.outputs, several.plan.rule_column]
    found = {row[0]: dict(zip(columns, row, strict=True)) for row in rows}
    assert several.plan.outputs == tuple(name for wanted in WANTED for name in several.of[wanted])
    for wanted in WANTED:
        alone = model.over("cases", decision=wanted, dialect="duckdb", keys=["line"])
        for line, *outputs in alone.run(connection):
            told = [found[line][name] for name in several.of[wanted]]
            assert told == outputs[: len(told)]
            if wanted == WANTED[0]:
                assert found[line][several.plan.rule_column] == outputs[-1]
    assert several.plan.reasons == model.over("cases", decision=WANTED[0]).reasons


def test_another_dialect_is_refused() -> None:
    with pytest.raises(NotInSubset):
        plan_several(rules.load(MODEL), "cases", decisions=WANTED, dialect="oracle", keys=["line"])
