"""Checking a pack: each planted fault is refused with its file, its line and what to do."""

import pytest

from motcua.packs.checks import check_pack
from motcua.packs.reading import read_pack

from .conftest import Spoiled

FLOW = "workflow.yaml"
FORM = "forms/request.json"
MODEL = "decisions/new_service.dmn"
LETTER = "letters/granted.yaml"
CARD = "credential.yaml"
FIGURES = "indicators/requests.yaml"

# file, what stands there, what is planted, part of the problem, part of the remedy
FAULTS = [
    # Shape
    ("pack.yaml", "summary:", "sumary:", "the key sumary is not known here", "Did you mean summary?"),
    ("pack.yaml", "vi: Dịch vụ mới, en: New service", "vi: Dịch vụ mới", "the English text is missing", "both languages"),
    ("pack.yaml", "vi: Dịch vụ mới, en: New service", "en: New service", "the Vietnamese text is missing", "both languages"),
    ("pack.yaml", "within_working_hours: 40", "within_working_hours: -1", "greater than 0", "docs/reference/packs.md"),
    ("pack.yaml", 'number: "0"', "number: 2095", "2095 is not text", 'Put it in quotes: "2095"'),
    ("pack.yaml", "decisions/new_service.dmn", "decisions/new_servise.dmn", "there is no file", "Did you mean decisions/new_service.dmn?"),
    ("pack.yaml", "decisions/new_service.dmn", "../outside.dmn", "does not have the form", "lower-case"),
    ("pack.yaml", "answer: verdict", "answer: verdickt", 'no decision "verdickt"', "Did you mean verdict?"),
    ("pack.yaml", "agency:", "place: fact.home\nagency:", "there is no fact home", "Known: residence_status."),
    (FLOW, "phase: person", "phase: persom", '"persom" is not an allowed value', "Did you mean person?"),
    (FLOW, "by: [citizen]", "by: [citizan]", '"citizan" is not an allowed value', "Did you mean citizen?"),
    (FLOW, "to: refused", "to: refuzed", "state refuzed is not declared", ""),
    (FLOW, "silence: wait", "silence: weight", "act weight is not declared", ""),
    (FLOW, "silence: wait", "silence: wait\nsilence: wait", "silence stands twice", "Keep one"),
    # Facts
    ("facts.yaml", "applicant", "aplicant", '"aplicant" points nowhere', "Use applicant"),
    ("facts.yaml", "applicant", "form.day_needed", "no field of the form day_needed", "Did you mean days_needed?"),
    ("facts.yaml", "applicant", "fact.residence_status", "residence_status waits for itself", "applicant"),
    ("facts.yaml", "type: string", "type: date_time", "not an allowed value", "Did you mean date?"),
    # Workflow
    (FLOW, "to: with_officer\n    by: [citizen]", "to: refused\n    by: [citizen]", "nobody can object in refused", "phase person"),
    (FLOW, "letter: granted", "letter: grantet", "there is no letters/grantet.yaml", "Did you mean granted?"),
    (FLOW, "{grant: grant, refuse: refuse, refer: refer}", "{grant: grant, refuse: refuse}", 'no act of workflow.yaml carries out "refer"', ""),
    (FLOW, "{grant: grant, refuse: refuse, refer: refer}", "{grant: grant, refuse: refuse, refer: refer, defer: refer}", 'no rule ever answers "defer"', "Did you mean refer?"),
    (FLOW, "{grant: grant, refuse: refuse, refer: refer}", "{grant: grant, refuse: object, refer: refer}", "is not open to the machine", "Add machine"),
    (FLOW, "silence: wait", "silence: refer", "does not lead from received to a state that waits", "silent_register"),
    (FLOW, "    from: [refused]\n    to: with_officer\n    by: [citizen]", "    from: [granted]\n    to: with_officer\n    by: [citizen]", "nobody can object in refused", "Add the act object"),
    (FLOW, "to: refused\n    by: [machine, specialist, approver]\n    letter: refused\n    needs_reason: true", "to: refused\n    by: [machine, specialist, approver]\n    letter: refused", "without a reason", "needs_reason"),
    (FLOW, "{grant: grant, refuse: refuse, refer: refer}", "{grant: grant, refer: refer}", "refuse ends the case in refused, and no answer leads", "such as refuse: refuse"),
    (FLOW, "answers:", "  turn_down:\n    label: {vi: Không nhận, en: Turn down}\n    from: [received]\n    to: refused\n    by: [machine]\nanswers:", "turn_down: the machine would refuse, and no decision says why", "Name turn_down under answers"),
    # Form
    (FORM, '"additionalProperties": false', '"additionalProperties": true', "additionalProperties", ""),
    (FORM, '"required": ["days_needed"]', '"required": ["day_needed"]', "required names day_needed", "Did you mean days_needed?"),
    (FORM, '"fields": ["days_needed", "note"]', '"fields": ["days_needed"]', "every property stands in one step", ""),
    (FORM, '"x-widget": "number"', '"x-widgit": "number"', "unknown key x-widgit", ""),
    (FORM, '"x-widget": "textarea"', '"x-widget": "select"', "has the widget select and no options", "x-options"),
    (FORM, '"maxLength": 500', '"pattern": "(a+)+$"', "repeats a repeated group", "without"),
    (FORM, '"maxLength": 500', '"pattern": "(a"',  "is not a 'regex'", ""),
    (FORM, '"maxLength": 500', '"x-show-if": "days neded > 3"', "days neded", ""),
    (FORM, '"maxLength": 500', '"x-show-if": "note = null"', "note", ""),
    (FORM, '"minimum": 1', '"minimum": 1000', "minimum is above maximum", "Swap"),
    # Credential
    (CARD, "value: holder name", "value: holder nam", "claim holder", ""),
    (CARD, "valid_from: today", "valid_from: tomorrow", "valid_from", ""),
    (CARD, 'key: "n"', 'key: "TOO LONG"', "does not have the form", "lower-case"),
    # Indicators
    (FIGURES, 'phase = "granted"', 'fase = "granted"', "granted: where", ""),
    (FIGURES, 'where: phase = "granted"', "formula: requests / 0 +", "granted: formula", ""),
    (FIGURES, 'where: phase = "granted"', "formula: reqests * 2", "reqests", ""),
    (FIGURES, "code: granted", "code: requests", "the indicator requests stands twice", "Keep one"),
    (FIGURES, '  where: phase = "granted"\n', "", "either 'where'", ""),
    # Texts
    (LETTER, "Dear {applicant}", "Dear {aplicant}", "{aplicant} is not a name that a letter knows", "Did you mean applicant?"),
    (LETTER, "Dear {applicant}", "Dear {applicant", "a brace stands alone", "both braces"),
    (LETTER, "Dear {applicant}", "Dear friend", "the two languages name different values", "same"),
    (LETTER, "Chào {applicant}. Thành phố đã chấp thuận hồ sơ {number}, có giá trị từ {valid_from} đến {valid_until}.", "Chao {applicant}. Thanh pho da chap thuan ho so {number}, co gia tri tu {valid_from} den {valid_until}.", "has no accents", "full accents"),
    ("pack.yaml", "en: You live in the city.", "en: Bạn cư trú tại thành phố.", "the English text is the Vietnamese one", "Translate"),
    (FLOW, "en: Received", "en: 'Received {number}'", "{number} is not filled in here", "Write the words out"),
    # Decisions
    (MODEL, '<outputEntry><text>"refer"</text>', '<outputEntry><text>"refar"</text>', 'rule 3, output "answer": "refar" is not an allowed value (grant, refuse, refer)', "Did you mean refer?"),
    (MODEL, "<text>&gt; 30</text>", "<text>&gt; thirty days</text>", "thirty", ""),
    (MODEL, "<text>&gt; 30</text>", "<text>&gt; &gt; 30</text>", "", ""),
    (MODEL, "</definitions>", "", "", ""),
    (MODEL, '<outputEntry><text>"refer"</text></outputEntry>\n        <outputEntry><text>"residence_unknown"', '<outputEntry><text>"refuse"</text></outputEntry>\n        <outputEntry><text>"residence_unknown"', "rule 3 refuses because something is unknown", "Refer it to a person."),
    (MODEL, "At most 30 days are given at a time.", "", 'the annotation "en" is empty', "Every rule says why"),
    (MODEL, "Ask again for 30 days or fewer.", "", 'the annotation "remedy_en" is empty', "Every rule says why"),
    (MODEL, "At most 30 days are given at a time.", "You asked for {days neded}.", "{days neded} is neither an input nor a decision", "Did you mean days needed?"),
]  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS, ids=[f"{number}-{fault[3]}" for number, fault in enumerate(FAULTS)])
def test_planted_fault_is_refused_with_file_line_and_remedy(
    fault: tuple[str, str, str, str, str], pack: Spoiled
) -> None:
    file, old, new, problem, remedy = fault
    pack.replace(file, old, new)

    findings = pack.refusal()

    fitting = [each for each in findings if problem in each.problem and remedy in each.remedy]
    assert fitting, "\n".join(map(str, findings))
    assert all(each.line > 0 and each.remedy for each in fitting)


