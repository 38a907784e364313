"""Writes the files of a pack from an outline: all but the table, and what every service begins with alike."""

import json
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import yaml

from motcua.procedures.content import Bilingual, feel_name

from .outline import EXAMPLE_DAY, AskedField, LookedUp, Outline, RuleRow, Value

WIDEST = 150
# The promise stands apart, at the end: nobody ticks before they have read.
PROMISE_STEP = ("promise", Bilingual(vi="Cam kết", en="Your promise"))
FIRST_STEP = ("request", Bilingual(vi="Đề nghị của bạn", en="Your request"))
WIDGETS = {
    "text": "text",
    "long_text": "textarea",
    "number": "number",
    "date": "date",
    "choice": "radios",
    "place": "place",
    "promise": "checkbox",
}
LONGEST = {"text": 200, "long_text": 500, "place": 10}
TYPES = {"number": "integer", "promise": "boolean"}


class _Inline(dict[str, Any]):  # Any: whatever YAML can hold
    """A mapping that is written on one line."""


class _Dumper(yaml.SafeDumper):
    def ignore_aliases(self, data: object) -> bool:
        """Write each part out: a pack has no references."""
        return True


_Dumper.add_representer(
    _Inline, lambda dumper, data: dumper.represent_mapping("tag:yaml.org,2002:map", data, flow_style=True)
)


def written(code: str, outline: Outline) -> dict[str, str]:
    """Return the texts of the files by their path in the folder."""
    return {
        "pack.yaml": _yaml(_manifest(code, outline)),
        "SOURCES.md": _sources(outline),
        "forms/request.json": _json(_form(outline)) + "\n",
        "facts.yaml": _yaml([_fact(one) for one in outline.looks_up]),
        "credential.yaml": _yaml(_credential(code, outline)),
        "examples/answers.yaml": _yaml(_examples(outline)),
    }


def unknown_reason(outline: Outline, name: str) -> str:
    """Return the reason code with which a case goes to a person because a value is not known."""
    taken = {row.reason for row in outline.rules} | {outline.grant.reason}
    return f"{name}_unknown" if f"{name}_unknown" not in taken else f"{name}_is_not_known"


def _yaml(value: object) -> str:
    return yaml.dump(value, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=WIDEST)


def _json(value: Any, depth: int = 0) -> str:  # Any: whatever JSON can hold
    """Return JSON in which what fits stands on one line."""
    line = json.dumps(value, ensure_ascii=False)
    if not isinstance(value, dict | list) or not value or (depth and len(line) + 2 * depth <= WIDEST):
        return line
    inner = "  " * (depth + 1)
    if isinstance(value, dict):
        parts = [
            f"{json.dumps(key, ensure_ascii=False)}: {_json(one, depth + 1)}" for key, one in value.items()
        ]
    else:
        parts = [_json(one, depth + 1) for one in value]
    opened, closed = "{}" if isinstance(value, dict) else "[]"
    return f"{opened}\n" + ",\n".join(inner + part for part in parts) + f"\n{'  ' * depth}{closed}"


def _both(text: Bilingual) -> dict[str, str]:
    return _Inline(vi=text.vi, en=text.en)


def _options(one: AskedField | LookedUp) -> list[dict[str, Any]]:
    return [_Inline(value=option.value, label=_both(option.label)) for option in one.options]


def _manifest(code: str, outline: Outline) -> dict[str, object]:
    found: dict[str, object] = {
        "code": code,
        "title": _both(outline.title),
        "summary": _both(outline.summary),
        "audience": _both(outline.audience),
        "agency": outline.agency,
        "purpose": _Inline(
            vi=f"Xét và trả kết quả: {outline.title.vi}", en=f"Decide on a request: {outline.title.en}"
        ),
        "requirements": [_both(one) for one in outline.requirements],
        "legal_basis": [
            {**one.model_dump(mode="json", exclude_none=True), "title": _both(one.title)}
            for one in outline.legal_basis
        ],
        "decision": {"model": f"decisions/{code}.dmn", "answer": "verdict"},
        "within_working_hours": outline.within_working_hours,
    }
    for key in ("keywords", "life_events"):
        if values := getattr(outline, key):
            found[key] = list(values)
    return found


def _sources(outline: Outline) -> str:
    clauses: dict[str, list[str]] = {}
    for row in outline.rules:
        clauses.setdefault(row.clause, []).append(row.says.en)
    clauses.setdefault(outline.grant.clause, []).append(outline.grant.says.en)
    clauses.setdefault("unknown", []).append("Where a source is silent or has gaps, a person decides.")
    rows = "\n".join(f"| {clause} | {' '.join(said)} | |" for clause, said in clauses.items())
    return (
        f"# Sources of {outline.title.en}\n\n"
        "Name the law behind every row of the table, and who has confirmed it. State: not yet confirmed.\n\n"
        f"| clause | what the rule takes from it | to confirm |\n|---|---|---|\n{rows}\n"
    )


