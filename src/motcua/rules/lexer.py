"""Cuts FEEL text into raw tokens; names of several tokens are put together by the parser."""

from __future__ import annotations

import re
from typing import NamedTuple

from motcua.rules.errors import FeelRefused

LONGEST_TEXT = 1_000_000
# The additional name symbols of DMN 1.5, 10.3.1.2, rule 30; the apostrophe in both its shapes.
NAME_SYMBOLS = frozenset((".", "/", "-", "'", "’", "+", "*"))


class Token(NamedTuple):
    """A token: its kind (number, string, at, word, sign, end), text, and place."""

    kind: str
    text: str
    start: int
    end: int


# Name characters of DMN 1.5, chapter 10.3.1.2, rules 28 and 29, beyond what Python calls a word.
_START = (
    r"A-Za-z_\u00C0-\u00D6\u00D8-\u00F6\u00F8-\u02FF\u0370-\u037D\u037F-\u1FFF\u200C-\u200D"
    r"\u2070-\u218F\u2C00-\u2FEF\u3001-\uD7FF\uF900-\uFDCF\uFDF0-\uFFFD\U00010000-\U000EFFFF"
)
_PART = _START + r"0-9\u00B7\u0300-\u036F\u203F-\u2040"
_TOKEN = re.compile(
    rf"""
    (?P<space>(?:[\s\u0085\u00A0\u1680\u180E\u2000-\u200B\u2028\u2029\u202F\u205F\u3000\uFEFF]
        | //[^\n]* | /\*(?:[^*]|\*(?!/))*\*/)+)
  | (?P<number>(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)
  | (?P<at>@\s*"(?:[^"\\]|\\.)*")
  | (?P<string>"(?:[^"\\]|\\.)*")
  | (?P<word>[?{_START}][{_PART}]*)
  | (?P<sign>\*\*|\.\.|<=|>=|!=|->|[-+*/=<>()\[\]{{}},:.'’])
    """,
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{6})|(.))", re.DOTALL)
_PLAIN_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", '"': '"', "'": "'", "\\": "\\"}


def tokens_of(text: str) -> list[Token]:
    """Cut the text into tokens, ending with one of kind `end`.

    Raises FeelRefused for a character no token can begin with, and for text left open.
    """
    if len(text) > LONGEST_TEXT:
        raise FeelRefused(
            f"the expression has {len(text):,} characters, more than {LONGEST_TEXT:,}",
            text="",
            offset=0,
            remedy="Split it into decisions.",
        )
    found: list[Token] = []
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None or (match[0] == "/" and text.startswith("/*", at)):
            raise _unreadable(text, at)
        kind = match.lastgroup or ""
        if kind != "space":
            found.append(Token(kind, match[0], at, match.end()))
        at = match.end()
    found.append(Token("end", "", len(text), len(text)))
    return found


def begins_with(text: str, word: str) -> bool:
    """Say whether a word is the first token, after spaces and comments."""
    first = _TOKEN.match(text)
    if first is not None and first.lastgroup == "space":
        first = _TOKEN.match(text, first.end())
    return first is not None and first[0] == word


def _unreadable(text: str, at: int) -> FeelRefused:
    if text[at] in '"@':
        return FeelRefused("a text is not closed", text=text, offset=at, remedy='Close it with ".')
    if text.startswith("/*", at):
        return FeelRefused("a comment is not closed", text=text, offset=at, remedy="Close it with */.")
    return FeelRefused(
        f"{text[at]!r} cannot stand here",
        text=text,
        offset=at,
        remedy='Put names with unusual characters in the model, and text between ".',
    )


def string_value(token: str) -> str:
    """Return what a quoted token means, its escapes undone."""
    if "\\" not in token:
        return token[1:-1]

    def undone(found: re.Match[str]) -> str:
        code = found[1] or found[2]
        if code:
            point = int(code, 16)
            return chr(point) if point <= 0x10FFFF else found[0]
        return _PLAIN_ESCAPES.get(found[3], found[0])

    value = _ESCAPE.sub(undone, token[1:-1])
    # A pair of surrogates written as two escapes is one character.
    return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def name_tokens(name: str) -> tuple[str, ...]:
    """Return the token texts a declared name consists of; empty when it is no name at all."""
    try:
        return tuple(token.text for token in tokens_of(name)[:-1])
    except FeelRefused:
        return ()


def is_name(text: str) -> bool:
    """Say whether the text can be written as a name, without quotes."""
    try:
        first, *rest = tokens_of(text)[:-1] or [Token("end", "", 0, 0)]
    except FeelRefused:
        return False
    return first.kind == "word" and all(
        token.kind in ("word", "number") or token.text in NAME_SYMBOLS for token in rest
    )


def normal_name(name: str) -> str:
    """Return the name with single spaces, as the model and the expression both mean it."""
    return " ".join(name.split())
