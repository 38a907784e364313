"""Reading YAML and JSON: a small subset, with the line of everything."""

import pytest

from motcua.packs.texts import NotReadable, read_json, read_yaml


@pytest.mark.parametrize(
    ("text", "line", "problem"),
    [
        ("a: 1\nb: 2\na: 3\n", 3, "a stands twice"),
        ("x:\n  - {k: 1, k: 2}\n", 2, "k stands twice"),
        ("a: &anchor 1\nb: *anchor\n", 1, "the anchor anchor is not allowed"),
        ("a: !!python/object/apply:os.system ['true']\n", 1, "tag"),
        ("a: !mine 1\n", 1, "the tag !mine is not allowed"),
        ("a: 1\n  b: 2\n", 2, "this is not YAML"),
        ("? [a, b]\n: 1\n", 1, "a key must be a word"),
        ("", 1, "the file is empty"),
        ("a: 1\n---\nb: 2\n", 2, "this is not YAML"),
        ("[" * 40 + "]" * 40, 1, "nests deeper"),
        ("[" * 20_000 + "]" * 20_000, 1, "nests deeper"),
    ],
)
def test_yaml_beyond_the_subset_is_refused_with_its_line(text: str, line: int, problem: str) -> None:
    with pytest.raises(NotReadable) as refused:
        read_yaml("facts.yaml", text)

    assert refused.value.finding.line == line
    assert problem in refused.value.finding.problem
    assert refused.value.finding.remedy


def test_words_stay_words_and_numbers_become_numbers() -> None:
    sheet = read_yaml(
        "x.yaml",
        "a: no\nb: on\nc: 12\nd: 1.5\ne: 2021-09-04\nf: '12'\ng: 007\nh: true\ni: null\nj:\nk: 1e3\n",
    )

    assert sheet.value == {
        "a": "no", "b": "on", "c": 12, "d": 1.5, "e": "2021-09-04", "f": "12", "g": "007", "h": True, "i": None, "j": None, "k": "1e3",
    }  # fmt: skip


def test_line_of_a_part_or_of_what_is_around_it() -> None:
    sheet = read_yaml("x.yaml", "a:\n  - b: 1\n    c: 2\n  - d: 3\n")

    assert sheet.line_of(("a", 0, "c")) == 3
    assert sheet.line_of(("a", 1, "missing")) == 4
    assert sheet.line_of(("nowhere",)) == 1


@pytest.mark.parametrize(
    ("text", "line", "problem"),
    [
        ('{\n  "a": 1,\n}', 2, "this is not JSON"),
        ('{\n  "a": 1,\n  "a": 2\n}', 3, "a stands twice"),
        ('{"a": NaN}', 1, "NaN is no JSON value"),
        ('{"a": 1', 1, "this is not JSON"),
        ("[" * 100_000, 1, ""),
    ],
)
def test_broken_json_is_refused_with_its_line(text: str, line: int, problem: str) -> None:
    with pytest.raises(NotReadable) as refused:
        read_json("forms/request.json", text)

    assert refused.value.finding.line in {line, line + 1}
    assert problem in refused.value.finding.problem


def test_json_has_lines_too() -> None:
    sheet = read_json("f.json", '{\n  "properties": {\n    "name": {"type": "string"}\n  }\n}')

    assert sheet.line_of(("properties", "name", "type")) == 3
