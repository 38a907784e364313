"""Reads the texts of a file: types by name, expressions and unary tests; refusals name the line."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import cast

from motcua.rules import model as m
from motcua.rules import syntax as s
from motcua.rules.cells import tests_truth
from motcua.rules.codegen import BUILTINS, Env, Frame, Writer
from motcua.rules.errors import FeelRefused, ModelRefused
from motcua.rules.kinds import (
    ANY,
    NAMED,
    AllowedType,
    ContextType,
    FeelType,
    coerce,
    context_of,
    function_of,
    is_subtype,
    list_of,
    plain,
)
from motcua.rules.parser import Parser
from motcua.rules.scope import Scope, nearest
from motcua.rules.units import Linked, Unit
from motcua.rules.values import Value

ROOT = Scope(dict.fromkeys(BUILTINS, ANY))


# In characters of its written form: parts that are used twice count twice.
LARGEST_TYPE = 100_000


class Texts:
    """The texts and types of one file; `linked` maps namespaces to the models it imports.

    When `tolerant`, what cannot be read is kept as the refusal of the elements that need it.
    """

    def __init__(self, definitions: m.Definitions, linked: Mapping[str, Linked], *, tolerant: bool) -> None:
        self.definitions = definitions
        self.tolerant = tolerant
        self.linked = linked
        self.writer = Writer()
        self.writer.globals["coerce"] = coerce
        self.lines: list[str] = []
        self.items = {item.name: item for item in definitions.items}
        self.types: dict[str, FeelType] = {}
        self._building: list[str] = []
        for one in definitions.imports:
            known = linked.get(one.namespace)
            prefix = f"{one.name}." if one.name else ""
            for name, kind in (known.types if known is not None else {}).items():
                self.types[f"{prefix}{name}"] = kind
        self.members = Scope()
        self.units: dict[str, Unit] = {}
        self.unit: Unit | None = None
        for item in definitions.items:
            self._add_members(item)
            try:
                self.type_named(item.name, 0)
            except ModelRefused:
                if not tolerant:
                    raise
                self._building.clear()

    def _add_members(self, item: m.Item) -> None:
        for component in item.components:
            self.members.add(component.name)
            self._add_members(component)

    def refused(self, line: int, message: str, remedy: str) -> ModelRefused:
        """Return a refusal at a line of this file."""
        element = self.unit.element.name if self.unit is not None else None
        return ModelRefused(message, remedy=remedy, file=self.definitions.file, line=line, element=element)

    def doubt(self, message: str, line: int, where: str) -> None:
        """Keep what is read as null for the check of the element that is being compiled."""
        if self.unit is not None:
            self.unit.doubts.append((message, line, where))

    def type_named(self, name: str | None, line: int) -> FeelType:
        """Return the type that a typeRef names; Any for none.

        Raises ModelRefused for a name that neither FEEL nor the model knows, and for a circle.
        """
        if name is None:
            return ANY
        if name in self.types:
            return self.types[name]
        if name in self.items:
            if name in self._building:
                raise self.refused(line, f'the type "{name}" contains itself', "Break the circle of types.")
            self._building.append(name)
            made = self._item_type(self.items[name], line)
            if len(made.name) > LARGEST_TYPE:
                raise self.refused(line, f'the type "{name}" has too many parts', "Flatten it.")
            self._building.pop()
            self.types[name] = made
            return made
        if name in NAMED:
            return NAMED[name]
        guess = nearest(name, [*self.items, *NAMED])
        raise self.refused(
            line,
            f'the type "{name}" is not known',
            f'Did you mean "{guess}"?' if guess else "Define it as an item definition.",
        )

    def _item_type(self, item: m.Item, line: int) -> FeelType:
        if item.function is not None:
            parameters, result = item.function
            kinds = tuple(self.type_named(kind, line) for _, kind in parameters)
            return function_of(kinds, self.type_named(result, line))
        kind: FeelType
        if item.components:
            kind = context_of({one.name: self._item_type(one, line) for one in item.components})
        else:
            kind = self.type_named(item.type_ref, line)
        kind = self._held_to(kind, item.allowed, item.name)
        # Allowed values are those of each item; a constraint holds for the collection as a whole.
        return self._held_to(list_of(kind) if item.collection else kind, item.constraint, item.name)

    def _held_to(self, kind: FeelType, tests: m.Text | None, name: str) -> FeelType:
        if tests is None or not tests.text:
            return kind
        return AllowedType(kind.name, kind, self.allowed(tests, plain(kind), name), tests.text)

    def allowed(self, text: m.Text, kind: FeelType, name: str) -> Callable[[Value], bool]:
        """Return the check of allowed values."""
        scope = Scope({"?": kind}, ROOT)
        tests = self.parsed_tests(text, scope, f'allowed values of "{name}"')
        writer = Writer()
        code = tests_truth(writer, tests, "x", ANY, Env((Frame(),)))
        check: Callable[[Value], bool] = eval(f"lambda x: {code}", writer.globals)  # noqa: S307
        return check

    def parsed(self, text: m.Text, scope: Scope, where: str) -> s.Node:
        """Read an expression; a refusal names the file's line."""
        return self._read(text, scope, where, tests=False)

    def parsed_tests(self, text: m.Text, scope: Scope, where: str) -> s.UnaryTests:
        """Read the unary tests of a cell; an empty cell accepts anything."""
        if not text.text:
            return s.UnaryTests([], anything=True)
        return cast("s.UnaryTests", self._read(text, scope, where, tests=True))

    def _read(self, text: m.Text, scope: Scope, where: str, *, tests: bool) -> s.Node:
        try:
            parser = Parser(text.text, scope, types=self.types, members=self.members)
            node = parser.whole_tests() if tests else parser.whole_expression()
        except FeelRefused as refusal:
            element = self.unit.element.name if self.unit is not None else ""
            raise ModelRefused(
                f'{refusal.message} in "{_shortened(text.text)}"',
                remedy=refusal.remedy,
                file=self.definitions.file,
                line=text.line + refusal.line - 1,
                column=refusal.column,
                element=", ".join(part for part in (element, where) if part),
            ) from refusal
        for doubt, _ in parser.doubts:
            self.doubt(doubt, text.line, where)
        return node

    def coerced(self, code: str, kind: FeelType, wanted: FeelType) -> str:
        """Return the Python that also converts to the wanted type, where that is needed."""
        if wanted is ANY or (not _constrained(wanted) and is_subtype(kind, wanted) and kind is not ANY):
            return code
        return f"coerce({code}, {self.writer.constant(wanted)})"


def _constrained(kind: FeelType) -> bool:
    """Say whether allowed values stand anywhere in the type."""
    if isinstance(kind, AllowedType):
        return True
    if isinstance(kind, ContextType):
        return any(_constrained(member) for _, member in kind.fields)
    inner = getattr(kind, "item", None)
    return isinstance(inner, FeelType) and _constrained(inner)


def _shortened(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:57]}..."
