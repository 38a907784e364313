"""Decision tables for people: as plain text, and as an accessible HTML fragment without script."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from motcua.rules.evaluation import Model
    from motcua.rules.tables import CompiledTable

_POLICIES = {
    "vi": {
        "U": "mỗi trường hợp chỉ khớp một dòng",
        "F": "dòng khớp đầu tiên được áp dụng",
        "P": "dòng khớp có kết quả ưu tiên cao nhất được áp dụng",
        "A": "các dòng khớp cho cùng một kết quả",
        "C": "gộp kết quả của mọi dòng khớp",
        "R": "kết quả của mọi dòng khớp, theo thứ tự dòng",
        "O": "kết quả của mọi dòng khớp, theo thứ tự ưu tiên",
    },
    "en": {
        "U": "each case matches one row only",
        "F": "the first row that matches applies",
        "P": "the matching row with the highest priority applies",
        "A": "all matching rows agree",
        "C": "the results of all matching rows are collected",
        "R": "the results of all matching rows, in the order of rows",
        "O": "the results of all matching rows, in the order of priority",
    },
}
_WORDS = {
    "vi": {
        "rule": "Dòng",
        "any": "bất kỳ",
        "then": "Kết quả",
        "notes": "Giải thích",
        "rules": "Cách áp dụng",
    },
    "en": {"rule": "Row", "any": "any", "then": "Result", "notes": "Explanation", "rules": "How rows apply"},
}


def _rows(table: CompiledTable, language: str) -> tuple[list[str], list[list[str]]]:
    words = _WORDS[language]
    notes = list(dict.fromkeys(name for rule in table.table.rules for name in rule.annotations))
    # The reader's language and the sources are shown; the other language is not.
    shown = [name for name in notes if name not in _WORDS or name == language]
    heads = [
        words["rule"],
        *(clause.label or clause.expression.text for clause in table.table.inputs),
        *(clause.label or clause.name or words["then"] for clause in table.table.outputs),
        *(words["notes"] if name == language else name for name in shown),
    ]
    rows = [
        [
            str(number),
            *(words["any"] if cell.text in ("", "-") else cell.text for cell in rule.inputs),
            *(cell.text for cell in rule.outputs),
            *(rule.annotations.get(name, "") for name in shown),
        ]
        for number, rule in enumerate(table.table.rules, 1)
    ]
    return heads, rows


def tables_text(model: Model, language: str = "en") -> str:
    """Return every table of the model as aligned text."""
    parts: list[str] = []
    for table in model.tables:
        heads, rows = _rows(table, language)
        widths = [max(len(row[at]) for row in [heads, *rows]) for at in range(len(heads))]

        def line(cells: Sequence[str], widths: Sequence[int] = widths) -> str:
            return "  ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)).rstrip()

        policy = _POLICIES[language][table.table.policy]
        title = f"{table.owner} ({table.table.policy}{table.table.aggregation}: {policy})"
        ruler = "  ".join("-" * width for width in widths)
        parts.append("\n".join([title, line(heads), ruler, *(line(row) for row in rows)]))
    return "\n\n".join(parts)


def tables_html(model: Model, language: str = "vi") -> str:
    """Return every table as HTML: a caption, column and row headers, all text escaped."""
    words = _WORDS[language]
    parts: list[str] = []
    for table in model.tables:
        heads, rows = _rows(table, language)
        policy = escape(_POLICIES[language][table.table.policy])
        head = "".join(f'<th scope="col">{escape(text)}</th>' for text in heads)
        body = "".join(
            f'<tr><th scope="row">{escape(row[0])}</th>'
            + "".join(f"<td>{escape(cell)}</td>" for cell in row[1:])
            + "</tr>"
            for row in rows
        )
        parts.append(
            f'<table class="rules-table" lang="{language}">'
            f"<caption>{escape(table.owner)}. {words['rules']}: {policy}.</caption>"
            f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
        )
    return "\n".join(parts)
