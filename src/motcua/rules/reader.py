"""Reads a DMN 1.2 to 1.5 file into `model` parts; vendor extensions and diagrams are passed over."""

from __future__ import annotations

from motcua.rules import model as m
from motcua.rules.errors import ModelRefused
from motcua.rules.lexer import normal_name
from motcua.rules.xmltree import Element, read_xml

_NAMESPACES = (
    "http://www.omg.org/spec/DMN/20151101/dmn.xsd",
    "http://www.omg.org/spec/DMN/20180521/MODEL/",
    "https://www.omg.org/spec/DMN/20191111/MODEL/",
    "https://www.omg.org/spec/DMN/20211108/MODEL/",
    "https://www.omg.org/spec/DMN/20230324/MODEL/",
)
_POLICIES = {
    "UNIQUE": "U",
    "FIRST": "F",
    "PRIORITY": "P",
    "ANY": "A",
    "COLLECT": "C",
    "RULE ORDER": "R",
    "OUTPUT ORDER": "O",
}
_BOXED = (
    "literalExpression",
    "decisionTable",
    "context",
    "invocation",
    "list",
    "relation",
    "functionDefinition",
    "conditional",
    "filter",
    "for",
    "some",
    "every",
)
# Compiling takes about 0.1 ms a cell: more than this is not a rule that a person can read.
MOST_CELLS = 25_000
_NAMED_KINDS = {
    "decision": "decision",
    "inputData": "input",
    "businessKnowledgeModel": "knowledge",
    "decisionService": "service",
}


