"""The names an expression may use, matched longest first over raw tokens."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence

from motcua.rules.kinds import ANY, FeelType
from motcua.rules.lexer import Token, name_tokens, normal_name


class Scope:
    """Names with their types, over the names of an outer scope.

    An `open` scope belongs to a filter over items whose members are not declared: any name may
    turn out to be a member when it runs.
    """

    __slots__ = ("_index", "names", "open", "outer")

    def __init__(
        self,
        names: Mapping[str, FeelType] | None = None,
        outer: Scope | None = None,
        *,
        opened: bool = False,
    ) -> None:
        self.outer = outer
        self.open: bool = opened or (outer is not None and outer.open)
        self.names: dict[str, FeelType] = {}
        self._index: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        for name, kind in (names or {}).items():
            self.add(name, kind)

    def add(self, name: str, kind: FeelType = ANY) -> None:
        """Declare a name."""
        name = normal_name(name)
        if name not in self.names:
            parts = name_tokens(name)
            if parts:
                known = self._index.setdefault(parts[0], [])
                known.append((parts, name))
                known.sort(key=lambda entry: -len(entry[0]))
        self.names[name] = kind

    def match(self, tokens: Sequence[Token], at: int) -> tuple[str, int] | None:
        """Return the longest declared name that begins at this token, and its token count."""
        best: tuple[str, int] | None = None
        scope: Scope | None = self
        while scope is not None:
            found = longest(scope._index.get(tokens[at].text, ()), tokens, at)
            if found is not None and (best is None or found[1] > best[1]):
                best = found
            scope = scope.outer
        return best

    def type_of(self, name: str) -> FeelType | None:
        """Return the type of a declared name, or None."""
        scope: Scope | None = self
        while scope is not None:
            if name in scope.names:
                return scope.names[name]
            scope = scope.outer
        return None

    def nearest(self, name: str) -> str | None:
        """Return the declared name that looks most like this one."""
        known: list[str] = []
        scope: Scope | None = self
        while scope is not None:
            known.extend(scope.names)
            scope = scope.outer
        return nearest(name, known)


def longest(
    candidates: Iterable[tuple[tuple[str, ...], str]], tokens: Sequence[Token], at: int
) -> tuple[str, int] | None:
    """Return the first candidate, given longest first, that the tokens spell out."""
    for parts, name in candidates:
        count = len(parts)
        if at + count <= len(tokens) and all(tokens[at + step].text == parts[step] for step in range(count)):
            return name, count
    return None


def nearest(name: str, known: Iterable[str]) -> str | None:
    """Return the known name that looks most like `name`, or None."""
    found = difflib.get_close_matches(name, list(known), n=1, cutoff=0.6)
    return found[0] if found else None
