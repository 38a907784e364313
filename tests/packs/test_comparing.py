"""What differs between two states of the rules, row by row."""

import pytest
from drafting import MODEL_TEXT

from motcua import rules
from motcua.packs.comparing import RowChange, compare

ONE_ROW = MODEL_TEXT[
    MODEL_TEXT.index('<rule id="verdict_rule4">') : MODEL_TEXT.index('<rule id="verdict_rule5">')
]


def changes(after: str, before: str = MODEL_TEXT) -> list[tuple[str, str, bool, tuple[RowChange, ...]]]:
    found = compare(rules.load(before.encode()), rules.load(after.encode()))
    return [(each.decision, each.kind, each.columns, each.rows) for each in found]


def test_same_rules_written_otherwise_do_not_differ() -> None:
    spaced = MODEL_TEXT.replace("&gt; 30", "&gt;  30").replace("<text>-</text>", "<text></text>")

    assert changes(spaced) == []


def test_changed_cell_is_one_changed_row() -> None:
    assert changes(MODEL_TEXT.replace("&gt; 30", "&gt; 20")) == [
        ("verdict", "changed", False, (RowChange("changed", 2, 2),))
    ]


def test_changed_sentence_is_a_changed_row() -> None:
    after = MODEL_TEXT.replace("Mỗi lần chỉ cấp tối đa 30 ngày.", "Mỗi lần chỉ cấp tối đa ba mươi ngày.")

    assert changes(after) == [("verdict", "changed", False, (RowChange("changed", 2, 2),))]


def test_removed_row_is_told_once_and_the_rows_after_it_are_not() -> None:
    assert changes(MODEL_TEXT.replace(ONE_ROW, "")) == [
        ("verdict", "changed", False, (RowChange("removed", 4, None),))
    ]


def test_added_row_is_told_with_its_place() -> None:
    assert changes(MODEL_TEXT, before=MODEL_TEXT.replace(ONE_ROW, "")) == [
        ("verdict", "changed", False, (RowChange("added", None, 4),))
    ]


def test_row_that_changes_its_place_is_moved() -> None:
    without = MODEL_TEXT.replace(ONE_ROW, "")
    after = without.replace('<rule id="verdict_rule1">', f'{ONE_ROW}<rule id="verdict_rule1">')

    assert changes(after) == [("verdict", "changed", False, (RowChange("moved", 4, 1),))]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('hitPolicy="FIRST"', 'hitPolicy="UNIQUE"'),
        ('<text>"grant","refuse","refer"</text>', '<text>"grant","refuse","refer","wait"</text>'),
        ("<text>days needed</text>", "<text>days needed + 1</text>"),
    ],
)
def test_changed_columns_and_policy_are_told(old: str, new: str) -> None:
    assert changes(MODEL_TEXT.replace(old, new)) == [("verdict", "changed", True, ())]


def test_tables_that_come_and_go_are_told() -> None:
    renamed = MODEL_TEXT.replace("verdict", "ruling")

    assert [(name, kind, len(rows)) for name, kind, _, rows in changes(renamed)] == [
        ("ruling", "added", 5),
        ("verdict", "removed", 5),
    ]
