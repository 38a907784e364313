"""Compiles the elements of a model: scopes, boxed expressions, one Python function each."""

from __future__ import annotations

from collections.abc import Mapping

from motcua.rules import model as m
from motcua.rules import syntax as s
from motcua.rules.builtins import BUILTINS
from motcua.rules.codegen import Env, Frame
from motcua.rules.errors import ModelRefused
from motcua.rules.inference import common_type, filter_type, item_type
from motcua.rules.kinds import (
    ANY,
    BOOLEAN,
    ContextType,
    FeelType,
    FunctionType,
    context_of,
    function_of,
    list_of,
    plain,
)
from motcua.rules.lexer import begins_with
from motcua.rules.reading import EXTERNAL, told_too_early
from motcua.rules.scope import Scope
from motcua.rules.table_writing import write_table
from motcua.rules.texts import ROOT, Texts
from motcua.rules.units import Linked, Unit

DEEPEST_BOX = 40


class Compiler(Texts):
    """Compiles one file; `linked` maps namespaces to the models it imports."""

    def __init__(
        self, definitions: m.Definitions, linked: Mapping[str, Linked], *, tolerant: bool = False
    ) -> None:
        super().__init__(definitions, linked, tolerant=tolerant)
        self._depth = 0

    # -- elements

    def declare(self) -> None:
        """Give every element its type, so that elements can name each other."""
        for identity, element in self.definitions.elements.items():
            self.units[identity] = Unit(element, ANY)
        for unit in self.units.values():
            self.unit = unit
            try:
                unit.type = self._declared_type(unit.element)
            except ModelRefused as refusal:
                self._refuse(unit, refusal)
        self.unit = None

    def _refuse(self, unit: Unit, refusal: ModelRefused) -> None:
        """Let one element give null and keep why, or refuse the model."""
        if not self.tolerant:
            raise refusal
        unit.refusal, unit.call, self._depth = refusal, None, 0
        self._building.clear()

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
        # Only of a knowledge model is the type that of the call; a decision may well give a function.
        called = unit.type if unit.element.kind == "knowledge" else None
        kinds = called.parameters if isinstance(called, FunctionType) else ()
        inner = Scope(dict(zip(parameters.names, kinds or (), strict=True)), scope)
        env = Env((local, border, parameters))
        body = unit.element.expression
        if unit.element.external:
            self.doubt(EXTERNAL, unit.element.line, "")
        code, kind = self.box(body, env, inner) if body is not None else ("None", ANY)
        declared = called.result if isinstance(called, FunctionType) else unit.type
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
            if unit.refusal is not None:
                continue
            try:
                self.compile_unit(unit)
            except ModelRefused as refusal:
                self._refuse(unit, refusal)
            except RecursionError:
                self._refuse(unit, self.refused(unit.element.line, "it is nested too deeply", "Split it."))
        source = "\n".join(self.lines)
        try:
            exec(compile(source, f"<{self.definitions.name}>", "exec"), self.writer.globals)  # noqa: S102
        except (SyntaxError, RecursionError, MemoryError) as error:
            raise self.refused(0, "the model is nested too deeply", "Split it.") from error
        for unit in self.units.values():
            if isinstance(unit.call, str):
                unit.call = self.writer.globals[unit.call]
        return Linked(self.units, self.types, source, self.writer.globals)

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
        assert self.unit is not None  # a box stands in an element
        doubts, before = self.unit.doubts, len(self.unit.doubts)
        for name, type_name, part in body.entries:
            local = self.writer.fresh("v")
            if name and name not in BUILTINS and _defines_function(part):
                # A function may call itself; under the name of a built-in it calls that.
                frame.names[name] = local
                names.add(name, ANY)
            code, kind = self.box(part, inner, names)
            wanted = self.type_named(type_name, body.line)
            code, kind = self.coerced(code, kind, wanted), wanted if wanted is not ANY else kind
            if not name:
                result = (code, kind)
                break
            parts.append(f"({local} := {code})")
            frame.names[name] = local
            fields[name] = kind
            names.add(name, kind)
        entries = {name for name, _, _ in body.entries}
        doubts[before:] = [
            (told_too_early(doubt, entries), line, where) for doubt, line, where in doubts[before:]
        ]
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
        self.doubt(EXTERNAL, body.line, "")
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
        # Only `for` has partial results; an iterator of that name is what its author means.
        special = body.kind == "for" and body.name != "partial"
        inner = env.inside(Frame({body.name: item, **({"partial": partial} if special else {})}))
        names = Scope({body.name: item_type(kind), **({"partial": ANY} if special else {})}, scope)
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


def _defines_function(part: m.Boxed | m.Table) -> bool:
    """Say whether a box is a function definition, in boxes or in FEEL."""
    if isinstance(part, m.Table):
        return False
    text = part.text.text if part.kind == "literal" and part.text is not None else ""
    return part.kind == "function" or begins_with(text, "function")