CODE = [
    "{{ applicant.password }}",
    "{% load static %}",
    "{# comment #}",
    "${HOME}",
    "$(id)",
    "<% import os %>",
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '#read("/etc/passwd")',
    '#import "x"',
    "`rm -rf`",
    "javascript:alert(1)",
    "{applicant.__class__}",
    "{0.__globals__}",
]


@pytest.mark.parametrize("code", CODE)
@pytest.mark.parametrize("file", [LETTER, "pack.yaml", FIGURES])
def test_code_in_a_text_is_refused_wherever_it_stands(file: str, code: str, pack: Spoiled) -> None:
    where = {LETTER: "Dear {applicant}", "pack.yaml": "You live in the city.", FIGURES: "Every case filed."}[
        file
    ]
    line = pack.replace(file, where, where + " " + code)
    # The planted text needs quotes to stay YAML; what is tested is the text, not the quoting.
    path = pack.folder / file
    lines = path.read_text(encoding="utf-8").split("\n")
    start, _, rest = lines[line - 1].partition("en: ")
    rest, tail = (rest[:-1], "}") if rest.endswith("}") and "{" in start else (rest, "")
    lines[line - 1] = f"{start}en: '{rest}'{tail}"
    path.write_text("\n".join(lines), encoding="utf-8")

    findings = pack.refusal()

    assert any(each.file == file and each.line == line for each in findings), findings


