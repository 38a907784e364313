"""Texts for people: both languages really written, braces only in letters, and nothing that looks like code."""

import re
from collections.abc import Iterator

from motcua.procedures.content import LETTER_NAMES

from ..findings import Finding, did_you_mean
from ..reading import Pack
from ..texts import Place

PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
CODE = re.compile(
    r"\{\{|\}\}|\{%|%\}|\{#|#\{|\$\{|\$\(|<%|%>|<\?|<\s*/?\s*[a-zA-Z!]|`|#(?:import|include|read|eval|let|set|show)\b"
    r"|javascript:|__\w+__",
    re.IGNORECASE,
)
# Texts that are expressions or patterns, not words for people.
NOT_WORDS = {
    "where",
    "formula",
    "value",
    "valid_from",
    "valid_until",
    "when",
    "x-show-if",
    "pattern",
    "url",
    "$schema",
}
ACCENTS = re.compile(r"[ăâđêôơưàáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ]", re.IGNORECASE)


def check_texts(pack: Pack) -> Iterator[Finding]:
    """Yield code in a text, unknown placeholders, and Vietnamese that lost its accents or was not translated."""
    for file, sheet in pack.sheets.items():
        # What a paper says has its own braces and expressions: see results.py beside this file.
        if not file.startswith("examples/") and file != "result.yaml":
            yield from _texts(pack, file, sheet.value, ())


def _texts(pack: Pack, file: str, value: object, place: Place) -> Iterator[Finding]:
    if isinstance(value, dict):
        if set(value) == {"vi", "en"}:
            yield from _languages(pack, file, value, place)
        for key, inner in value.items():
            if key not in NOT_WORDS:
                yield from _texts(pack, file, inner, (*place, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _texts(pack, file, inner, (*place, index))
    elif isinstance(value, str):
        yield from _text(pack, file, value, place)


def _text(pack: Pack, file: str, text: str, place: Place) -> Iterator[Finding]:
    line = pack.line_of(file, *place)
    code = CODE.search(text)
    if code:
        yield Finding(
            file,
            line,
            f'the text holds code ("{text[code.start() : code.start() + 12]}")',
            "A text is words; in letters only {name} is filled in.",
        )
        return
    found = PLACEHOLDER.findall(text)
    if not file.startswith("letters/"):
        if found:
            yield Finding(
                file,
                line,
                f"{{{found[0]}}} is not filled in here",
                "Write the words out; only letters and table texts have {names}.",
            )
        return
    for name in found:
        known = LETTER_NAMES | set(pack.content.workflow.findings)
        if name not in known:
            yield Finding(
                file, line, f"{{{name}}} is not a name that a letter knows", did_you_mean(name, known)
            )
    if re.search(r"[{}]", PLACEHOLDER.sub("", text)):
        yield Finding(file, line, "a brace stands alone", "Write {name} with both braces, or leave them out.")


def _languages(pack: Pack, file: str, words: dict[str, object], place: Place) -> Iterator[Finding]:
    vietnamese, english = str(words["vi"]), str(words["en"])
    line = pack.line_of(file, *place)
    named = ".".join(map(str, place))
    if vietnamese == english and len(english.split()) > 1:
        yield Finding(file, line, f"{named}: the English text is the Vietnamese one", "Translate it.")
    if len(vietnamese.split()) > 4 and not ACCENTS.search(vietnamese):
        yield Finding(
            file, line, f"{named}: the Vietnamese text has no accents", "Write it with full accents."
        )
    if file.startswith("letters/") and set(PLACEHOLDER.findall(vietnamese)) != set(
        PLACEHOLDER.findall(english)
    ):
        yield Finding(
            file, line, f"{named}: the two languages name different values", "Use the same {names} in both."
        )
