"""Reads the body of a request as JSON that means one thing only, and that PostgreSQL can keep."""

import json
from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from ninja.parser import Parser

# So many brackets nest no deeper than whatever writes JSON can follow.
_SHALLOW = 64


class BodyNotReadable(ValueError):
    """The body is not JSON in UTF-8, says a key twice, or holds a number or letter that JSON does not have."""


class StrictParser(Parser):
    """The parser of ninja, without what Python reads beyond JSON."""

    # Any: the signature of ninja's own parser.
    def parse_body(self, request: HttpRequest) -> dict[str, Any]:
        """Return the body; raises ``BodyNotReadable``."""
        found: dict[str, Any] = read_body(request.body)
        return found


# Any: a body is checked by its schema after it is read.
def read_body(body: bytes) -> Any:
    """Return what the body says; raises ``BodyNotReadable``, also for nesting deeper than can be followed."""
    try:
        found = _STRICT.decode(body.decode("utf-8"))
        # Half of a surrogate pair is no letter: written out again in UTF-8 it shows itself wherever it hides. UTF-8
        # itself has none, so that only an escape can bring it; and what is nested deep must be fit to be written.
        if b"\\u" in body or body.count(b"[") + body.count(b"{") > _SHALLOW:
            json.dumps(found, ensure_ascii=False).encode("utf-8")
    except (ValueError, RecursionError) as fault:
        # No cause in the message: the body can hold personal data.
        raise BodyNotReadable(type(fault).__name__) from None
    return found


def _each_once(pairs: list[tuple[str, object]]) -> Mapping[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise BodyNotReadable("a key stands twice, so that two readers may read two requests")
    return found


def _no_number(name: str) -> object:
    raise BodyNotReadable(f"{name} is no number of JSON")


# Made once: making it takes longer than reading a short body.
_STRICT = json.JSONDecoder(object_pairs_hook=_each_once, parse_constant=_no_number)
