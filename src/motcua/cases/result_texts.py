"""The words of the paper that a case ends with, from the pack's layout and what is known of the case."""

import hashlib
from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from motcua import rules
from motcua.cases.plans import LayoutNotUsable
from motcua.documents.values import ResultRow, ResultText
from motcua.procedures.content import Content, ResultLayout, feel_name
from motcua.procedures.result import PLACEHOLDER, ResultParagraph
from motcua.rules import RulesError

FILE = "result.yaml"
# From five digits on people read thousands in groups; a year stays as it is.
_GROUPED_FROM = 10_000


def result_text(content: Content, scope: Mapping[str, object], names: Mapping[str, str]) -> ResultText:
    """Return the paper in words; ``names`` are those of ``RESULT_NAMES``.

    Raises ``LayoutNotUsable`` for a value that is null or nothing that a paper can say.
    """
    layout = content.result
    if layout is None:
        raise LayoutNotUsable(f"{content.manifest.code} has no {FILE}")
    words = _Words(content, scope)
    filled = {
        **names,
        **{name: words.of(f"values.{name}", text) for name, text in _used(layout, words).items()},
    }
    return ResultText(
        agency_above=layout.agency_above,
        title=layout.title,
        legal_basis=layout.legal_basis,
        opening=tuple(_filled(each, filled) for each in layout.opening if words.holds(each.when)),
        rows=tuple(
            ResultRow(label=row.label, value=words.of(row.label, row.value))
            for row in layout.rows
            if words.holds(row.when)
        ),
        closing=tuple(_filled(each, filled) for each in layout.closing if words.holds(each.when)),
        signing_post=layout.signing_post,
        copies=layout.copies,
    )


def digest_of(text: ResultText) -> str:
    """Return what names exactly these words, so that nobody signs others than they read."""
    return hashlib.sha256(text.model_dump_json().encode()).hexdigest()


def _used(layout: ResultLayout, words: "_Words") -> dict[str, str]:
    """Return the values that a paragraph says which is not left out."""
    said = [each.text for _, _, each in layout.paragraphs if words.holds(each.when)]
    named = {name for text in said for name in PLACEHOLDER.findall(text)}
    return {name: text for name, text in layout.values.items() if name in named}


def _filled(paragraph: ResultParagraph, names: Mapping[str, str]) -> str:
    # Put in once and never read again: a name that looks like {number} stays as it is.
    return PLACEHOLDER.sub(lambda found: names.get(found[1], found[0]), paragraph.text)


class _Words:
    """Expressions of one layout over one case, in words."""

    def __init__(self, content: Content, scope: Mapping[str, object]) -> None:
        self.scope = scope
        asked = [(each.name, each.options) for each in content.form.fields]
        asked += [(each.name, each.options) for each in content.facts]
        asked += [(each.name, each.options) for each in content.workflow.declared_findings]
        self.options = {
            feel_name(name): {option.value: option.label.vi for option in options}
            for name, options in asked
            if options
        }

    def holds(self, condition: str | None) -> bool:
        """Tell whether a line stands on the paper; what is not known is not true."""
        return condition is None or self._value("when", condition) is True

    def of(self, where: str, expression: str) -> str:
        """Return the value in words; raises ``LayoutNotUsable``."""
        value = self._value(where, expression)
        named: Mapping[str, str] | None = self.options.get(expression.strip())
        match value:
            case bool():
                return "Có" if value else "Không"
            case date() if not hasattr(value, "hour"):
                return f"{value:%d/%m/%Y}"
            case int() | Decimal():
                return number_on_paper(value)
            case str() if value.strip():
                return named.get(value, value.strip()) if named else value.strip()
        raise LayoutNotUsable(f"{FILE}, {where}: {value!r} cannot stand on a paper")

    def _value(self, where: str, expression: str) -> object:
        try:
            return rules.evaluate_feel(expression, self.scope)
        except RulesError as fault:
            raise LayoutNotUsable(f"{FILE}, {where}: {fault}") from fault


def number_on_paper(value: int | Decimal) -> str:
    """Return a number as Vietnamese papers have it: ``1.500.000``, ``120,5``."""
    exact = Decimal(value)
    whole = int(exact)
    shown = f"{abs(whole):,}".replace(",", ".") if abs(whole) >= _GROUPED_FROM else str(abs(whole))
    rest = f"{abs(exact - whole).normalize():f}".partition(".")[2]
    sign = "-" if exact < 0 else ""
    return f"{sign}{shown},{rest}" if rest else f"{sign}{shown}"
