"""The words of decisions: each names a decision of the model, and no code is left for a citizen to puzzle over."""

import re
from collections.abc import Iterator

from motcua import rules
from motcua.rules.tables import CompiledTable
from motcua.rules.wording import Wording

from ..findings import Finding, Said, did_you_mean
from ..reading import Pack

FILE = "words.yaml"
LITERAL = re.compile(r'"([^"]*)"')
# A value such as 06:00-20:00 reads as it is.
LETTER = re.compile(r"[A-Za-z]")


def check_words(pack: Pack) -> Iterator[Finding]:
    """Yield words for what the model does not decide, and, as warnings, codes without words."""
    try:
        model = rules.load(pack.content.decision_model.encode())
    except rules.ModelRefused:
        # Told by the check of the decisions.
        return
    names = {name for table in model.tables for name in _names(table)} | set(model.decisions)
    for name in pack.content.words:
        if name not in names:
            yield Finding(
                FILE,
                pack.line_of(FILE, name),
                Said(
                    f'the model has neither a decision nor a column "{name}"',
                    f"tệp quy tắc không có quyết định hay cột “{name}”",
                ),
                did_you_mean(name, names),
            )
    for table in model.tables:
        if table.owner != pack.content.manifest.answering:
            yield from _codes_without_words(pack, model, table)


def _names(table: CompiledTable) -> Iterator[str]:
    """Yield what a table decides, each of its outputs, and what its columns look at."""
    yield table.owner
    for clause in table.table.outputs:
        if clause.name:
            yield f"{table.owner}.{clause.name}"
    for column in table.table.inputs:
        yield " ".join(column.expression.text.split())


def _codes_without_words(pack: Pack, model: rules.Model, table: CompiledTable) -> Iterator[Finding]:
    outputs, wording = table.table.outputs, Wording(model.loaded.definitions)
    element = model.decision_unit(table.owner).element if table.owner in model.decisions else None
    for column, clause in enumerate(outputs):
        name = table.owner if len(outputs) == 1 else f"{table.owner}.{clause.name}"
        words = pack.content.words.get(name)
        known = set(words.values) if words else set()
        listed = LITERAL.findall(clause.values.text) if clause.values is not None else []
        written = [LITERAL.fullmatch(rule.outputs[column].text.strip()) for rule in table.table.rules]
        codes = dict.fromkeys([*listed, *(found[1] for found in written if found)])
        for code in codes:
            if element is not None and wording.in_words(element, code, "vi"):
                continue
            if code not in known and LETTER.search(code):
                yield Finding(
                    FILE,
                    pack.line_of(FILE, name),
                    Said(
                        f'{name}: "{code}" has no words, so people read the code',
                        f"{name}: mã “{code}” chưa có lời, người dân sẽ đọc thấy mã",
                    ),
                    Said("Say it in both languages.", "Thêm lời bằng hai thứ tiếng."),
                    weight="warning",
                )
