"""A loaded model: evaluate it, and ask what it decides, from what, and what it would take."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from motcua.rules import model as m
from motcua.rules.analysis import Finding, check_units
from motcua.rules.compiler import Compiler
from motcua.rules.decision import Decision
from motcua.rules.errors import (
    ModelRefused,
    UnknownDecision,
    WorkExceeded,
)
from motcua.rules.invocation import invoke
from motcua.rules.kinds import AllowedType, plain
from motcua.rules.program import Program
from motcua.rules.reader import read_definitions
from motcua.rules.running import Loaded, Run, converted_input
from motcua.rules.runtime import begin_work
from motcua.rules.tables import Hit
from motcua.rules.units import Linked
from motcua.rules.values import Value

if TYPE_CHECKING:
    from motcua.rules.sql.flips import DiffPlan
    from motcua.rules.sql.plan import SetPlan

MOST_IMPORTS = 100
KEPT_MODELS = 64


@dataclass(frozen=True, slots=True)
class InputData:
    """An input of a model: its name, type as FEEL writes it, allowed values, label."""

    name: str
    type: str
    allowed: str
    label: str
    description: str


class Model(Program):
    """A compiled DMN model; call it with facts for a Decision."""

    @cached_property
    def inputs(self) -> Mapping[str, InputData]:
        """The inputs by name."""
        made: dict[str, InputData] = {}
        for unit in self.units("input"):
            element, kind = unit.element, unit.type
            allowed = kind.text if isinstance(kind, AllowedType) else ""
            made[element.variable.name] = InputData(
                element.variable.name, str(plain(kind)), allowed, element.label, element.description
            )
        return MappingProxyType(made)

    def __call__(self, facts: Mapping[str, object], *, decision: str | None = None) -> Decision:
        """Decide from facts given as plain Python values; a fact left out is null.

        Raises UnknownInput, FactNotAllowed, UnknownDecision, DecisionAmbiguous and WorkExceeded.
        """
        begin_work()
        trace: list[Hit] = []
        try:
            route = self._routes.get(decision) or self.route(decision)
            value, found = route.answer(facts, trace)
        except RecursionError as error:
            raise WorkExceeded("the depth of calls", 200) from error
        return Decision(route, value, found, trace)

    def invoke(
        self,
        kind: str,
        name: str,
        facts: Mapping[str, Value],
        foreign: Mapping[tuple[str, str], Value] | None = None,
    ) -> Value:
        """Evaluate a decision, knowledge model or service leniently, as the standard has it.

        What does not conform becomes null. Facts may also give the values of decisions; those of
        imported models stand under `import.name`, or in `foreign` by namespace and name.
        """
        unit = self._by_name.get((kind, name))
        if unit is None:
            raise UnknownDecision(name, self.names(kind))
        begin_work()
        run = Run(self.loaded, {}, None)
        self._give_leniently(run, self.loaded, "", facts, foreign or {})
        try:
            value = run.value(self.loaded, unit.element.id)
            if kind == "decision":
                return value
            named = {name: facts.get(name) for name in value.parameters}
            return invoke(value, list(named.values()), list(named))
        except RecursionError as error:
            raise WorkExceeded("the depth of calls", 200) from error

    def over(
        self,
        source: str,
        *,
        decision: str | None = None,
        dialect: str = "duckdb",
        columns: Mapping[str, str] | None = None,
        keys: Sequence[str] = (),
        numbers: Mapping[str, tuple[int, int]] | None = None,
        facts: bool = False,
    ) -> SetPlan:
        """Compile a decision to one SQL statement over a table of cases, a row for each.

        `source` is a table name or a query in parentheses, written by the program and not by
        people; `columns` gives the SQL of inputs that have no column of their own name; `keys`
        are columns to keep; `numbers` says of inputs how many digits they have, and how many of these
        stand after the point (25 and 6, unless said); `facts` keeps what the decision read beside it, in DuckDB
        a text from a list of allowed values as an enumeration, with "(not allowed)" for any other. The plan runs
        on a connection. Raises NotInSubset, naming the construct and the decision, for what only the per-case
        engine can do.
        """
        from motcua.rules.sql.plan import plan_for

        return plan_for(
            self,
            source,
            decision=decision,
            dialect=dialect,
            columns=columns,
            keys=keys,
            numbers=numbers,
            facts=facts,
        )

    def diff(
        self,
        old: Model,
        *,
        over: str,
        keys: Sequence[str],
        groups: Sequence[str] = (),
        decision: str | None = None,
        dialect: str = "duckdb",
        columns: Mapping[str, str] | None = None,
        numbers: Mapping[str, tuple[int, int]] | None = None,
    ) -> DiffPlan:
        """Compile the comparison of an old version with this one over the same rows.

        `keys` name each row once; `groups` are columns to count by. Raises NotInSubset.
        """
        from motcua.rules.sql.flips import diff_plan

        kept = tuple(dict.fromkeys((*keys, *groups)))
        plans = [
            one.over(over, decision=decision, dialect=dialect, columns=columns, keys=kept, numbers=numbers)
            for one in (old, self)
        ]
        return diff_plan(plans[0], plans[1], keys, [one for one in groups if one not in keys])

    def check(self) -> list[Finding]:
        """Return what static analysis finds: overlaps, gaps, dead rules, wrong types and values."""
        units = list(self.loaded.linked.units.values())
        return check_units(units, self.loaded.definitions.file)

    def nested_inputs(self, facts: Mapping[str, Value]) -> dict[tuple[str, str], Value]:
        """Return facts that only models deeper among the imports know, by namespace and name."""
        found: dict[tuple[str, str], Value] = {}
        seen: set[int] = set()
        stack = list(self.loaded.imports.values())
        while stack:
            one = stack.pop()
            if id(one) in seen:
                continue
            seen.add(id(one))
            stack.extend(one.imports.values())
            for unit in one.linked.units.values():
                name = unit.element.variable.name
                if unit.element.kind == "input" and name in facts:
                    found[(one.definitions.namespace, name)] = facts[name]
        return found

    def service_outputs(self, name: str) -> tuple[str, ...]:
        """Return the references of a service's output decisions."""
        unit = self._by_name.get(("service", name))
        return unit.element.outputs if unit is not None else ()

    def _give_leniently(
        self,
        run: Run,
        loaded: Loaded,
        prefix: str,
        facts: Mapping[str, Value],
        foreign: Mapping[tuple[str, str], Value],
    ) -> None:
        for identity, unit in loaded.linked.units.items():
            if unit.element.kind not in ("input", "decision"):
                continue
            name = f"{prefix}{unit.element.variable.name}"
            place = (loaded.definitions.namespace, unit.element.variable.name)
            if name in facts:
                run.give(loaded, identity, converted_input(unit, facts[name]))
            elif place in foreign:
                run.give(loaded, identity, converted_input(unit, foreign[place]))
        for one in loaded.definitions.imports:
            inner = loaded.imports.get(one.namespace)
            if inner is not None:
                self._give_leniently(
                    run, inner, f"{prefix}{one.name}." if one.name else prefix, facts, foreign
                )