def _form(outline: Outline) -> dict[str, object]:
    promises = [one.name for one in outline.asks if one.kind == "promise"]
    others = [one.name for one in outline.asks if one.kind != "promise"]
    steps = [
        {"name": name, "label": _both(label), "fields": fields}
        for (name, label), fields in ((FIRST_STEP, others), (PROMISE_STEP, promises))
        if fields
    ]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "additionalProperties": False,
        "required": [one.name for one in outline.asks if one.required],
        "x-steps": steps,
        "properties": {one.name: _property(one) for one in outline.asks},
    }


def _property(one: AskedField) -> dict[str, object]:
    found: dict[str, object] = {"type": TYPES.get(one.kind, "string")}
    if one.kind == "date":
        found["format"] = "date"
    if one.kind in LONGEST:
        found["maxLength"] = LONGEST[one.kind]
    bounds = (("minimum", one.at_least), ("maximum", one.at_most))
    found |= {key: bound for key, bound in bounds if bound is not None}
    found["x-label"] = _both(one.label)
    if one.help is not None:
        found["x-help"] = _both(one.help)
    found["x-widget"] = WIDGETS[one.kind]
    if one.options:
        found["enum"] = [option.value for option in one.options]
        found["x-options"] = _options(one)
    return found


def _fact(one: LookedUp) -> dict[str, object]:
    found: dict[str, object] = {
        "name": one.name,
        "label": _both(one.label),
        "register": one.register_name,
        "match": _Inline(one.match),
    }
    if one.returns is not None:
        found |= {"returns": one.returns, "type": one.type}
    if one.options:
        found["options"] = _options(one)
    return found


def _credential(code: str, outline: Outline) -> dict[str, object]:
    days = outline.grant.days
    last = f"({feel_name(days)} - 1)" if isinstance(days, str) else f"{days - 1}"
    first = f"max({feel_name(outline.grant.starts)}, today)" if outline.grant.starts else "today"
    holder = _Inline(key="n", name="holder", label=_Inline(vi="Họ và tên", en="Name"), value="holder name")
    return {
        "kind": code,
        "title": _both(outline.title),
        "valid_from": first,
        "valid_until": f'{first} + duration("P1D") * {last}',
        "claims": [holder],
    }


def _examples(outline: Outline) -> dict[str, object]:
    base = {one.name: one.example for one in outline.subjects}
    first = outline.rules[0]
    answers: list[dict[str, object]] = [
        {
            "name": "conditions_are_met",
            "answer": "grant",
            "reason": outline.grant.reason,
            "turns": {"change": dict(first.example), "answer": first.answer},
        },
        *(_example_of(row, base) for row in outline.rules),
        *(_unknown_example(outline, one.name) for one in outline.subjects),
    ]
    return {"base": base, "answers": [_Inline(one) for one in answers], "cases": [_case(outline)]}


def _unknown_example(outline: Outline, name: str) -> dict[str, object]:
    reason = unknown_reason(outline, name)
    return {"name": f"{name}_is_unknown", "given": {name: None}, "answer": "refer", "reason": reason}


def _example_of(row: RuleRow, base: Mapping[str, Value]) -> dict[str, object]:
    back = {name: base[name] for name in row.example if name in base}
    return {
        "name": f"told_{row.reason}",
        "given": dict(row.example),
        "answer": row.answer,
        "reason": row.reason,
        "turns": {"change": back, "answer": "grant"},
    }


def _case(outline: Outline) -> dict[str, object]:
    form = {one.name: _sent(one) for one in outline.asks if one.required}
    days = outline.grant.days if isinstance(outline.grant.days, int) else form[outline.grant.days]
    starts = date.fromisoformat(str(form[outline.grant.starts])) if outline.grant.starts else EXAMPLE_DAY
    until = starts + timedelta(days=int(str(days)) - 1)
    return {
        "name": "from_request_to_credential",
        "today": EXAMPLE_DAY.isoformat(),
        "form": _Inline(form),
        "facts": _Inline({one.name: one.example for one in outline.looks_up}),
        "state": "granted",
        "letter": "granted",
        "credential": _Inline(holder="Nguyễn Thị An"),
        "valid_from": starts.isoformat(),
        "valid_until": until.isoformat(),
    }


def _sent(one: AskedField) -> Value:
    """Return the example answer, or one that fits the kind where no rule reads the field."""
    if one.example is not None:
        return one.example
    if one.kind == "number":
        return one.at_least if one.at_least is not None else (one.at_most if one.at_most is not None else 1)
    if one.options:
        return one.options[0].value
    values: dict[str, Value] = {"date": EXAMPLE_DAY.isoformat(), "promise": True, "place": "20194"}
    return values.get(one.kind, "ví dụ")
