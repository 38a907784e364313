"""The commands and the lines of JSON."""

import argparse
import io
import json
import runpy
import sys

import pytest

from motcua.rules.commands import add_commands, main

from .models import decision, definitions, input_data, item, literal, one_expression, one_table, table


@pytest.fixture
def model(tmp_path):
    def written(source: str, name: str = "m.dmn") -> str:
        (tmp_path / name).write_text(source, encoding="utf-8")
        return str(tmp_path / name)

    return written


def piped(monkeypatch, text: str) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(text))


TYPED = definitions(
    item("tAges", "number", collection=True)
    + '<itemDefinition name="tPerson"><itemComponent name="born"><typeRef>date</typeRef></itemComponent></itemDefinition>'
    + input_data("n", "number")
    + input_data("d", "date")
    + input_data("t", "time")
    + input_data("m", "date and time")
    + input_data("p", "days and time duration")
    + input_data("y", "years and months duration")
    + input_data("s", "string")
    + input_data("l", "tAges")
    + input_data("c", "tPerson")
    + decision(
        "answer", literal("[n, d, t, m, p, y, s, l, c.born]"), "n", "d", "t", "m", "p", "y", "s", "l", "c"
    )
)


def test_eval_reads_plain_json(model, tmp_path, capsys, monkeypatch):
    facts = {
        "n": "1.5", "d": "2021-01-02", "t": "10:00:00", "m": "2021-01-02T10:00:00", "p": "P1D",
        "y": "P1Y", "s": "P1D", "l": ["1", 2], "c": {"born": "2000-01-01"},
    }  # fmt: skip
    (tmp_path / "facts.json").write_text(json.dumps(facts), encoding="utf-8")

    assert main(["eval", model(TYPED), "--input", str(tmp_path / "facts.json")]) == 0
    assert json.loads(capsys.readouterr().out)["value"] == [
        "1.5", "2021-01-02", "10:00:00", "2021-01-02T10:00:00", "P1D", "P1Y", "P1D", ["1", "2"], "2000-01-01",
    ]  # fmt: skip
    piped(monkeypatch, '{"x": 1.25}')
    assert main(["eval", model(one_expression("x * 2", x="number")), "--lang", "en"]) == 0
    assert capsys.readouterr().out.startswith("Result: 2.50.")


@pytest.mark.parametrize("facts", ['{"n": "many"}', '{"d": "2021-02-30"}', '{"zzz": 1}', "{"])
def test_eval_refuses_with_a_sentence(model, facts, capsys, monkeypatch):
    piped(monkeypatch, facts)

    assert main(["eval", model(TYPED)]) == 2
    assert capsys.readouterr().err


def test_check_prints_findings(model, capsys):
    wrong = model(one_table({"x": "number"}, table(["x"], [(["< 5"], ["1"]), (["< 6"], ["1"])])))

    assert main(["check", wrong]) == 1
    assert "rules 1 and 2 overlap" in capsys.readouterr().out
    assert main(["check", wrong, "--json"]) == 1
    assert json.loads(capsys.readouterr().out)[0]["kind"] == "overlap"
    assert main(["check", model(one_expression("1"))]) == 0


def test_show_prints_text_and_html(model, capsys):
    body = table(
        ["x"],
        [(["< 5"], ['"<b>"']), (["-"], ['"no"'])],
        policy="FIRST",
        notes=["vi", "en", "source"],
        annotations=[["Ít", "Few", "Điều 1"], ["", "", ""]],
    )
    path = model(one_table({"x": "number"}, body))

    assert main(["show", path, "--lang", "en"]) == 0
    text = capsys.readouterr().out
    assert "answer (F: the first row that matches applies)" in text
    assert "Few" in text
    assert "Ít" not in text
    assert main(["show", path, "--html"]) == 0
    html = capsys.readouterr().out
    assert '<th scope="row">1</th>' in html
    assert "&lt;b&gt;" in html
    assert "Điều 1" in html


def run_lines(capsys, monkeypatch, *lines: dict, flags: tuple[str, ...] = ()) -> list[dict]:
    piped(monkeypatch, "\n\n".join(json.dumps(line) if isinstance(line, dict) else line for line in lines))
    assert main(["run", "--jsonl", *flags]) == 0
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


EVERYTHING = {
    "c": {
        "n": {"n": "1.5"},
        "s": {"s": "a"},
        "d": {"d": "2021-01-02"},
        "t": {"d": "10:00:00"},
        "m": {"d": "2021-01-02T10:00:00"},
        "p": {"d": "P1D"},
        "y": {"d": "P1Y"},
        "b": True,
        "z": None,
        "l": [{"n": "1"}],
    }
}


def test_lines_carry_every_kind_of_value(model, capsys, monkeypatch):
    path = model(definitions(input_data("x") + decision("answer", literal("x"), "x")))

    assert run_lines(
        capsys, monkeypatch, {"id": 1, "model": path, "name": "answer", "inputs": {"x": EVERYTHING}}
    ) == [{"id": 1, "value": EVERYTHING}]


