"""The paper that a case ends with: its words and expressions, and that it is drafted, signed and sealed in order."""

import re
from collections.abc import Iterator

from motcua.procedures.content import OF_RESULT, Act, ResultLayout, Workflow
from motcua.procedures.result import RESULT_NAMES

from ..findings import Finding, did_you_mean
from ..reading import Pack
from .expressions import Expression, compiled
from .scopes import credential_names
from .texts import ACCENTS, CODE, PLACEHOLDER

FILE = "result.yaml"
FLOW = "workflow.yaml"
SIGNERS = {"specialist", "approver"}
OFFICERS = {"one_stop_officer", *SIGNERS}
# What each step makes of a paper, by how far it is before.
_BEFORE = {"specialist": "drafted", "approver": "signed", "seal": "approved"}
_AFTER = {"specialist": "signed", "approver": "approved", "seal": "sealed"}


def check_result(pack: Pack) -> Iterator[Finding]:
    """Yield effects without a paper, words that nothing fills in, and ways on which a signature would be missing."""
    workflow, layout = pack.content.workflow, pack.content.result
    acting = {name: act for name, act in workflow.acts.items() if OF_RESULT & set(act.effect)}
    for name, act in acting.items():
        yield from _act(pack, name, act, layout)
    if layout is None:
        return
    if not any("draft_result" in act.effect for act in acting.values()):
        yield Finding(
            FILE,
            0,
            "no act drafts this paper",
            f"Give an act of {FLOW} the effect draft_result, or remove it.",
        )
    yield from _expressions(pack, layout)
    yield from _words(pack, layout)
    yield from _ways(pack, workflow)


def _act(pack: Pack, name: str, act: Act, layout: ResultLayout | None) -> Iterator[Finding]:
    place = ("acts", name, "effect")
    if layout is None:
        yield _at(
            pack,
            place,
            f"{name}: {act.effect[0]} needs a result.yaml",
            "Write the paper, or remove the effect.",
        )
    if "sign_result" in act.effect and (len(act.by) != 1 or not set(act.by) <= SIGNERS):
        yield _at(
            pack,
            place,
            f"{name} signs the paper and is open to {', '.join(act.by)}",
            "A specialist signs what was drawn up, an approver decides: let by name one of the two.",
        )
    if "seal_result" in act.effect and not set(act.by) <= OFFICERS:
        yield _at(
            pack,
            place,
            f"{name} seals the paper and is open to {', '.join(act.by)}",
            "A person answers for a seal: let by name officers alone.",
        )
    if not OFFICERS | {"machine"} >= set(act.by):
        yield _at(
            pack,
            place,
            f"{name} works on the paper and is open to {', '.join(act.by)}",
            "Let by name officers, or the machine for drafting.",
        )
    if pack.content.manifest.decision and name in pack.content.workflow.answers.values():
        yield _at(
            pack,
            place,
            f"{name} answers by rule, in a batch that drafts and signs nothing",
            "Let another act, of an officer, work on the paper.",
        )


def _expressions(pack: Pack, layout: ResultLayout) -> Iterator[Finding]:
    names = credential_names(pack)
    for name, text in layout.values.items():
        yield from compiled(pack, Expression(FILE, ("values", name), f"values.{name}", text), names)
        if name in RESULT_NAMES:
            yield Finding(
                FILE,
                pack.line_of(FILE, "values", name),
                f"{name} is filled in by the path already",
                "Choose another name.",
            )
    for index, row in enumerate(layout.rows):
        for part, expression in (("value", row.value), ("when", row.when)):
            if expression is not None:
                where = Expression(FILE, ("rows", index, part), f"{row.label}: {part}", expression)
                yield from compiled(pack, where, names)
    for part, index, paragraph in layout.paragraphs:
        if paragraph.when is not None:
            where = Expression(FILE, (part, index, "when"), f"{part}, {index + 1}: when", paragraph.when)
            yield from compiled(pack, where, names)


