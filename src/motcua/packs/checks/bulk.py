"""Filing for many: whose firm it is must be provable, and only reasons of this pack may be told."""

import re
from collections.abc import Iterator

from motcua.procedures.content import BulkRule

from ..findings import Finding, did_you_mean
from ..reading import Pack

FILE = "pack.yaml"


def check_bulk(pack: Pack) -> Iterator[Finding]:
    """Yield fields, facts and reasons that are not there, and an authority that nobody could prove."""
    rule = pack.content.manifest.bulk
    if rule is None:
        return
    fields = {field.name: field for field in pack.content.form.fields}
    firm = fields.get(rule.firm)
    if firm is None:
        yield _at(pack, "firm", f"there is no field of the form {rule.firm}", did_you_mean(rule.firm, fields))
    elif not firm.required or firm.type != "string" or firm.show_if is not None:
        yield _at(pack, "firm", f"{rule.firm} may be left empty", "Make it a required text, always shown.")
    for name in rule.promised:
        if name not in fields:
            yield _at(pack, "promised", f"there is no field of the form {name}", did_you_mean(name, fields))
        elif fields[name].widget != "checkbox":
            yield _at(pack, "promised", f"{name} is no checkbox", "Name boxes that are ticked only.")
    yield from _authority(pack, rule)
    # The reasons are outputs of the answering table, where each stands as a text.
    reasons = set(
        re.findall(r'<outputEntry[^>]*>\s*<text>"([a-z0-9_]+)"</text>', pack.content.decision_model)
    )
    for name in rule.told:
        if name not in reasons:
            yield _at(pack, "told", f"no rule gives the reason {name}", did_you_mean(name, reasons))


def _authority(pack: Pack, rule: BulkRule) -> Iterator[Finding]:
    facts = {fact.name: fact for fact in pack.content.facts}
    fact = facts.get(rule.authority)
    if fact is None:
        yield _at(
            pack, "authority", f"there is no fact {rule.authority}", did_you_mean(rule.authority, facts)
        )
        return
    allowed = {"applicant", "today", f"form.{rule.firm}"}
    if fact.type != "boolean":
        yield _at(pack, "authority", f"{rule.authority} is no yes or no", "Ask whether such a record exists.")
    if not {"applicant", f"form.{rule.firm}"} <= set(fact.match.values()) <= allowed:
        yield _at(
            pack,
            "authority",
            f"{rule.authority} does not connect who files with the firm",
            f"Match on applicant and form.{rule.firm}, and on nothing else but today.",
        )


def _at(pack: Pack, key: str, problem: str, remedy: str) -> Finding:
    return Finding(FILE, pack.line_of(FILE, "bulk", key), f"bulk.{key}: {problem}", remedy)
