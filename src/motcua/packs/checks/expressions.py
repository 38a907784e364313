"""Every FEEL expression outside the tables compiles over the names that it will really see."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from motcua import rules
from motcua.indicators.scope import RATING_NAMES
from motcua.procedures.content import CASE_NAMES, IndicatorDefinition, feel_name

from ..findings import Finding, did_you_mean
from ..reading import FORM, Pack
from .scopes import credential_names, path_names


def check_expressions(pack: Pack) -> Iterator[Finding]:
    """Yield what does not compile, and the codes, claims and names that stand twice or nowhere."""
    yield from _form_conditions(pack)
    yield from _workflow_guards(pack)
    yield from _credential(pack)
    yield from _indicators(pack)


def _form_conditions(pack: Pack) -> Iterator[Finding]:
    fields = pack.content.form.fields
    for position, field in enumerate(fields):
        if field.show_if is None:
            continue
        # A condition sees the answers given before it, so that a page never depends on a later one.
        known = [feel_name(each.name) for each in fields[:position]]
        yield from compiled(
            pack,
            Expression(
                FORM, ("properties", field.name, "x-show-if"), f"{field.name}: x-show-if", field.show_if
            ),
            known,
        )


def _workflow_guards(pack: Pack) -> Iterator[Finding]:
    for name, act in pack.content.workflow.acts.items():
        if act.when is not None:
            yield from compiled(
                pack,
                Expression("workflow.yaml", ("acts", name, "when"), f"{name}: when", act.when),
                path_names(pack),
            )


def _credential(pack: Pack) -> Iterator[Finding]:
    layout = pack.content.credential
    if layout is None:
        return
    file, names = "credential.yaml", credential_names(pack)
    for part, text in (("valid_from", layout.valid_from), ("valid_until", layout.valid_until)):
        yield from compiled(pack, Expression(file, (part,), part, text), names)
    seen: set[str] = set()
    for index, claim in enumerate(layout.claims):
        place = ("claims", index)
        for word in (claim.key, claim.name):
            if word in seen:
                yield Finding(
                    file,
                    pack.line_of(file, *place),
                    f"the claim {word} stands twice",
                    "Give each claim its own key and name.",
                )
        seen |= {claim.key, claim.name}
        yield from compiled(
            pack, Expression(file, (*place, "value"), f"claim {claim.name}", claim.value), names
        )


def _indicators(pack: Pack) -> Iterator[Finding]:
    codes = [each.code for each in pack.content.indicators]
    for file, sheet in pack.sheets.items():
        if not file.startswith("indicators/") or not isinstance(sheet.value, list):
            continue
        for index, raw in enumerate(sheet.value):
            code = raw.get("code") if isinstance(raw, dict) else None
            indicator = next((each for each in pack.content.indicators if each.code == code), None)
            if indicator is None:
                continue
            if codes.count(indicator.code) > 1:
                yield Finding(
                    file, pack.line_of(file, index), f"the indicator {code} stands twice", "Keep one of them."
                )
            yield from _indicator(pack, file, index, indicator)


def _indicator(pack: Pack, file: str, index: int, indicator: IndicatorDefinition) -> Iterator[Finding]:
    if indicator.where is not None:
        yield from compiled(
            pack, Expression(file, (index, "where"), f"{indicator.code}: where", indicator.where), CASE_NAMES
        )
    if indicator.formula is not None:
        counts = {feel_name(each.code) for each in pack.content.indicators if each.where is not None}
        names = counts | {feel_name(name) for name in indicator.parameters} | set(RATING_NAMES)
        yield from compiled(
            pack,
            Expression(file, (index, "formula"), f"{indicator.code}: formula", indicator.formula),
            sorted(names),
        )


@dataclass(frozen=True, slots=True)
class Expression:
    """A FEEL text with the file and the part of it that it stands in."""

    file: str
    place: tuple[str | int, ...]
    named: str
    text: str


def compiled(pack: Pack, expression: Expression, names: Iterable[str]) -> Iterator[Finding]:
    """Yield a finding if the text does not compile over ``names``."""
    known = tuple(dict.fromkeys(names))
    try:
        rules.compile_feel(expression.text, known)
    except rules.FeelRefused as error:
        remedy = error.remedy or did_you_mean(expression.text, known)
        line = pack.line_of(expression.file, *expression.place)
        yield Finding(expression.file, line, f"{expression.named}: {error.message}", remedy)
