"""What a citizen sends is cleaned or refused field by field."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motcua.procedures.content import Form
from motcua.procedures.forms import FormNotReadable, FormRefused, check_values, read_form


def label(text: str) -> dict[str, str]:
    return {"vi": text, "en": text}


SCHEMA: dict[str, object] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "additionalProperties": False,
    "required": ["reason", "days", "agreed"],
    "properties": {
        "reason": {
            "type": "string",
            "x-label": label("Lý do"),
            "x-widget": "radios",
            "x-options": [
                {"value": "work", "label": label("Đi làm")},
                {"value": "care", "label": label("Chăm sóc")},
            ],
        },
        "workplace": {
            "type": "string",
            "maxLength": 40,
            "x-label": label("Nơi làm"),
            "x-show-if": 'reason = "work"',
        },
        "tax_code": {"type": "string", "pattern": "[0-9]{10}", "x-label": label("Mã số thuế")},
        "days": {
            "type": "integer",
            "minimum": 1,
            "maximum": 7,
            "x-label": label("Số ngày"),
            "x-widget": "number",
        },
        "starts_on": {"type": "string", "x-label": label("Từ ngày"), "x-widget": "date"},
        "agreed": {"type": "boolean", "x-label": label("Đồng ý"), "x-widget": "checkbox"},
    },
    "x-steps": [
        {"name": "one", "label": label("Một"), "fields": ["reason", "workplace", "tax_code"]},
        {"name": "two", "label": label("Hai"), "fields": ["days", "starts_on", "agreed"]},
    ],
}
GOOD = {"reason": "work", "workplace": "Chợ Cồn", "days": "3", "agreed": "on"}


@pytest.fixture(scope="module")
def form() -> Form:
    return read_form(SCHEMA)


def test_good_values_come_back_typed(form: Form) -> None:
    assert check_values(form, GOOD) == {"reason": "work", "workplace": "Chợ Cồn", "days": 3, "agreed": True}


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"reason": ""}, "reason"),
        ({"reason": "holiday"}, "reason"),
        ({"reason": ["work"]}, "reason"),
        ({"days": "many"}, "days"),
        ({"days": "8"}, "days"),
        ({"days": 0}, "days"),
        ({"days": "1e3"}, "days"),
        ({"days": True}, "days"),
        ({"agreed": ""}, "agreed"),
        ({"agreed": "perhaps"}, "agreed"),
        ({"workplace": "x" * 41}, "workplace"),
        ({"workplace": "x" * 1_000_000}, "workplace"),
        ({"workplace": "a\x00b"}, "workplace"),
        ({"workplace": "abc\u202edef"}, "workplace"),
        ({"tax_code": "12345"}, "tax_code"),
        ({"tax_code": "0400101234\n1"}, "tax_code"),
        ({"starts_on": "30/2/2026"}, "starts_on"),
        ({"starts_on": "tomorrow"}, "starts_on"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_bad_value_is_refused_beside_its_field_in_both_languages(
    form: Form, change: dict[str, object], field: str
) -> None:
    with pytest.raises(FormRefused) as refusal:
        check_values(form, {**GOOD, **change})

    assert list(refusal.value.errors) == [field]
    assert refusal.value.errors[field].vi
    assert refusal.value.errors[field].en


def test_every_fault_is_told_at_once(form: Form) -> None:
    with pytest.raises(FormRefused) as refusal:
        check_values(form, {})

    assert set(refusal.value.errors) == {"reason", "days", "agreed"}


def test_answer_to_a_hidden_question_is_dropped(form: Form) -> None:
    assert "workplace" not in check_values(form, {**GOOD, "reason": "care"})


def test_condition_reads_a_number_with_decimals_and_a_whole_one_stays_whole() -> None:
    area = {"type": "number", "x-label": label("Diện tích"), "x-widget": "number"}
    reason = {"type": "string", "x-label": label("Vì sao"), "x-show-if": "area >= 250"}
    asked = read_form(
        {
            **SCHEMA,
            "required": [],
            "properties": {"area": area, "reason": reason},
            "x-steps": [{"name": "one", "label": label("Một"), "fields": ["area", "reason"]}],
        }
    )

    assert check_values(asked, {"area": "249,5", "reason": "x"}) == {"area": 249.5}
    assert check_values(asked, {"area": "250.0", "reason": "x"}) == {"area": 250, "reason": "x"}
    assert isinstance(check_values(asked, {"area": "250.0"})["area"], int)


@pytest.mark.parametrize("written", ["3/9/2026", "03-09-2026", "2026-09-03", "3.9.2026"])
def test_date_is_taken_in_the_ways_people_write_it(form: Form, written: str) -> None:
    assert check_values(form, {**GOOD, "starts_on": written})["starts_on"] == "2026-09-03"


def test_decomposed_text_is_stored_composed(form: Form) -> None:
    decomposed = unicodedata.normalize("NFD", "Chợ Cồn")

    assert check_values(form, {**GOOD, "workplace": decomposed})["workplace"] == "Chợ Cồn"


@given(st.text(max_size=60))
def test_any_text_is_cleaned_or_refused(text: str) -> None:
    form = read_form(SCHEMA)

    try:
        kept = check_values(form, {**GOOD, "workplace": text}).get("workplace", "")
    except FormRefused as refusal:
        assert set(refusal.errors) == {"workplace"}
    else:
        assert kept == unicodedata.normalize("NFC", text).strip()


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"additionalProperties": True}, "additionalProperties"),
        ({"type": "array"}, "object"),
        ({"x-steps": []}, "x-steps"),
        ({"properties": {"a": {"type": "text"}}}, "properties/a"),
        ({"properties": {"a": {"type": "string", "x-label": {"vi": "A"}}}}, "properties/a"),
        ({"properties": {"a": {"type": "string", "x-label": label("A"), "x-colour": 1}}}, "x-colour"),
    ],
)
def test_form_that_cannot_be_used_says_where(change: dict[str, object], told: str) -> None:
    with pytest.raises(FormNotReadable, match=told):
        read_form({**SCHEMA, **change})