Source = str | Path | bytes
_cache: OrderedDict[str, Model] = OrderedDict()


def load(source: Source, *, imports: Mapping[str, Source] | None = None, tolerant: bool = False) -> Model:
    """Read and compile a DMN model, from a path, or from its content as bytes or text.

    `imports` gives the models it imports, by namespace; a path also finds them beside itself.
    The result is kept by content. A `tolerant` load lets an element that cannot be read give null,
    as the conformance kit wants, and keeps its refusal. Raises ModelRefused with file, line, column and remedy.
    """
    content, file = _content(source)
    others = {name: _content(one) for name, one in (imports or {}).items()}
    digest = hashlib.sha256(content)
    for name in sorted(others):
        digest.update(name.encode() + b"\0" + hashlib.sha256(others[name][0]).digest())
    folder = file.parent if file is not None else None
    key = f"{digest.hexdigest()} {tolerant} {folder if b'import' in content else ''}"
    model = _cache.get(key)
    if model is None:
        loader = _Loader(others, folder, tolerant)
        loaded = loader.loaded(content, file.name if file is not None else None)
        model = Model(loaded, hashlib.sha256(content).hexdigest())
        _cache[key] = model
        while len(_cache) > KEPT_MODELS:
            _cache.popitem(last=False)
    else:
        _cache.move_to_end(key)
    return model


def _content(source: Source) -> tuple[bytes, Path | None]:
    if isinstance(source, bytes):
        return source, None
    if isinstance(source, str) and source.lstrip().startswith("<"):
        try:
            return source.encode(), None
        except UnicodeEncodeError as error:
            raise ModelRefused(
                f"the text holds half a character at {error.start + 1:,}", remedy="Save it as UTF-8."
            ) from error
    path = Path(source)
    try:
        return path.read_bytes(), path
    except OSError as error:
        raise ModelRefused(
            f"the file cannot be read ({error.strerror})", remedy="Check the path.", file=str(path)
        ) from error


class _Loader:
    """Loads one model with everything it imports, each file once."""

    def __init__(
        self,
        given: Mapping[str, tuple[bytes, Path | None]],
        folder: Path | None,
        tolerant: bool,
    ) -> None:
        self.given = given
        self.tolerant = tolerant
        self.folder = folder
        self.made: dict[str, Loaded] = {}
        self.open: list[str] = []
        self._siblings: dict[str, tuple[bytes, Path | None]] | None = None

    def loaded(self, content: bytes, file: str | None) -> Loaded:
        definitions = read_definitions(content, file)
        if len(self.open) > MOST_IMPORTS:
            raise ModelRefused("imports are nested too deeply", remedy="Join models.", file=file)
        self.open.append(definitions.namespace)
        found = {one.namespace: self._import(one, file) for one in definitions.imports if one.namespace}
        imports = {space: one for space, one in found.items() if one is not None}
        self.open.pop()
        linked: dict[str, Linked] = {space: one.linked for space, one in imports.items()}
        try:
            made = Compiler(definitions, linked, tolerant=self.tolerant).compile()
        except RecursionError as error:
            raise ModelRefused(
                "types or requirements are nested too deeply", remedy="Flatten them.", file=file
            ) from error
        return Loaded(definitions, made, imports)

    def _import(self, one: m.Import, file: str | None) -> Loaded | None:
        """Return a model that is imported, or None when it is not at hand."""
        if one.namespace in self.open:
            raise ModelRefused(
                f'the model imports itself through "{one.name}"',
                remedy="Break the circle of imports.",
                file=file,
                line=one.line,
            )
        if one.namespace not in self.made:
            found = self._find(one.namespace)
            if found is None:
                return None
            content, path = found
            self.made[one.namespace] = self.loaded(content, path.name if path else one.name)
        return self.made[one.namespace]

    def _find(self, namespace: str) -> tuple[bytes, Path | None] | None:
        if namespace in self.given:
            return self.given[namespace]
        if self._siblings is None:
            self._siblings = {}
            for path in sorted(self.folder.glob("*.dmn")) if self.folder is not None else ():
                content = path.read_bytes()
                self._siblings.setdefault(_namespace_of(content, path.name), (content, path))
        return self._siblings.get(namespace)


def _namespace_of(content: bytes, file: str) -> str:
    try:
        return read_definitions(content, file).namespace
    except ModelRefused:
        return ""
