"""Runs the DMN conformance kit: every test case, those that want a value counted apart."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from motcua.rules import temporal as t
from motcua.rules.errors import RulesError
from motcua.rules.evaluation import Model, load
from motcua.rules.operators import equal
from motcua.rules.values import Value, as_literal, number
from motcua.rules.xmltree import Element, read_xml

_KINDS = {"decision": "decision", "bkm": "knowledge", "decisionService": "service"}
_CLOSE = Decimal("1e-8")


@dataclass(frozen=True, slots=True)
class Outcome:
    """One case: where it stands, whether it passed, and what was wanted and seen."""

    folder: str
    case: str
    result: str
    passed: bool
    wants_value: bool
    wanted: str
    seen: str


@dataclass(slots=True)
class Report:
    """All outcomes of a run."""

    outcomes: list[Outcome] = field(default_factory=list)

    def count(self, *, wants_value: bool, passed: bool) -> int:
        """Return how many cases passed, or failed, among those that want a value, or null."""
        return sum(one.wants_value is wants_value and one.passed is passed for one in self.outcomes)

    @property
    def misses(self) -> list[Outcome]:
        """The cases that failed."""
        return [one for one in self.outcomes if not one.passed]

    def to_json(self) -> dict[str, object]:
        """Return the counts and the misses as plain dicts."""
        return {
            "value_wanted": {
                "passed": self.count(wants_value=True, passed=True),
                "failed": self.count(wants_value=True, passed=False),
            },
            "null_wanted": {
                "passed": self.count(wants_value=False, passed=True),
                "failed": self.count(wants_value=False, passed=False),
            },
            "misses": [
                {
                    "folder": one.folder,
                    "case": one.case,
                    "result": one.result,
                    "wanted": one.wanted,
                    "seen": one.seen,
                }
                for one in self.misses
            ],
        }


def run_kit(folder: Path, only: str = "") -> Report:
    """Run every test file under a folder; `only` keeps the paths that hold this text."""
    report = Report()
    for path in sorted(folder.rglob("*.xml")):
        if only not in str(path):
            continue
        root = read_xml(path.read_bytes(), path.name)
        if root.tag == "testCases":
            report.outcomes.extend(_run_file(path, root))
    return report


def _run_file(path: Path, root: Element) -> Iterator[Outcome]:
    name = (root.child_text("modelName") or "").strip()
    source = path.parent / name
    try:
        model: Model | None = load(source, tolerant=True)
        failure = ""
    except RulesError as refusal:
        model, failure = None, str(refusal)
    for case in root.all("testCase"):
        for result in case.all("resultNode"):
            yield _run_case(path, model, failure, case, result)


def _run_case(path: Path, model: Model | None, failure: str, case: Element, result: Element) -> Outcome:
    expected = result.first("expected")
    wanted = read_value(expected) if expected is not None else None
    seen, note = None, failure
    if model is not None:
        try:
            seen = _evaluated(model, case, result)
            note = as_literal(seen)
        except RulesError as refusal:
            note = str(refusal)
            seen = None
    broken = model is None
    passed = not broken and same(seen, wanted)
    return Outcome(
        folder=path.parent.name,
        case=case.get("id") or "",
        result=result.get("name") or "",
        passed=passed,
        wants_value=wanted is not None,
        wanted=as_literal(wanted),
        seen=note,
    )


def _evaluated(model: Model, case: Element, result: Element) -> Value:
    facts = {" ".join((node.get("name") or "").split()): read_value(node) for node in case.all("inputNode")}
    foreign = {
        (space, node.get("name") or ""): read_value(node)
        for node in case.all("inputNode")
        if (space := node.get("namespace"))
    }
    name = " ".join((result.get("name") or "").split())
    kind = _KINDS[case.get("type") or "decision"]
    invoked = case.get("invocableName")
    value = model.invoke(kind, invoked if invoked and kind != "decision" else name, facts, foreign)
    several = kind == "service" and len(model.service_outputs(invoked or name)) > 1
    return value[name] if several and isinstance(value, dict) and name in value else value


def read_value(node: Element) -> Value:
    """Read a value of the kit: typed text, components or a list."""
    components = node.all("component")
    if components:
        return {one.get("name") or "": read_value(one) for one in components}
    listed = node.first("list")
    if listed is not None:
        if listed.get("nil") == "true":
            return None
        return [read_value(item) for item in listed.all("item")]
    value = node.first("value")
    if value is None or value.get("nil") == "true":
        return None
    return typed(value.text, (value.get("type") or "string").rpartition(":")[2])


def typed(text: str, kind: str) -> Value:
    """Return the value of a text of an XML Schema type."""
    if kind == "string":
        return text
    text = text.strip()
    if kind == "boolean":
        return text in ("true", "1")
    if kind in ("decimal", "double", "integer", "int", "long", "float"):
        return number(Decimal(text)) if re.match(r"[-+]?[0-9.]", text) else None
    if kind == "date":
        return t.parse_date(text)
    if kind == "time":
        return t.parse_time(text)
    if kind == "dateTime":
        return t.parse_date_time(text)
    if kind in ("duration", "dayTimeDuration", "yearMonthDuration"):
        return t.parse_duration(text)
    return text


def same(seen: Value, wanted: Value) -> bool:
    """Say whether a result is what the kit wants; numbers may differ by 1e-8, as the kit allows."""
    if isinstance(wanted, list):
        return (
            isinstance(seen, list)
            and len(seen) == len(wanted)
            and all(same(one, other) for one, other in zip(seen, wanted, strict=True))
        )
    if isinstance(wanted, dict):
        return (
            isinstance(seen, dict)
            and seen.keys() == wanted.keys()
            and all(same(seen[name], wanted[name]) for name in wanted)
        )
    if type(wanted) is Decimal and type(seen) is Decimal:
        return abs(seen - wanted) < _CLOSE
    return seen is wanted or (type(seen) is type(wanted) and equal(seen, wanted) is True)
