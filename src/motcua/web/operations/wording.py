"""Figures in words and digits."""

import re
from decimal import ROUND_HALF_UP, Decimal

from motcua import rules
from motcua.indicators.figures import Figure
from motcua.procedures.content import IndicatorDefinition
from motcua.web.ui.words import Bilingual, number_in_words

# What a sentence takes from the case it is about; a sentence about many cases has nothing to put there.
PLACE = re.compile(r"\{[^{}]*\}")
NO_VALUE = Bilingual("chưa tính được", "not computable")


def figure_words(figure: Figure) -> Bilingual:
    """Return the value as it is written, without its unit; a share carries its sign."""
    if figure.value is None:
        return NO_VALUE
    number = rounded(figure)
    sign = "%" if figure.definition.unit.vi == "%" else ""
    return Bilingual(number_in_words(number, "vi") + sign, number_in_words(number, "en") + sign)


def rounded(figure: Figure) -> int | Decimal:
    """Return the value for reading: whole where it is whole, a share or large; else one decimal."""
    value = figure.value or Decimal(0)
    if value == value.to_integral_value() or abs(value) >= 100 or figure.definition.unit.vi == "%":
        return int(value.to_integral_value(ROUND_HALF_UP))
    return value.quantize(Decimal("0.1"), ROUND_HALF_UP)


def unit_words(definition: IndicatorDefinition) -> Bilingual | None:
    """Return the unit where the value does not carry it."""
    unit = definition.unit
    return None if unit.vi == "%" else Bilingual(unit.vi, unit.en)


def plain_label(definition: IndicatorDefinition) -> Bilingual:
    """Return the label without the words before its colon, for lists whose heading says them already."""
    vi, en = (text.partition(": ")[2] or text for text in (definition.label.vi, definition.label.en))
    return Bilingual(vi[:1].upper() + vi[1:], en[:1].upper() + en[1:])


def reason_sentence(model: rules.Model, reason: str) -> Bilingual | None:
    """Return the first sentence that the decision tables annotate to a reason code, if they do."""
    for compiled in model.tables:
        table = compiled.table
        columns = [at for at, output in enumerate(table.outputs) if output.name == "reason"]
        for rule in table.rules if columns else ():
            vi, en = (rule.annotations.get(language, "") for language in ("vi", "en"))
            if rule.outputs[columns[0]].text.strip() == f'"{reason}"' and vi:
                return Bilingual(*(PLACE.sub("…", text.partition(".")[0]) for text in (vi, en or vi)))
    return None
