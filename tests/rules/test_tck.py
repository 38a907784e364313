"""The conformance kit's runner, and the kit itself where it is at hand."""

import json
import os
from pathlib import Path

import pytest

from motcua.rules.commands import main
from motcua.rules.tck import run_kit

from .models import decision, definitions, input_data, literal

KIT = Path(os.environ.get("MOTCUA_TCK_DIR") or Path(__file__).resolve().parents[3] / "shared" / "dmn-tck")
CASES = """<testCases xmlns="http://www.omg.org/spec/DMN/20160719/testcase"
  xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema">
  <modelName>small.dmn</modelName>
  {}
</testCases>"""
CASE = """<testCase id="{id}"><inputNode name="x">{given}</inputNode>
  <resultNode name="answer"><expected>{wanted}</expected></resultNode></testCase>"""


def value(text: str, kind: str) -> str:
    return f'<value xsi:type="xsd:{kind}">{text}</value>'


NIL = '<value xsi:nil="true"/>'


@pytest.fixture
def kit(tmp_path):
    def written(*cases: tuple[str, str], text: str = "x") -> Path:
        model = definitions(input_data("x") + decision("answer", literal(text), "x"))
        (tmp_path / "small.dmn").write_text(model, encoding="utf-8")
        made = "".join(CASE.format(id=n, given=g, wanted=w) for n, (g, w) in enumerate(cases))
        (tmp_path / "small-test.xml").write_text(CASES.format(made), encoding="utf-8")
        return tmp_path

    return written


@pytest.mark.parametrize(
    "given",
    [
        value("1.5", "decimal"),
        value("a", "string"),
        value("true", "boolean"),
        value("2021-02-28", "date"),
        value("10:00:00", "time"),
        value("2021-02-28T10:00:00", "dateTime"),
        value("P1D", "duration"),
        value("P1Y", "yearMonthDuration"),
        NIL,
        f'<component name="a">{value("1", "decimal")}</component>',
        f"<list><item>{value('1', 'decimal')}</item><item>{NIL}</item></list>",
        '<list xsi:nil="true"/>',
        value("thing", "unheard"),
        value("NaN", "double"),
    ],
)
def test_every_kind_of_value_is_read(kit, given):
    report = run_kit(kit((given, given)))

    assert not report.misses


def test_values_and_nulls_are_counted_apart(kit):
    report = run_kit(
        kit((value("1", "decimal"), value("1", "decimal")), (value("1", "decimal"), NIL), (NIL, NIL))
    )

    assert report.count(wants_value=True, passed=True) == 1
    assert report.count(wants_value=False, passed=True) == 1
    assert [one.case for one in report.misses] == ["1"]


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ("[1, 2]", f"<list><item>{value('1', 'decimal')}</item></list>"),
        ("1", f"<list><item>{value('1', 'decimal')}</item></list>"),
        ("{a: 1}", f'<component name="b">{value("1", "decimal")}</component>'),
        ("1", value("1", "string")),
        ("1", value("1.1", "decimal")),
    ],
)
def test_a_wrong_value_is_a_miss(kit, given, wanted):
    report = run_kit(kit((NIL, wanted), text=given))

    assert len(report.misses) == 1


def test_numbers_may_differ_in_the_ninth_place(kit):
    assert not run_kit(kit((NIL, value("0.333333333", "decimal")), text="1/3")).misses


def test_a_model_that_cannot_be_loaded_fails_even_where_null_is_wanted(kit):
    folder = kit((NIL, NIL))
    (folder / "small.dmn").write_text("<nothing/>", encoding="utf-8")

    report = run_kit(folder)

    assert "not a DMN model" in report.misses[0].seen


def test_a_case_that_is_stopped_is_told(kit):
    report = run_kit(kit((NIL, value("1", "decimal")), text="count(for i in 1..3000000 return i)"))

    assert "steps" in report.misses[0].seen


def test_other_files_and_paths_are_passed_over(kit):
    folder = kit((NIL, NIL))
    (folder / "notes.xml").write_text("<notes/>", encoding="utf-8")

    assert not run_kit(folder, only="elsewhere").outcomes
    assert len(run_kit(folder).outcomes) == 1


def test_services_are_invoked_by_name(tmp_path):
    service = (
        decision("one", literal("x + 1"), "x")
        + decision("two", literal("x + 2"), "x")
        + '<decisionService name="both" id="both"><outputDecision href="#one"/><outputDecision href="#two"/>'
        '<inputData href="#in x"/></decisionService>'
    )
    (tmp_path / "small.dmn").write_text(definitions(input_data("x", "number") + service), encoding="utf-8")
    case = (
        f'<testCase id="1" type="decisionService" invocableName="both"><inputNode name="x">{value("1", "decimal")}'
        f'</inputNode><resultNode name="two"><expected>{value("3", "decimal")}</expected></resultNode></testCase>'
    )
    (tmp_path / "t.xml").write_text(CASES.format(case), encoding="utf-8")

    assert not run_kit(tmp_path).misses


def test_the_command_prints_counts_and_fails_on_a_miss(kit, capsys):
    folder = kit((NIL, value("1", "decimal")))

    assert main(["tck", str(folder)]) == 1
    assert "value wanted: 0 passed, 1 failed" in capsys.readouterr().out
    assert main(["tck", str(folder), "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["value_wanted"] == {"passed": 0, "failed": 1}
    assert main(["tck", str(folder / "absent")]) == 2


if KIT.is_dir():

    def test_the_kit_passes_but_for_external_java():
        report = run_kit(KIT)

        assert {one.folder for one in report.misses} <= {"0076-feel-external-java"}
        assert report.count(wants_value=True, passed=True) >= 1684
