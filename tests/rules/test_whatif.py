"""What `motcua rules diff` says of two versions over the rows of a file."""

import json
from pathlib import Path

import duckdb
import pytest

from motcua.rules.commands import main

from .models import one_table, table


def version(limit: str) -> str:
    rules = [
        (['"green"', f">= {limit}"], ['"grant"', '"enough"']),
        (['not("green")', "-"], ['"refuse"', '"zone"']),
        (["-", "-"], ['"refer"', '"doses"']),
    ]
    outputs = [("answer", "string", ""), ("reason", "string", "")]
    return one_table(
        {"zone": "string", "doses": "number"},
        table(["zone", "doses"], rules, policy="FIRST", outputs=outputs),
    )


@pytest.fixture
def models(tmp_path):
    for name, limit in (("old", "1"), ("new", "1.5")):
        (tmp_path / f"{name}.dmn").write_text(version(limit), encoding="utf-8")
    return [str(tmp_path / "old.dmn"), str(tmp_path / "new.dmn")]


ROWS = "zone,doses,ward\ngreen,1,An Hải\ngreen,2,An Hải\nred,1,An Hải\ngreen,,Hòa Vang\ngreen,1.50,Hòa Vang\ngreen,1.49,Hòa Vang\n"
FLIP = {
    "before": {"answer": "grant", "reason": "enough"},
    "after": {"answer": "refer", "reason": "doses"},
    "rule_before": {"number": 1, "id": "rule 1"},
    "rule_after": {"number": 3, "id": "rule 3"},
    "rows": 1,
}


@pytest.mark.parametrize("form", ["csv", "jsonl", "parquet"])
def test_who_changes_is_counted_by_group(models, tmp_path, capsys, form):
    file = tmp_path / f"rows.{form}"
    (tmp_path / "rows.csv").write_text(ROWS, encoding="utf-8")
    typed = "SELECT zone, CAST(doses AS DECIMAL(9, 2)) AS doses, ward FROM read_csv(?, all_varchar = true)"
    if form != "csv":
        kind = "JSON" if form == "jsonl" else "PARQUET"
        duckdb.sql(
            f"COPY ({typed.replace('?', repr(str(tmp_path / 'rows.csv')))}) TO '{file}' (FORMAT {kind})"
        )

    code = main(["diff", *models, "--over", str(file), "--by", "ward", "--json"])

    assert code == 0
    report = json.loads(capsys.readouterr().out)
    assert (report["rows"], report["changed"]) == (6, 2)
    assert report["flips"] == [{"group": {"ward": "An Hải"}, **FLIP}, {"group": {"ward": "Hòa Vang"}, **FLIP}]


def test_the_report_reads_as_lines(models, tmp_path, capsys):
    (tmp_path / "rows.csv").write_text(ROWS, encoding="utf-8")

    main(["diff", *models, "--over", str(tmp_path / "rows.csv")])

    assert capsys.readouterr().out == (
        "2 of 6 rows change their answer.\n"
        "        2  answer grant, reason enough -> answer refer, reason doses  (rule 1 -> rule 3)\n"
    )


def test_an_input_that_the_file_lacks_is_null(models, tmp_path, capsys):
    (tmp_path / "rows.csv").write_text("zone\ngreen\n", encoding="utf-8")

    main(["diff", *models, "--over", str(tmp_path / "rows.csv")])

    assert capsys.readouterr().out == "0 of 1 rows change their answer.\n"


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("rows.txt", "ward\n", "rows are read from .csv"),
        ("rows.csv", "zone\ngreen\n", 'no column "ward"'),
        ("rows.csv", "ward,doses\nAn Hải,many\n", "many"),
        ("missing.csv", None, "no such file"),
    ],
)
def test_a_file_that_does_not_fit_is_refused(models, capsys, name, content, said):
    tmp_path = Path(models[0]).parent
    if content is not None:
        (tmp_path / name).write_text(content, encoding="utf-8")

    code = main(["diff", *models, "--over", str(tmp_path / name), "--by", "ward"])

    assert code == 2
    assert said in capsys.readouterr().err
