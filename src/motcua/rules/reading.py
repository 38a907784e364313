"""The steps every reading of FEEL text takes: tokens, places, names, types, refusals."""

from __future__ import annotations

from collections.abc import Collection

from motcua.rules import syntax as s
from motcua.rules.errors import FeelRefused
from motcua.rules.inference import infer, member_type
from motcua.rules.kinds import (
    NAMED,
    ContextType,
    FeelType,
    context_of,
    function_of,
    list_of,
    plain,
    range_of,
)
from motcua.rules.lexer import normal_name, tokens_of
from motcua.rules.scope import Scope

DEEPEST = 64
MOST_NODES = 50_000
# Parts that follow each other, as `a.b.c` or `a = b = c`, stand inside each other as brackets do.
MOST_LINKS = 100
EXTERNAL = "the function is external (Java or PMML), which is never run"
KEYWORDS = frozenset(
    (
        "if", "then", "else", "for", "in", "return", "some", "every", "satisfies", "and", "or",
        "between", "instance", "of", "function", "external", "true", "false", "null",
    )
)  # fmt: skip


def not_known(name: str) -> str:
    """Return the doubt about a name that nothing declares."""
    return f'the name "{name}" is not known'


def told_too_early(doubt: str, entries: Collection[str]) -> str:
    """Return the doubt, explained where the name is an entry of the context that it stands in."""
    if all(doubt != not_known(name) for name in entries):
        return doubt
    return f"{doubt} yet: an entry of a context sees only the entries before it"


class Reading:
    """One reading of one text; `doubts` collects what reads as null: unknown names, double entries."""

    def __init__(
        self,
        text: str,
        scope: Scope,
        *,
        types: dict[str, FeelType] | None = None,
        members: Scope | None = None,
        strict: bool = False,
    ) -> None:
        self.text = text
        self.tokens = tokens_of(text)
        self.at = 0
        self.scope = scope
        self.types = types or {}
        self.members = members
        self.strict = strict
        self.doubts: list[tuple[str, int]] = []
        self._depth = 0
        self._nodes = 0

    def _type(self) -> FeelType:
        self._depth += 1
        if self._depth > DEEPEST:
            raise self._refused(
                f"the type is nested more than {DEEPEST} deep", "Name a part of it in the model."
            )
        kind = self._bare_type()
        self._depth -= 1
        return kind

    def _bare_type(self) -> FeelType:
        token = self.tokens[self.at]
        following = self.tokens[self.at + 1].text if token.kind == "word" else ""
        if following == "<" and token.text in ("list", "range", "context", "function"):
            self.at += 2
            return self._parametric(token.text)
        if token.text == "function":
            self.at += 1
            return NAMED["function"]
        found = Scope({**NAMED, **self.types}).match(self.tokens, self.at)
        if found is None:
            name = self._loose_name("a type")
            raise FeelRefused(
                f'the type "{name}" is not known',
                text=self.text,
                offset=token.start,
                remedy="Use a type of FEEL or an item definition of the model.",
            )
        self.at += found[1]
        kind = self.types.get(found[0]) or NAMED[found[0]]
        while self._sees(".") and isinstance(plain(kind), ContextType):
            self.at += 1
            kind = member_type(plain(kind), self._loose_name("a member name"))
        return kind

    def _parametric(self, name: str) -> FeelType:
        if name in ("list", "range"):
            inner = self._type()
            self._take(">")
            return list_of(inner) if name == "list" else range_of(inner)
        if name == "context":
            fields: dict[str, FeelType] = {}
            while not self._sees(">"):
                key = self._declared(":")
                self.at += 1
                fields[key] = self._type()
                if not self._sees(">"):
                    self._take(",")
            self.at += 1
            return context_of(fields)
        parameters: list[FeelType] = []
        while not self._sees(">"):
            parameters.append(self._type())
            if not self._sees(">"):
                self._take(",")
        self.at += 1
        self._take("->", "Write: function<number> -> number.")
        return function_of(tuple(parameters), self._type())

    def _declared(self, *stops: str) -> str:
        """Take the tokens before one of the stops as a new name."""
        first = self.at
        while self.tokens[self.at].text not in stops and self.tokens[self.at].kind != "end":
            self.at += 1
        name = normal_name(self.text[self.tokens[first].start : self._last_end()])
        if self.at == first or self.tokens[self.at].kind == "end":
            self.at = first
            raise self._refused("a name is missing", f"Write a name before {stops[0]!r}.")
        if self.tokens[self.at].text == "in":
            self.at += 1
        return name

    def _loose_name(self, wanted: str) -> str:
        """Take adjacent words as one name that nothing declares."""
        token = self.tokens[self.at]
        if token.kind != "word" or (token.text in KEYWORDS and wanted == "a value"):
            raise self._refused(
                f"{token.text!r} stands where {wanted} should"
                if token.text
                else f"the expression ends where {wanted} should stand",
                "Complete the expression.",
            )
        first = self.at
        self.at += 1
        while self._word_at(self.at):
            self.at += 1
        return normal_name(self.text[token.start : self.tokens[self.at - 1].end]) or str(first)

    def _made(self, node: s.Node, start: int) -> s.Node:
        self._nodes += 1
        if self._nodes > MOST_NODES:
            raise self._refused(
                f"the expression has more than {MOST_NODES:,} parts", "Split it into decisions."
            )
        node.start = start
        node.end = self._last_end()
        node.type = infer(node)
        return node

    def _last_end(self) -> int:
        return self.tokens[self.at - 1].end if self.at else 0

    def _sees(self, text: str) -> bool:
        token = self.tokens[self.at]
        return token.text == text and token.kind in ("sign", "word")

    def _word_at(self, at: int) -> bool:
        return self.tokens[at].kind == "word" and self.tokens[at].text not in KEYWORDS

    def _take(self, text: str, remedy: str = "") -> None:
        if not self._sees(text):
            seen = self.tokens[self.at].text or "the end"
            raise self._refused(f"{text!r} is missing before {seen!r}", remedy or f"Add {text!r}.")
        self.at += 1

    def _expect_end(self) -> None:
        token = self.tokens[self.at]
        if token.kind != "end":
            raise self._refused(
                f"{token.text!r} is one word too many", "Put an operator before it, or remove it."
            )

    def _refused(self, message: str, remedy: str) -> FeelRefused:
        at = self.tokens[min(self.at, len(self.tokens) - 1)].start
        return FeelRefused(message, text=self.text, offset=at, remedy=remedy)
