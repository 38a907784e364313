"""Lines answered by the set-based engine give the values that lines per case give, or say why not."""

import json

import pytest

from motcua.rules.jsonl import run_lines
from motcua.rules.sql.lines import answer_by_set

from .models import decision, definitions, input_data, literal


@pytest.mark.parametrize(
    ("text", "kind"),
    [('@"P1D" + @"P2D"', "number"), ('@"P14M" - @"P2M"', "number"), ("x + 1", "number"), ('@"2020-01-03" - @"2020-01-01"', "number")],
)  # fmt: skip
def test_a_set_gives_durations_and_numbers_as_a_case_does(tmp_path, text, kind):
    path = tmp_path / "model.dmn"
    path.write_text(
        definitions(input_data("x", kind) + decision("answer", literal(text), "x")), encoding="utf-8"
    )
    line = json.dumps({"id": 1, "model": str(path), "name": "answer", "inputs": {"x": {"n": "1"}}})

    by_case, by_set = next(run_lines([line])), next(run_lines([line], answer_by_set))

    assert by_set == by_case


def test_a_set_skips_inputs_that_have_no_column(tmp_path):
    path = tmp_path / "model.dmn"
    model = input_data("x", "days and time duration") + decision("answer", literal('x + @"P1D"'), "x")
    path.write_text(definitions(model), encoding="utf-8")
    line = json.dumps({"id": 1, "model": str(path), "name": "answer", "inputs": {"x": {"d": "P1D"}}})

    assert "skipped" in json.loads(next(run_lines([line], answer_by_set)))
