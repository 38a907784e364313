"""The Python of a model, for a person to read."""

from pathlib import Path

import pytest

from motcua.rules import load
from motcua.rules.commands import main
from motcua.rules.listing import listed_source

from .models import one_expression, one_table, table

MODEL = Path(__file__).resolve().parents[2] / "packs" / "travel_pass" / "decisions" / "travel_pass.dmn"


def test_source_has_its_constants_in_place_and_names_its_decisions():
    body = table(["x", "t"], [([">= 2.50", "-"], ["1"]), (["-", '"a", "b"'], ["2"])], policy="FIRST")

    shown = listed_source(load(one_table({"x": "number", "t": "string"}, body)), "answer")

    assert '# decision "answer"' in shown
    assert "i0 >= Decimal('2.50')" in shown
    assert "<outcomes of answer>.get" in shown
    assert "if not (i1 in {'a', 'b'})" in shown
    assert "#   i1 = t" in shown
    assert "v1 = f('t')" in shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ('contains(x, "a")', "contains("),
        ("x in [1..3]", "<[1..3]>"),
        ("x instance of number", "<type number>"),
        ("upper case", "upper case"),
        ('x in [@"2021-01-02"]', "Date(year=2021, month=1, day=2"),
    ],
)
def test_helpers_are_called_by_their_names(text, shown):
    assert shown in listed_source(load(one_expression(text, x="string")))


def test_what_would_fill_pages_keeps_its_name():
    many = ", ".join(f'"{at:09}"' for at in range(40))
    body = table(["t"], [([many], ["1"])])

    shown = listed_source(load(one_table({"t": "string"}, body)))

    assert "000000039" not in shown


def test_the_command_prints_it(capsys):
    assert main(["show", str(MODEL), "--source", "--decision", "verdict"]) == 0

    printed = capsys.readouterr().out
    assert '# decision "verdict"' in printed
    assert "# The way to verdict, from the facts to the answer:" in printed
    assert main(["show", str(MODEL), "--source", "--decision", "nothing"]) == 2