def test_input_that_is_neither_field_nor_fact_names_the_nearest(pack: Spoiled) -> None:
    pack.replace("facts.yaml", "name: residence_status", "name: residence_state")
    for line in (
        "base: {residence_status",
        "given: {residence_status",
        "given: {residence_status",
        "facts: {residence_status",
    ):
        pack.replace("examples/answers.yaml", line, line.replace("status", "state"))

    problems = {each.problem: each.remedy for each in pack.refusal()}

    assert (
        problems['the input "residence status" is neither a field of the form nor a fact']
        == "Did you mean residence state?"
    )


def test_fact_that_no_rule_reads_is_not_asked(pack: Spoiled) -> None:
    text = (pack.folder / "facts.yaml").read_text(encoding="utf-8")
    extra = "- name: owner\n  label: {vi: Là chủ, en: Owner}\n  register: businesses\n  match: {owner: applicant}\n"
    pack.write("facts.yaml", text + extra)

    finding = pack.one_refusal()

    assert finding.problem == "owner is asked and no rule reads it"
    assert finding.line == text.count("\n") + 1


def test_state_that_no_act_leads_to_is_refused(pack: Spoiled) -> None:
    state = "  lost:\n    label: {vi: Thất lạc, en: Lost}\n    explanation: {vi: Thất lạc., en: Lost.}\n    phase: closed\n    national_status: 8\n"
    line = pack.replace(FLOW, "acts:\n", state + "acts:\n")

    finding = pack.one_refusal()

    assert (finding.file, finding.line, finding.problem) == (FLOW, line, "no act leads to the state lost")


def test_state_that_nobody_can_leave_is_refused(pack: Spoiled) -> None:
    pack.replace(FLOW, "to: with_officer\n    by: [machine]", "to: stuck\n    by: [machine]")
    state = "  stuck:\n    label: {vi: Kẹt, en: Stuck}\n    explanation: {vi: Kẹt., en: Stuck.}\n    phase: person\n    national_status: 4\n"
    pack.replace(FLOW, "acts:\n", state + "acts:\n")

    problems = [each.problem for each in pack.refusal()]

    assert "nothing leads out of stuck" in problems
    assert "stuck waits for an officer who has no act there" in problems