def test_a_broken_line_stops_nothing(model, capsys, monkeypatch):
    path = model(one_expression("[1..2]"))
    answers = run_lines(
        capsys,
        monkeypatch,
        {"id": "a", "model": path, "name": "answer"},
        {"id": "b", "model": path, "name": "none"},
        {"id": "c", "model": path, "name": "answer", "kind": "thing"},
        {"id": "d", "model": path, "name": "answer", "inputs": {"x": {"q": 1}}},
        {"id": "e", "model": path + "x", "name": "answer"},
        {"id": "f"},
        "not json",
        {"id": "g", "model": path, "name": "answer", "inputs": {"x": 5}},
    )

    assert [one["id"] for one in answers] == ["a", "b", "c", "d", "e", "f", None, "g"]
    assert all("error" in one for one in answers)


def test_services_knowledge_and_imports_by_line(model, capsys, monkeypatch):
    library = model(definitions(decision("base", literal("41")), namespace="urn:l"), "library.txt")
    source = (
        '<import name="l" namespace="urn:l"/>'
        + input_data("x", "number")
        + decision("answer", literal("l.base + 1"), "k:none").replace('href="#none"', 'href="urn:l#base"')
        + decision("a", literal("x + 1"), "x")
        + decision("b", literal("x + 2"), "x")
        + '<decisionService name="s" id="s"><outputDecision href="#a"/><outputDecision href="#b"/><inputData href="#in x"/></decisionService>'
        '<businessKnowledgeModel name="k" id="k"><variable name="k"/><encapsulatedLogic><formalParameter name="x"/>'
        "<literalExpression><text>{p: x, q: 2}</text></literalExpression></encapsulatedLogic></businessKnowledgeModel>"
    )
    path = model(definitions(source))
    one = {"x": {"n": "1"}}
    base = {"model": path, "imports": [library], "inputs": one}

    answers = run_lines(
        capsys,
        monkeypatch,
        {**base, "id": 1, "kind": "decision", "name": "answer"},
        {**base, "id": 2, "kind": "decisionService", "name": "s", "result": "b"},
        {**base, "id": 3, "kind": "decisionService", "name": "s"},
        {**base, "id": 4, "kind": "bkm", "name": "k", "result": "q"},
        {**base, "id": 5, "kind": "bkm", "name": "k", "result": "zzz"},
    )

    assert [one["value"] for one in answers] == [
        {"n": "42"},
        {"n": "3"},
        {"c": {"a": {"n": "2"}, "b": {"n": "3"}}},
        {"n": "2"},
        {"c": {"p": {"n": "1"}, "q": {"n": "2"}}},
    ]


def test_sets_answer_what_they_claim_and_skip_the_rest(model, capsys, monkeypatch):
    body = table(["x"], [(["> 1"], ["x", "true"])], outputs=[("a", "number", ""), ("b", "boolean", "")])
    source = definitions(
        input_data("x", "number")
        + input_data("s", "string")
        + decision("sum", literal("x + 1"), "x")
        + decision("text", literal("s + s"), "s")
        + decision("pair", body, "x")
        + decision("length", literal("string length(s)"), "s")
        + decision("constant", literal("1"))
        + decision("list", literal("[x]"), "x")
    )
    base = {"model": model(source), "inputs": {"x": {"n": "1.5"}, "s": {"s": "a'b"}}}
    names = ("sum", "text", "pair", "length", "constant", "list", "none")

    answers = run_lines(
        capsys,
        monkeypatch,
        *({**base, "id": name, "name": name} for name in names),
        {**base, "id": "k", "kind": "bkm", "name": "k"},
        flags=("--set",),
    )

    assert [one.get("value") for one in answers] == [
        {"n": "2.5"}, {"s": "a'ba'b"}, {"c": {"a": {"n": "1.5"}, "b": True}}, {"n": "3"}, {"n": "1"}, None, None, None,
    ]  # fmt: skip
    assert all("skipped" in one for one in answers[5:])


def test_sets_are_skipped_where_duckdb_is_not_installed(model, capsys, monkeypatch):
    monkeypatch.setitem(sys.modules, "duckdb", None)
    line = {"id": 1, "model": model(one_expression("1")), "name": "answer"}

    answers = run_lines(capsys, monkeypatch, line, flags=("--set",))

    assert "is not installed" in answers[0]["skipped"]


def test_the_commands_join_a_larger_program():
    parser = argparse.ArgumentParser()
    add_commands(parser.add_subparsers())

    assert callable(parser.parse_args(["rules", "show", "m.dmn"]).act)


def test_the_module_runs_alone(monkeypatch, model):
    monkeypatch.setattr(sys, "argv", ["rules", "show", model(one_expression("1"))])

    with pytest.raises(SystemExit) as left:
        runpy.run_module("motcua.rules", run_name="__main__")

    assert left.value.code == 0


def test_eval_writes_a_context_by_its_parts(model, capsys, monkeypatch):
    piped(monkeypatch, '{"x": 1.5}')

    assert main(["eval", model(one_expression('{a: x, b: [@"2021-01-02"]}', x="number"))]) == 0

    assert json.loads(capsys.readouterr().out)["value"] == {"a": "1.5", "b": ["2021-01-02"]}