def _words(pack: Pack, layout: ResultLayout) -> Iterator[Finding]:
    known = RESULT_NAMES | set(layout.values)
    used: set[str] = set()
    fixed = (
        ("title", layout.title),
        ("signing_post", layout.signing_post),
        ("agency_above", layout.agency_above or ""),
    )
    texts: list[tuple[tuple[str | int, ...], str]] = [((part,), text) for part, text in fixed]
    for part, several in (("legal_basis", layout.legal_basis), ("copies", layout.copies)):
        texts += [((part, index), text) for index, text in enumerate(several)]
    texts += [(("rows", index, "label"), row.label) for index, row in enumerate(layout.rows)]
    texts += [((part, index), each.text) for part, index, each in layout.paragraphs]
    for place, text in texts:
        line, named = pack.line_of(FILE, *place), set(PLACEHOLDER.findall(text))
        used |= named
        if CODE.search(text):
            yield Finding(FILE, line, "the text holds code", "A paper is words and {names}.")
        elif re.search(r"[{}]", PLACEHOLDER.sub("", text)):
            yield Finding(FILE, line, "a brace stands alone", "Write {name} with both braces.")
        if named and place[0] not in ("opening", "closing"):
            yield Finding(
                FILE,
                line,
                f"{{{min(named)}}} is not filled in here",
                "Only opening and closing have {names}.",
            )
        for name in sorted(named - known):
            yield Finding(
                FILE, line, f"{{{name}}} is not a name that this paper knows", did_you_mean(name, known)
            )
        if len(text.split()) > 4 and not ACCENTS.search(text):
            yield Finding(FILE, line, "the Vietnamese text has no accents", "Write it with full accents.")
    for name in sorted(set(layout.values) - used):
        yield Finding(
            FILE,
            pack.line_of(FILE, "values", name),
            f"no paragraph says {{{name}}}",
            "Use it, or remove it.",
        )


def _ways(pack: Pack, workflow: Workflow) -> Iterator[Finding]:
    """Go every way through the workflow with the paper as far as it is there, conditions left aside."""
    seen, waiting = set[tuple[str, str]](), {(workflow.start, "")}
    told: set[tuple[str, str]] = set()
    while waiting:
        at = waiting.pop()
        seen.add(at)
        state, paper = at
        for name, act in workflow.acts.items():
            if state not in act.source:
                continue
            fault, after = _carried(act, paper)
            if fault and (name, fault) not in told:
                told.add((name, fault))
                yield _at(pack, ("acts", name, "effect"), f"{name} from {state}: {fault}", _REMEDIES[fault])
            target = workflow.states[act.target]
            after = "" if target.phase in ("refused", "closed") and after != "sealed" else after
            if target.national_status == 10 and after in ("drafted", "signed", "approved"):
                yield from _unsealed(pack, name, act, told)
            waiting |= {(act.target, after)} - seen


def _unsealed(pack: Pack, name: str, act: Act, told: set[tuple[str, str]]) -> Iterator[Finding]:
    if (name, "unsealed") not in told:
        told.add((name, "unsealed"))
        yield _at(
            pack,
            ("acts", name),
            f"{name} returns a result whose paper nobody has sealed",
            f"Let an act on the way to {act.target} have the effect seal_result.",
        )


def _carried(act: Act, paper: str) -> tuple[str, str]:
    """Return what is wrong with the act's effects for a paper that is so far, and how far it is afterwards."""
    for effect in act.effect:
        step = act.by[0] if effect == "sign_result" else "seal"
        if effect == "draft_result":
            if paper == "sealed":
                return _TWICE, paper
            paper = "drafted"
        elif effect in OF_RESULT and step in _BEFORE:
            if paper != _BEFORE[step]:
                return _ORDER[step], _AFTER[step]
            paper = _AFTER[step]
    return "", paper


_TWICE = "the paper is sealed already, and another would be drafted"
_ORDER = {
    "specialist": "the specialist signs a paper that nobody has drafted, or signs it twice",
    "approver": "the approver signs a paper without the specialist's signature",
    "seal": "the paper is sealed without its two signatures",
}
_REMEDIES = {
    _TWICE: "Let no way lead from a sealed paper to drafting.",
    _ORDER["specialist"]: "Put draft_result into the same act, or into one before it on every way.",
    _ORDER[
        "approver"
    ]: "Let every way to this act go through a specialist's act with draft_result and sign_result.",
    _ORDER[
        "seal"
    ]: "Let every way to this act go through the two acts that sign; no act seals what is sealed.",
}


def _at(pack: Pack, place: tuple[str | int, ...], problem: str, remedy: str) -> Finding:
    return Finding(FLOW, pack.line_of(FLOW, *place), problem, remedy)