class _Reader:
    """Reads one file; refusals name it."""

    def __init__(self, file: str | None) -> None:
        self.file = file
        self.namespace = ""
        self.cells = 0

    def refused(self, at: Element, message: str, remedy: str) -> ModelRefused:
        return ModelRefused(message, remedy=remedy, file=self.file, line=at.line, column=at.column)

    def definitions(self, content: bytes) -> m.Definitions:
        """Read the whole file."""
        root = read_xml(content, self.file)
        if root.tag != "definitions" or root.namespace not in _NAMESPACES:
            raise self.refused(
                root,
                f"<{root.tag}> of {root.namespace or 'no namespace'} is not a DMN model",
                "Save the model as DMN 1.2, 1.3, 1.4 or 1.5.",
            )
        self.namespace = root.get("namespace") or ""
        own = [child for child in root.children if child.namespace == root.namespace]
        elements: dict[str, m.Element] = {}
        for child in own:
            kind = _NAMED_KINDS.get(child.tag)
            if kind is not None:
                element = self.element(child, kind)
                if element.id in elements:
                    raise self.refused(child, f'the id "{element.id}" stands twice', "Change one.")
                elements[element.id] = element
        return m.Definitions(
            name=root.get("name") or "",
            namespace=self.namespace,
            file=self.file,
            items=tuple(self.item(child) for child in own if child.tag == "itemDefinition"),
            elements=elements,
            imports=tuple(
                m.Import(normal_name(child.get("name") or ""), child.get("namespace") or "", child.line)
                for child in own
                if child.tag == "import"
            ),
        )

    def element(self, at: Element, kind: str) -> m.Element:
        name = normal_name(at.get("name") or "")
        if not name:
            raise self.refused(at, f"a {at.tag} has no name", "Give it a name.")
        logic = at if kind != "knowledge" else at.first("encapsulatedLogic")
        parameters: tuple[m.Variable, ...] = ()
        if kind == "knowledge" and logic is not None:
            parameters = tuple(self.variable(one, "") for one in logic.all("formalParameter"))
        external = kind == "knowledge" and logic is not None and _foreign(logic)
        read = logic is not None and kind != "input" and not external
        body = self.boxed_child(logic) if logic is not None and read else None
        return m.Element(
            kind=kind,
            id=at.get("id") or name,
            name=name,
            label=at.get("label") or "",
            description=(at.child_text("description") or "").strip(),
            variable=self.variable(at.first("variable"), name),
            line=at.line,
            requires=tuple(self.requirements(at)),
            expression=body,
            parameters=parameters,
            result_type=(logic.get("typeRef") if logic is not None and logic is not at else None),
            outputs=self.hrefs(at, "outputDecision"),
            encapsulated=self.hrefs(at, "encapsulatedDecision"),
            input_decisions=self.hrefs(at, "inputDecision"),
            input_data=self.hrefs(at, "inputData"),
            question=(at.child_text("question") or "").strip(),
            external=external,
        )

    def requirements(self, at: Element) -> list[str]:
        wanted = ("requiredDecision", "requiredInput", "requiredKnowledge")
        return [
            self.href(one)
            for requirement in at.all("informationRequirement", "knowledgeRequirement")
            for one in requirement.all(*wanted)
        ]

    def hrefs(self, at: Element, tag: str) -> tuple[str, ...]:
        return tuple(self.href(one) for one in at.all(tag))

    def href(self, at: Element) -> str:
        """Return `namespace#id`, or `id` for an element of this file."""
        href = at.get("href") or ""
        space, _, identity = href.rpartition("#")
        return identity if space in ("", self.namespace) else f"{space}#{identity}"

    def variable(self, at: Element | None, name: str) -> m.Variable:
        if at is None:
            return m.Variable(name, None)
        return m.Variable(normal_name(at.get("name") or "") or name, type_ref(at))

    def item(self, at: Element) -> m.Item:
        allowed, constraint = at.first("allowedValues"), at.first("typeConstraint")
        function = at.first("functionItem")
        return m.Item(
            name=normal_name(at.get("name") or ""),
            type_ref=_local((at.child_text("typeRef") or "").strip()),
            collection=at.get("isCollection") == "true",
            allowed=None if allowed is None else self.text(allowed),
            constraint=None if constraint is None else self.text(constraint),
            components=tuple(self.item(child) for child in at.all("itemComponent")),
            description=(at.child_text("description") or "").strip(),
            function=None
            if function is None
            else (
                tuple(
                    (normal_name(one.get("name") or ""), type_ref(one)) for one in function.all("parameters")
                ),
                _local(function.get("outputTypeRef") or ""),
            ),
        )

    def text(self, at: Element) -> m.Text:
        inner = at.first("text")
        return m.Text(
            (inner.text if inner is not None else "").strip(),
            inner.line if inner is not None else at.line,
            type_ref(at),
        )

    def boxed_child(self, at: Element) -> m.Expression | None:
        found = next((child for child in at.children if child.tag in _BOXED), None)
        return None if found is None else self.boxed(found)

    def required(self, at: Element, what: str) -> m.Expression:
        found = self.boxed_child(at)
        if found is None:
            raise self.refused(at, f"{what} has no expression", "Complete it.")
        return found

    def boxed(self, at: Element) -> m.Expression:
        """Read one boxed expression."""
        kind = type_ref(at)
        match at.tag:
            case "literalExpression":
                return m.Boxed("literal", at.line, text=self.text(at), type_ref=kind)
            case "decisionTable":
                return self.table(at)
            case "context":
                return m.Boxed("context", at.line, entries=self.entries(at), type_ref=kind)
            case "invocation":
                return self.invocation(at, kind)
            case "list":
                parts = tuple(self.boxed(one) for one in at.children if one.tag in _BOXED)
                return m.Boxed("list", at.line, parts=parts, type_ref=kind)
            case "relation":
                return self.relation(at, kind)
            case "functionDefinition":
                return self.function(at, kind)
            case "conditional":
                parts = tuple(self.part(at, tag) for tag in ("if", "then", "else"))
                return m.Boxed("conditional", at.line, parts=parts, type_ref=kind)
            case "filter":
                parts = (self.part(at, "in"), self.part(at, "match"))
                return m.Boxed("filter", at.line, parts=parts, type_ref=kind)
        body = self.part(at, "return" if at.tag == "for" else "satisfies")
        name = normal_name(at.get("iteratorVariable") or "item")
        return m.Boxed(at.tag, at.line, name=name, parts=(self.part(at, "in"), body), type_ref=kind)

    def part(self, at: Element, tag: str) -> m.Expression:
        child = at.first(tag)
        if child is None:
            raise self.refused(at, f"<{at.tag}> has no <{tag}>", "Complete it.")
        return self.required(child, f"<{tag}>")

    def entries(self, at: Element) -> tuple[tuple[str, str | None, m.Expression], ...]:
        made: list[tuple[str, str | None, m.Expression]] = []
        for entry in at.all("contextEntry"):
            variable = self.variable(entry.first("variable"), "")
            made.append((variable.name, variable.type_ref, self.required(entry, "an entry")))
        return tuple(made)

    def invocation(self, at: Element, kind: str | None) -> m.Expression:
        bindings: list[tuple[str, str | None, m.Expression]] = []
        for binding in at.all("binding"):
            parameter = self.variable(binding.first("parameter"), "")
            body = self.boxed_child(binding)
            if body is None:
                body = m.Boxed("literal", binding.line, text=m.Text("null", binding.line))
            bindings.append((parameter.name, parameter.type_ref, body))
        called = (self.required(at, "an invocation"),)
        return m.Boxed("invocation", at.line, parts=called, entries=tuple(bindings), type_ref=kind)

    def relation(self, at: Element, kind: str | None) -> m.Expression:
        columns = [(normal_name(column.get("name") or ""), type_ref(column)) for column in at.all("column")]
        rows = tuple(
            tuple(self.boxed(cell) for cell in row.children if cell.tag in _BOXED) for row in at.all("row")
        )
        if any(len(row) != len(columns) for row in rows):
            raise self.refused(at, "a row of the relation has another length", "Complete it.")
        empty = m.Boxed("literal", at.line, text=m.Text("null", at.line))
        entries = tuple((name, column_type, empty) for name, column_type in columns)
        return m.Boxed("relation", at.line, entries=entries, rows=rows, type_ref=kind)

    def function(self, at: Element, kind: str | None) -> m.Expression:
        entries = tuple(
            (
                normal_name(one.get("name") or ""),
                type_ref(one),
                m.Boxed("literal", one.line, text=m.Text("null", one.line)),
            )
            for one in at.all("formalParameter")
        )
        body = self.boxed_child(at) or m.Boxed("literal", at.line, text=m.Text("null", at.line))
        return m.Boxed(
            "external" if _foreign(at) else "function",
            at.line,
            parts=(body,),
            entries=entries,
            type_ref=kind,
        )

    # -- decision tables

    def table(self, at: Element) -> m.Table:
        policy = at.get("hitPolicy") or "UNIQUE"
        if policy not in _POLICIES:
            raise self.refused(at, f'the hit policy "{policy}" is not known', f"Use {', '.join(_POLICIES)}.")
        inputs = tuple(self.input_clause(one) for one in at.all("input"))
        outputs = tuple(self.output_clause(one) for one in at.all("output"))
        if not outputs:
            raise self.refused(at, "a decision table has no output", "Add an output column.")
        columns = [
            one.get("name") or one.child_text("text") or f"annotation {number}"
            for number, one in enumerate(at.all("annotation"), 1)
        ]
        rules = tuple(self.rule(one, columns, len(inputs), len(outputs)) for one in at.all("rule"))
        return m.Table(
            id=at.get("id") or "",
            name=at.get("outputLabel") or "",
            policy=_POLICIES[policy],
            aggregation=at.get("aggregation") or "",
            inputs=inputs,
            outputs=outputs,
            rules=rules,
            line=at.line,
            type_ref=type_ref(at),
        )

    def input_clause(self, at: Element) -> m.InputClause:
        expression = at.first("inputExpression")
        if expression is None:
            raise self.refused(at, "an input column has no expression", "Give it one.")
        return m.InputClause(
            id=at.get("id") or "",
            label=at.get("label") or "",
            expression=self.text(expression),
            values=self.values(at.first("inputValues")),
        )

    def output_clause(self, at: Element) -> m.OutputClause:
        default = at.first("defaultOutputEntry")
        return m.OutputClause(
            id=at.get("id") or "",
            name=normal_name(at.get("name") or ""),
            label=at.get("label") or "",
            type_ref=type_ref(at),
            values=self.values(at.first("outputValues")),
            default=None if default is None else self.text(default),
        )

    def values(self, at: Element | None) -> m.Text | None:
        if at is None:
            return None
        text = self.text(at)
        return text if text.text else None

    def rule(self, at: Element, columns: list[str], inputs: int, outputs: int) -> m.Rule:
        cells = tuple(self.text(one) for one in at.all("inputEntry"))
        conclusions = tuple(self.text(one) for one in at.all("outputEntry"))
        if len(cells) != inputs or len(conclusions) != outputs:
            raise self.refused(
                at,
                f"a rule has {len(cells)} conditions and {len(conclusions)} conclusions, "
                f"its table {inputs} and {outputs}",
                "Give the rule one cell for each column.",
            )
        self.cells += inputs + outputs
        if self.cells > MOST_CELLS:
            raise self.refused(
                at,
                f"the tables of the file have more than {MOST_CELLS:,} cells",
                "Keep long lists as facts, in a register.",
            )
        notes = [(one.child_text("text") or "").strip() for one in at.all("annotationEntry")]
        named = {
            columns[place] if place < len(columns) else f"annotation {place + 1}": note
            for place, note in enumerate(notes)
            if note
        }
        return m.Rule(
            id=at.get("id") or "",
            description=(at.child_text("description") or "").strip(),
            inputs=cells,
            outputs=conclusions,
            annotations=named,
            line=at.line,
        )


def _foreign(at: Element) -> bool:
    """Say whether a function's body is Java or PMML, which is read and never run."""
    return at.get("kind") not in (None, "", "FEEL")


def type_ref(at: Element) -> str | None:
    """Return the type an element names, or None."""
    return _local(at.get("typeRef") or "")


def _local(name: str) -> str | None:
    """Return a type's name without the `feel:` prefix of older files."""
    prefix, found, rest = name.partition(":")
    return normal_name(rest if found and prefix.isidentifier() else name) or None


def read_definitions(content: bytes, file: str | None = None) -> m.Definitions:
    """Read a DMN file."""
    return _Reader(file).definitions(content)
