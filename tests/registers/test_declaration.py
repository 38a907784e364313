"""Declarations: strict, and refused with file, line and remedy."""

from pathlib import Path

import pytest

from motcua.registers.declaration import DeclarationRefused, read_declaration
from motcua.site.demo.prepare import DECLARATIONS

GOOD = """\
name: jobs
title: {vi: Việc làm, en: Jobs}
owner: bhxh
absence_means: no
purposes: [travel_pass]
key: [record]
columns:
  - {name: record, type: text, required: true, label: {vi: Mã, en: Record}}
  - {name: since, type: date, label: {vi: Từ, en: From}}
"""


def read(tmp_path: Path, text: str) -> object:
    path = tmp_path / "jobs.yaml"
    path.write_text(text, encoding="utf-8")
    return read_declaration(path)


def test_a_bare_no_is_the_word_and_not_false(tmp_path: Path) -> None:
    assert read(tmp_path, GOOD).absence_means == "no"  # type: ignore[attr-defined]  # read returns object


CHANGES = [
    ("unknown key", ("owner: bhxh", "ownr: bhxh"), 3, "ownr"),
    ("key twice", ("owner: bhxh", "owner: bhxh\nowner: x"), 4, "given twice"),
    ("unknown type", ("type: date", "type: datum"), 9, "columns.1.type"),
    ("column twice", ("name: since", "name: record"), 8, "declared twice"),
    ("key without column", ("key: [record]", "key: [recrod]"), 6, "the columns are record, since"),
    ("lookup without column", ("key: [record]", "key: [record]\nlookups: [x]"), 7, "no column x"),
    ("in force by a text", ("key: [record]", "key: [record]\nin_force: {until: record}"), 7, "type date"),
    ("hostile name", ("name: jobs", 'name: jobs"; DROP TABLE x; --'), 1, "name"),
    ("capital name", ("name: jobs", "name: Jobs"), 1, "name"),
    ("no purpose", ("purposes: [travel_pass]", "purposes: []"), 5, "purposes"),
    ("other absence", ("absence_means: no", "absence_means: maybe"), 4, "absence_means"),
    ("missing language", (", en: Jobs", ""), 2, "title.en"),
    ("endpoint without http", ("owner: bhxh", "owner: bhxh\nendpoint: https://x.vn/"), 4, "only for that"),
    ("http without endpoint", ("owner: bhxh", "owner: bhxh\nsource: http"), 1, "endpoint"),
    (
        "endpoint in clear",
        ("owner: bhxh", "owner: bhxh\nsource: http\nendpoint: http://bhxh.gov.vn/"),
        5,
        "https",
    ),
    ("broken YAML", ("key: [record]", "key: [record"), 7, ""),
    ("code in a tag", ("owner: bhxh", "owner: !!python/object/apply:os.system [ls]"), 3, "owner"),
]


@pytest.mark.parametrize(("change", "line", "words"), [c[1:] for c in CHANGES], ids=[c[0] for c in CHANGES])
def test_a_wrong_declaration_is_refused_with_its_line(
    tmp_path: Path, change: tuple[str, str], line: int, words: str
) -> None:
    with pytest.raises(DeclarationRefused) as refusal:
        read(tmp_path, GOOD.replace(*change))

    assert f"jobs.yaml, line {line}: " in str(refusal.value)
    assert words in str(refusal.value)


def test_an_empty_or_binary_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DeclarationRefused):
        read(tmp_path, "")
    (tmp_path / "x.yaml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(DeclarationRefused, match="UTF-8"):
        read_declaration(tmp_path / "x.yaml")


@pytest.mark.parametrize("path", sorted(DECLARATIONS.glob("*.yaml")), ids=lambda path: path.stem)
def test_the_declarations_of_the_demo_are_in_order(path: Path) -> None:
    assert read_declaration(path).name == path.stem
