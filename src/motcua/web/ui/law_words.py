"""Values that directives set, in words, as leaders and citizens read them."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from motcua.procedures.queries import search_services
from motcua.web.ui.words import Bilingual, InTwoLanguages, number_in_words, short_date

_WORDS = {
    "green": Bilingual("Xanh", "Green"),
    "yellow": Bilingual("Vàng", "Yellow"),
    "red": Bilingual("Đỏ", "Red"),
    "true": Bilingual("Có", "Yes"),
    "false": Bilingual("Không", "No"),
}
# What a page draws as a drop of color.
COLORS = frozenset({"green", "yellow", "red"})


def labels_of_values() -> Mapping[tuple[str, str], InTwoLanguages]:
    """Return what the services in force call the values of parameters, by address and value."""
    return {
        (f"{fact.register_name}.{fact.returns}", option.value): option.label
        for service in search_services()
        for fact in service.content.facts
        for option in fact.options
    }


def value_in_words(
    value: object, address: str = "", labels: Mapping[tuple[str, str], InTwoLanguages] | None = None
) -> InTwoLanguages:
    """Return a value, or the text of one, in words; ``labels`` are those of the services, by address and value."""
    text = ("true" if value else "false") if isinstance(value, bool) else str(value)
    if text in _WORDS:
        return _WORDS[text]
    if labels and (address, text) in labels:
        return labels[address, text]
    if isinstance(value, date):
        return Bilingual(short_date(value, "vi"), short_date(value, "en"))
    if isinstance(value, int | Decimal):
        return Bilingual(number_in_words(value, "vi"), number_in_words(value, "en"))
    return Bilingual(text, text)
