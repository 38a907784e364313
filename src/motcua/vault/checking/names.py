"""The name that a file came with: shown beside the paper, never used to find or to judge it."""

import re
import unicodedata

from motcua.vault.checking.faults import PaperRefused

LONGEST_NAME = 120
# Controls, marks that reorder text, and what is drawn as nothing.
_HIDDEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff]")


def checked_name(name: str) -> str:
    """Return the name in NFC, cut to a length that fits; raises ``PaperRefused`` for one made to mislead."""
    if _HIDDEN.search(name):
        raise PaperRefused("name_hidden")
    if "/" in name or "\\" in name or name.strip() in (".", ".."):
        raise PaperRefused("name_path")
    return unicodedata.normalize("NFC", name).strip()[:LONGEST_NAME]