def test_letter_that_no_act_sends_is_refused(pack: Spoiled) -> None:
    pack.write(
        "letters/unused.yaml", "title: {vi: Thư thừa, en: Unused}\nbody: {vi: Thư thừa., en: Unused.}\n"
    )

    assert pack.one_refusal().problem == "no act sends this letter"


def test_credential_without_layout_is_refused(pack: Spoiled) -> None:
    (pack.folder / CARD).unlink()

    assert "needs a credential.yaml" in pack.one_refusal().problem


def test_table_with_a_gap_in_its_answers_is_refused(pack: Spoiled) -> None:
    pack.replace(MODEL, "<text>&lt;= 30</text>", "<text>&lt;= 20</text>")

    gap = next(each for each in pack.refusal() if "no rule applies" in each.problem)

    assert gap.file == MODEL
    assert gap.line > 0
    assert "for example" in gap.problem


def test_rule_that_nothing_can_reach_is_told(pack: Spoiled) -> None:
    pack.replace(MODEL, "<text>&gt; 30</text>", "<text>-</text>")

    with_warnings = (
        [str(each) for each in pack.refusal()]
        if _refused(pack)
        else [str(each) for each in check_pack(read_pack(pack.folder))]
    )

    assert any("rule" in each and MODEL in each for each in with_warnings)


def _refused(pack: Spoiled) -> bool:
    try:
        check_pack(read_pack(pack.folder))
    except ValueError:
        return True
    return False


def test_xml_with_entities_is_refused(pack: Spoiled) -> None:
    pack.replace(
        MODEL,
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>',
    )

    assert pack.one_refusal().file == MODEL


def test_second_model_is_not_quietly_ignored(pack: Spoiled) -> None:
    pack.write("decisions/other.dmn", "<definitions/>")

    assert pack.one_refusal().file == "decisions/other.dmn"


@pytest.mark.parametrize("file", ["pack.yaml", FLOW, FORM, "SOURCES.md", MODEL])
def test_missing_file_is_named(file: str, pack: Spoiled) -> None:
    (pack.folder / file).unlink()

    assert any(file in str(each) for each in pack.refusal())


def test_pack_without_examples_is_refused(pack: Spoiled) -> None:
    (pack.folder / "examples" / "answers.yaml").unlink()

    assert "examples/answers.yaml" in {each.file for each in pack.refusal()}


def test_several_faults_are_told_together_in_the_order_of_files(pack: Spoiled) -> None:
    pack.replace(LETTER, "Dear {applicant}", "Dear {aplicant}")
    pack.replace(CARD, "valid_from: today", "valid_from: tomorrow")

    files = [each.file for each in pack.refusal()]

    assert files == sorted(files)
    assert {CARD, LETTER} <= set(files)


ALLOTMENT = "allotment: {label: {vi: số thứ tự, en: tickets}, ceiling: 20, per: [form.%s]}\nagency:"


@pytest.mark.parametrize(
    ("field", "problem", "remedy"),
    [
        ("day_needed", "there is no field of the form day_needed", "Did you mean days_needed?"),
        ("note", "note may be left empty", "required"),
        ("days_needed", "days_needed is typed freely", "select"),
    ],
)
def test_allotment_is_counted_only_for_what_everyone_chooses_from_a_few(
    field: str, problem: str, remedy: str, pack: Spoiled
) -> None:
    line = pack.replace("pack.yaml", "agency:", ALLOTMENT % field)

    finding = pack.one_refusal()

    assert (finding.file, finding.line) == ("pack.yaml", line)
    assert problem in finding.problem
    assert remedy in finding.remedy


def test_allotment_with_an_unknown_key_is_refused(pack: Spoiled) -> None:
    pack.replace("pack.yaml", "agency:", "allotment: {label: {vi: số, en: tickets}, celing: 20}\nagency:")

    assert {finding.problem for finding in pack.refusal()} == {
        "allotment.celing: the key celing is not known here",
        "allotment.ceiling: ceiling is missing",
    }


def test_credential_may_carry_the_allotted_number_only_where_one_is_given(pack: Spoiled) -> None:
    pack.replace("credential.yaml", "value: holder name", "value: allotted number")
    assert "claim holder" in pack.one_refusal().problem

    pack.replace("pack.yaml", "agency:", "allotment: {label: {vi: số, en: tickets}, ceiling: 20}\nagency:")

    check_pack(read_pack(pack.folder))
