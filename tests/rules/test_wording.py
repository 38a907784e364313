"""Explanations in the words of the model: no codes, both languages, the answer first."""

import re
from pathlib import Path

import pytest
import yaml

from motcua.rules import load

from .models import decision, definitions, input_data, one_expression, one_table, table

PACKS = Path(__file__).resolve().parents[2] / "packs"
ZONES = "red: vùng đỏ / red; yellow: vùng vàng / yellow; a line of prose"


def described(made: str, element: str, text: str) -> str:
    """Put a description into the first element of that kind."""
    return re.sub(rf"(<{element}[^>]*>)", rf"\1<description>{text}</description>", made, count=1)


def zone_model(notes=("vi", "en", "source"), *, answers="", outputs=None):
    body = table(
        ["zone", "listed"],
        [(['"red"', "-"], ['"refuse"']), (["-", "false"], ['"refer"']), (["-", "-"], ['"grant"'])],
        policy="FIRST",
        outputs=outputs or [("answer", "string", '"grant","refuse","refer"')],
        notes=list(notes),
        annotations=[
            ["Bạn ở {zone}.", "You live in {zone}.", "QĐ 1/2021, SOURCES.md mục 2.1"],
            ["Chưa có tên.", "Not listed.", ""],
            ["Được cấp.", "Granted.", ""],
        ],
    )
    zone = '<itemDefinition name="tZone"><description>' + ZONES + "</description><typeRef>string</typeRef>"
    zone += '<allowedValues><text>"red","yellow"</text></allowedValues></itemDefinition>'
    answer = f'<itemDefinition name="tAnswer"><description>{answers}</description>'
    answer += "<typeRef>string</typeRef></itemDefinition>"
    listed = described(input_data("listed", "boolean", "Có tên"), "inputData", "có tên / you are listed")
    return load(
        definitions(
            zone
            + answer
            + input_data("zone", "tZone", "Vùng nơi ở")
            + listed
            + decision("verdict", body, "zone", "listed", kind="tAnswer")
        )
    )


WORDS = "grant: được cấp / granted; refuse: không được cấp / not granted; refer: chờ xét / waiting"


def test_answer_reason_and_change_are_in_words():
    made = zone_model(answers=WORDS)({"zone": "red", "listed": True})

    assert made.text("vi").splitlines() == [
        "Kết quả: không được cấp.",
        "Bạn ở vùng đỏ.",
        "Căn cứ: QĐ 1/2021.",
        "Kết quả sẽ là “được cấp” nếu vùng nơi ở là vùng vàng (hiện nay: vùng đỏ).",
    ]
    assert made.text("en").splitlines() == [
        "Result: not granted.",
        "You live in red.",
        "Source: QĐ 1/2021.",
        "The result would be “granted” if zone were yellow (now: red).",
    ]
    assert made.why.reason("vi") == "Bạn ở vùng đỏ."


def test_the_change_leads_to_the_answer_that_ranks_first():
    made = zone_model(answers=WORDS)({"zone": "red", "listed": False})

    assert made.text("vi").splitlines()[-1] == (
        "Kết quả sẽ là “được cấp” nếu vùng nơi ở là vùng vàng (hiện nay: vùng đỏ)"
        " và điều “có tên” là đúng (hiện nay: không đúng)."
    )
    assert "“chờ xét” nếu" in made.text("vi", wanted=["refer"])


def test_the_best_answer_is_told_what_would_end_it():
    made = zone_model(answers=WORDS)({"zone": "yellow", "listed": True})

    assert made.text("vi").splitlines()[-1].startswith("Kết quả sẽ là “không được cấp” nếu")


def test_without_words_the_rule_that_would_fire_says_it():
    made = zone_model()({"zone": "red", "listed": True})

    assert made.text("vi").splitlines()[-1] == (
        "Kết quả sẽ khác nếu vùng nơi ở là vùng vàng (hiện nay: vùng đỏ). Khi đó: Được cấp."
    )


def test_an_unknown_truth_is_told_as_such():
    made = zone_model(answers=WORDS)({"zone": "yellow", "listed": False})

    assert made.text("en").splitlines()[-1] == (
        "The result would be “granted” if it were true that “you are listed” (now: not true)."
    )


def test_a_label_that_ends_in_is_is_not_doubled():
    model = load(definitions(input_data("x", "number", "Bạn là") + decision("a", "", "x")))
    wording = model.route("a").wording

    assert wording.label(model.route("a").inputs[0].element, "vi") == "Bạn là"
    made = load(
        one_table({"x": "number"}, table(["x"], [(["> 5"], ['"a"'])])).replace('label=""', 'label="Bạn là"')
    )
    assert "nếu bạn là 6" in made({"x": 1}).text("vi")


def test_what_has_no_words_is_said_as_it_is_written():
    made = load(one_expression("x", x="number"))({"x": 2})

    assert made.why.wording.said(made.why.unit.element, "code", "vi") == "code"
    assert made.why.wording.in_words(made.why.unit.element, 5, "vi") == ""


CODES = re.compile(r"\b(grant|refuse|refer|[a-z]+_[a-z]+|SOURCES)\b|\{")


@pytest.mark.parametrize("pack", ["travel_pass", "market_card"])
@pytest.mark.parametrize("language", ["vi", "en"])
def test_no_example_of_a_pack_is_explained_in_codes(pack, language):
    model = load(PACKS / pack / "decisions" / f"{pack}.dmn")
    examples = yaml.safe_load((PACKS / pack / "examples" / "answers.yaml").read_text(encoding="utf-8"))

    for one in examples["answers"]:
        facts = {
            name.replace("_", " "): fact
            for name, fact in {**examples["base"], **one.get("given", {})}.items()
        }
        decided = model(
            {name: fact for name, fact in facts.items() if name in model.inputs}, decision="verdict"
        )
        lines = decided.text(language).splitlines()

        assert not [line for line in lines if CODES.search(line)], (one["name"], lines)
        assert all(line.endswith(".") for line in lines), (one["name"], lines)
        answer = lines[0].partition(": ")[2].rstrip(".")
        assert not any(f"“{answer}”" in line for line in lines[1:]), (one["name"], lines)


def test_an_answer_in_words_stands_once_before_the_number_of_its_rule():
    model = zone_model(notes=(), answers="grant: được cấp / granted; refuse: từ chối / refused")

    lines = model({"zone": "red", "listed": True}).text("en").splitlines()

    assert sum("refused" in one.lower() for one in lines) == 1
    assert any("rule 1" in one.lower() for one in lines)
