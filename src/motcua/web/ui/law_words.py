"""Values that directives set, in words, as leaders and citizens read them."""

from datetime import date
from decimal import Decimal

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


def value_in_words(value: object) -> InTwoLanguages:
    """Return a value, or the text of one, in words."""
    text = ("true" if value else "false") if isinstance(value, bool) else str(value)
    if text in _WORDS:
        return _WORDS[text]
    if isinstance(value, date):
        return Bilingual(short_date(value, "vi"), short_date(value, "en"))
    if isinstance(value, int | Decimal):
        return Bilingual(number_in_words(value, "vi"), number_in_words(value, "en"))
    return Bilingual(text, text)
