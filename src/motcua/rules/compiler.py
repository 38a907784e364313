"""Compiles the elements of a model: types, scopes, boxed expressions, one Python function each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from motcua.rules import model as m
from motcua.rules import syntax as s
from motcua.rules.builtins import BUILTINS
from motcua.rules.codegen import Env, Frame, Writer
from motcua.rules.errors import FeelRefused, ModelRefused
from motcua.rules.inference import common_type, filter_type, item_type
from motcua.rules.kinds import (
    ANY,
    BOOLEAN,
    NAMED,
    AllowedType,
    ContextType,
    FeelType,
    FunctionType,
    coerce,
    context_of,
    function_of,
    is_subtype,
    list_of,
    plain,
)
from motcua.rules.parser import Parser
from motcua.rules.scope import Scope, nearest
from motcua.rules.tables import CompiledTable, write_table
from motcua.rules.values import Value

ROOT = Scope(dict.fromkeys(BUILTINS, ANY))
DEEPEST_BOX = 40


@dataclass(slots=True)
class Unit:
    """A compiled element: `call(trace, *values of uses, *parameters)` gives its value."""

    element: m.Element
    type: FeelType
    uses: tuple[str, ...] = ()
    names: dict[str, str] = field(default_factory=dict)
    call: Callable[..., Value] | None = None
    node: s.Node | None = None
    tables: list[CompiledTable] = field(default_factory=list)
    doubts: list[tuple[str, int, str]] = field(default_factory=list)
    refusal: ModelRefused | None = None


@dataclass(slots=True)
class Linked:
    """Another compiled model, as an importing model sees it."""

    units: Mapping[str, Unit]
    types: Mapping[str, FeelType]


class Compiler:
    """Compiles one file; `linked` maps namespaces to the models it imports."""

    def __init__(
        self, definitions: m.Definitions, linked: Mapping[str, Linked], *, tolerant: bool = False
    ) -> None:
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
        self._depth = 0
        for item in definitions.items:
            self.type_named(item.name, 0)
            self._add_members(item)

    def _add_members(self, item: m.Item) -> None:
        for component in item.components:
            self.members.add(component.name)
            self._add_members(component)

    def refused(self, line: int, message: str, remedy: str) -> ModelRefused:
        """Return a refusal at a line of this file."""
        element = self.unit.element.name if self.unit is not None else None
        return ModelRefused(message, remedy=remedy, file=self.definitions.file, line=line, element=element)

    # -- types

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
        if item.allowed is not None and item.allowed.text:
            allows = self.allowed(item.allowed, plain(kind), item.name)
            kind = AllowedType(kind.name, kind, allows, item.allowed.text)
        return list_of(kind) if item.collection else kind

    def allowed(self, text: m.Text, kind: FeelType, name: str) -> Callable[[Value], bool]:
        """Return the check of allowed values."""
        from motcua.rules.cells import tests_truth

        scope = Scope({"?": kind}, ROOT)
        tests = self.parsed_tests(text, scope, f'allowed values of "{name}"')
        writer = Writer()
        code = tests_truth(writer, tests, "x", ANY, Env((Frame(),)))
        check: Callable[[Value], bool] = eval(f"lambda x: {code}", writer.globals)  # noqa: S307
        return check

    # -- texts

    def parsed(self, text: m.Text, scope: Scope, where: str) -> s.Node:
        """Read an expression; a refusal names the file's line."""
        return self._read(text, scope, where, tests=False)

    def parsed_tests(self, text: m.Text, scope: Scope, where: str) -> s.UnaryTests:
        """Read the unary tests of a cell; an empty cell accepts anything."""
        if not text.text:
            return s.UnaryTests([], anything=True)
        node = self._read(text, scope, where, tests=True)
        if not isinstance(node, s.UnaryTests):
            raise AssertionError(where)
        return node

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
        if self.unit is not None:
            self.unit.doubts.extend((doubt, text.line, where) for doubt, _ in parser.doubts)
        return node

    # -- elements

    def declare(self) -> None:
        """Give every element its type, so that elements can name each other."""
        for identity, element in self.definitions.elements.items():
            self.units[identity] = Unit(element, ANY)
        for unit in self.units.values():
            self.unit = unit
            unit.type = self._declared_type(unit.element)
        self.unit = None

    def _declared_type(self, element: m.Element) -> FeelType:
        if element.kind == "service":
            kinds = tuple(
                self._variable_type(identity) for identity in (*element.input_data, *element.input_decisions)
            )
            declared = self.type_named(element.variable.type_ref, element.line)
            result = declared.result if isinstance(declared, FunctionType) else declared
            return function_of(kinds, result)
        if element.kind == "knowledge":
            kinds = tuple(self.type_named(one.type_ref, element.line) for one in element.parameters)
            return function_of(kinds, self._knowledge_result(element))
        return self.type_named(element.variable.type_ref, element.line)

    def _knowledge_result(self, element: m.Element) -> FeelType:
        declared = self.type_named(element.variable.type_ref, element.line)
        if isinstance(declared, FunctionType):
            return declared.result
        if declared is not ANY:
            return declared
        if element.result_type is not None:
            return self.type_named(element.result_type, element.line)
        body = element.expression
        return self.type_named(body.type_ref if body is not None else None, element.line)

    def _variable_type(self, identity: str) -> FeelType:
        target = self.target(identity)
        if target is None:
            return ANY
        return self.type_named(target.element.variable.type_ref, target.element.line)

    def target(self, reference: str) -> Unit | None:
        """Return the unit a requirement points to, here or in an import."""
        space, found, identity = reference.rpartition("#")
        if not found:
            return self.units.get(reference)
        known = self.linked.get(space)
        return known.units.get(identity) if known is not None else None

    def scope_of(self, unit: Unit) -> Scope:
        """Return the names an element may use, and note which reference each stands for."""
        names: dict[str, FeelType] = {}
        nested: dict[str, dict[str, FeelType]] = {}
        for reference in unit.element.requires:
            target = self.target(reference)
            if target is None:
                raise self.refused(
                    unit.element.line,
                    f'"{unit.element.name}" requires "{reference}", which is not in the model',
                    "Add the element or its import, or remove the requirement.",
                )
            space, foreign, _ = reference.rpartition("#")
            prefix = next((one.name for one in self.definitions.imports if one.namespace == space), "")
            name = target.element.variable.name if target.element.kind != "service" else target.element.name
            if foreign and prefix:
                nested.setdefault(prefix, {})[name] = target.type
                unit.names[f"{prefix}.{name}"] = reference
            else:
                names[name] = target.type
                unit.names[name] = reference
        for prefix, members in nested.items():
            names[prefix] = context_of(members)
        return Scope(names, ROOT)

    def compile_unit(self, unit: Unit) -> None:
        """Write the Python of one element into `lines`."""
        if unit.element.kind in ("input", "service"):
            self.unit = unit
            self.scope_of(unit)
            self.unit = None
            return
        self.unit = unit
        scope = self.scope_of(unit)
        local = Frame({name: name for name in scope.names})
        border = Frame(captures={})
        parameters = Frame()
        for at, one in enumerate(unit.element.parameters):
            parameters.names[one.name] = f"a{at}"
        kinds = unit.type.parameters if isinstance(unit.type, FunctionType) else ()
        inner = Scope(dict(zip(parameters.names, kinds or (), strict=True)), scope)
        env = Env((local, border, parameters))
        body = unit.element.expression
        code, kind = self.box(body, env, inner) if body is not None else ("None", ANY)
        declared = unit.type.result if isinstance(unit.type, FunctionType) else unit.type
        code = self.coerced(code, kind, declared)
        if declared is ANY and unit.element.kind == "decision":
            unit.type = plain(kind)
        captures = border.captures or {}
        unit.uses = tuple(captures)
        arguments = ", ".join(["T", *(code for code, _ in captures.values()), *parameters.names.values()])
        name = self.writer.fresh("d")
        self.lines.append(f"def {name}({arguments}):\n return {code}\n")
        unit.call = name  # type: ignore[assignment]  # the name, until `link` has the function
        self.unit = None

    def order(self) -> list[Unit]:
        """Return the units so that what is required comes first.

        Raises ModelRefused when elements require each other in a circle.
        """
        done: dict[str, int] = {}
        ordered: list[Unit] = []
        for identity in self.units:
            stack = [(identity, iter(self.units[identity].element.requires))]
            if identity in done:
                continue
            done[identity] = 1
            while stack:
                at, rest = stack[-1]
                for reference in rest:
                    if reference not in self.units or done.get(reference) == 2:
                        continue
                    if done.get(reference) == 1:
                        self.unit = self.units[at]
                        raise self.refused(
                            self.units[at].element.line,
                            f'"{self.units[at].element.name}" and '
                            f'"{self.units[reference].element.name}" require each other',
                            "Break the circle of requirements.",
                        )
                    done[reference] = 1
                    stack.append((reference, iter(self.units[reference].element.requires)))
                    break
                else:
                    done[at] = 2
                    ordered.append(self.units[at])
                    stack.pop()
        return ordered

    def compile(self) -> Linked:
        """Compile everything and return it with its functions in place."""
        self.declare()
        for unit in self.order():
            try:
                self.compile_unit(unit)
            except ModelRefused as refusal:
                if not self.tolerant:
                    raise
                unit.refusal, unit.call, self._depth = refusal, None, 0
        source = "\n".join(self.lines)
        try:
            exec(compile(source, f"<{self.definitions.name}>", "exec"), self.writer.globals)  # noqa: S102
        except (SyntaxError, RecursionError, MemoryError) as error:
            raise self.refused(0, "the model is nested too deeply", "Split it.") from error
        for unit in self.units.values():
            if isinstance(unit.call, str):
                unit.call = self.writer.globals[unit.call]
        return Linked(self.units, self.types)

    def coerced(self, code: str, kind: FeelType, wanted: FeelType) -> str:
        """Return the Python that also converts to the wanted type, where that is needed."""
        if wanted is ANY or (not _constrained(wanted) and is_subtype(kind, wanted) and kind is not ANY):
            return code
        return f"coerce({code}, {self.writer.constant(wanted)})"

    # -- boxed expressions

    def box(self, body: m.Expression, env: Env, scope: Scope) -> tuple[str, FeelType]:
        """Return the Python of a boxed expression and its type."""
        self._depth += 1
        if self._depth > DEEPEST_BOX:
            raise self.refused(body.line, f"boxes are nested more than {DEEPEST_BOX} deep", "Split them.")
        if isinstance(body, m.Table):
            code, kind = write_table(self, body, env, scope)
        else:
            code, kind = getattr(self, f"_{body.kind}_box")(body, env, scope)
        self._depth -= 1
        if body.type_ref is not None:
            wanted = self.type_named(body.type_ref, body.line)
            if body.kind in ("function", "external") if isinstance(body, m.Boxed) else False:
                return code, kind
            return self.coerced(code, kind, wanted), wanted if wanted is not ANY else kind
        return code, kind

    def _literal_box(self, body: m.Boxed, env: Env, scope: Scope) -> tuple[str, FeelType]:
        if body.text is None or not body.text.text:
            return "None", ANY
        node = self.parsed(body.text, scope, "")
        if self.unit is not None and self.unit.element.expression is body:
            self.unit.node = node
        return self.writer.value(node, env), node.type

    def _context_box(self, body: m.Boxed, env: Env, scope: Scope) -> tuple[str, FeelType]:
        frame = Frame()
        inner, names = env.inside(frame), Scope(outer=scope)
        parts: list[str] = []
        fields: dict[str, FeelType] = {}
        result: tuple[str, FeelType] | None = None
        for name, type_name, part in body.entries:
            code, kind = self.box(part, inner, names)
            wanted = self.type_named(type_name, body.line)
            code, kind = self.coerced(code, kind, wanted), wanted if wanted is not ANY else kind
            if not name:
                result = (code, kind)
                break
            local = self.writer.fresh("v")
            parts.append(f"({local} := {code})" if result is None else code)
            frame.names[name] = local
            fields[name] = kind
            names.add(name, kind)
        if result is not None:
            return f"(lambda: ({', '.join([*parts, result[0]])},)[-1])()", result[1]
        pairs = ", ".join(f"{name!r}: {part}" for name, part in zip(fields, parts, strict=True))
        return f"(lambda: {{{pairs}}})()", context_of({k: plain(v) for k, v in fields.items()})

    def _invocation_box(self, body: m.Boxed, env: Env, scope: Scope) -> tuple[str, FeelType]:
        called, kind = self.box(body.parts[0], env, scope)
        arguments: list[str] = []
        for _, type_name, part in body.entries:
            code, seen = self.box(part, env, scope)
            arguments.append(self.coerced(code, seen, self.type_named(type_name, body.line)))
        names = self.writer.constant(tuple(name for name, _, _ in body.entries))
        result = kind.result if isinstance(kind, FunctionType) else ANY
        return f"invoke({called}, [{', '.join(arguments)}], {names})", result

    def _list_box(self, body: m.Boxed, env: Env, scope: Scope) -> tuple[str, FeelType]:
        made = [self.box(part, env, scope) for part in body.parts]
        kind = list_of(common_type(kind for _, kind in made))
        return f"[{', '.join(code for code, _ in made)}]", kind

    def _relation_box(self, body: m.Boxed, env: Env, scope: Scope) -> tuple[str, FeelType]:
        kinds = [self.type_named(kind, body.line) for _, kind, _ in body.entries]
        rows: list[str] = []
        for row in body.rows:
            cells: list[str] = []
            for (name, _, _), wanted, cell in zip(body.entries, kinds, row, strict=True):
                code, kind = self.box(cell, env, scope)
                cells.append(f"{name!r}: {self.coerced(code, kind, wanted)}")
            rows.append(f"{{{', '.join(cells)}}}")
        names = [name for name, _, _ in body.entries]
        kind = context_of({name: plain(one) for name, one in zip(names, kinds, strict=True)})
        return f"[{', '.join(rows)}]", list_of(kind)

    def _function_box(self, body: m.Boxed, env: Env, scope: Scope) -> tuple[str, FeelType]:
        frame = Frame({name: self.writer.fresh("v") for name, _, _ in body.entries})
        kinds = [self.type_named(kind, body.line) for _, kind, _ in body.entries]
        inner = Scope(dict(zip(frame.names, kinds, strict=True)), scope)
        code, kind = self.box(body.parts[0], env.inside(frame), inner)
        parameters = self.writer.constant(tuple(frame.names))
        known = self.writer.constant(() if all(one is ANY for one in kinds) else tuple(kinds))
        result = self.type_named(body.type_ref, body.line)
        wanted = self.writer.constant(None if result is ANY else result)
        arguments = ", ".join(frame.names.values())
        made = function_of(tuple(kinds), result if result is not ANY else plain(kind))
        return f"Function('', lambda {arguments}: {code}, {parameters}, {known}, {wanted})", made

    def _external_box(self, body: m.Boxed, env: Env, scope: Scope) -> tuple[str, FeelType]:
        # Java and PMML are not called: such a function takes its arguments and gives null.
        names = tuple(name for name, _, _ in body.entries)
        parameters = self.writer.constant(names)
        return f"Function('', lambda *a: None, {parameters})", function_of((ANY,) * len(names), ANY)

    def _conditional_box(self, body: m.Boxed, env: Env, scope: Scope) -> tuple[str, FeelType]:
        condition, yes, no = (self.box(part, env, scope) for part in body.parts)
        kind = common_type((yes[1], no[1]))
        name = self.writer.fresh("v")
        odd = f"None if odd_condition({name}) else "
        return f"({yes[0]} if ({name} := {condition[0]}) is True else {odd}{no[0]})", kind

    def _filter_box(self, body: m.Boxed, env: Env, scope: Scope) -> tuple[str, FeelType]:
        source, kind = self.box(body.parts[0], env, scope)
        inside = plain(item_type(kind))
        fields = dict(inside.fields) if isinstance(inside, ContextType) else {}
        item = self.writer.fresh("v")
        inner = env.inside(Frame(item=item, item_type=inside)).inside(Frame({"item": item}))
        names = Scope({**fields, "item": inside}, scope, opened=not fields)
        condition, test = self.box(body.parts[1], inner, names)
        shape = filter_type(s.Filter(s.Name("", type=kind), s.Name("", type=test)))
        call = "keep" if plain(test) is BOOLEAN else "keep_or_index"
        return f"{call}({source}, lambda {item}: {condition})", shape

    def _iteration(self, body: m.Boxed, env: Env, scope: Scope) -> tuple[str, str, str, FeelType]:
        source, kind = self.box(body.parts[0], env, scope)
        item, partial = self.writer.fresh("v"), self.writer.fresh("v")
        inner = env.inside(Frame({body.name: item, "partial": partial}))
        names = Scope({body.name: item_type(kind), "partial": ANY}, scope)
        code, result = self.box(body.parts[1], inner, names)
        return source, f"lambda {item}, {partial}=None: {code}", partial, result

    def _for_box(self, body: m.Boxed, env: Env, scope: Scope) -> tuple[str, FeelType]:
        source, code, partial, kind = self._iteration(body, env, scope)
        call = "for_each_partial" if code.count(partial) > 1 else "for_each"
        return f"{call}((lambda: {source},), {code})", list_of(plain(kind))

    def _some_box(self, body: m.Boxed, env: Env, scope: Scope) -> tuple[str, FeelType]:
        source, code, _, _ = self._iteration(body, env, scope)
        return f"{body.kind}((lambda: {source},), {code})", BOOLEAN

    _every_box = _some_box


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
