"""Vietnamese names folded for search: no case, no diacritics, đ as d."""

import unicodedata

_EXTRA = str.maketrans({"đ": "d", "Đ": "d"})


def fold(text: str) -> str:
    """Return the text as a search compares it; composed and decomposed input give the same."""
    decomposed = unicodedata.normalize("NFD", text.translate(_EXTRA))
    plain = "".join(sign for sign in decomposed if not unicodedata.combining(sign))
    return " ".join(plain.translate(_EXTRA).casefold().split())
