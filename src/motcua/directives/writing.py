"""Writes parameters and dates into the text of a directive and leaves the rest of the text as people wrote it."""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import datetime

from django.utils import timezone

from motcua.directives.content import DirectiveContent, Stated, read_directive

# What YAML reads as one plain word, whatever stands around it.
_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_./-]*|-?[0-9]+(\.[0-9]+)?", re.ASCII)


def with_parameters(content: DirectiveContent, parameters: Mapping[str, Stated]) -> str:
    """Return the directive's text with these parameters in the place of its own."""
    text = content.sheet.text
    block = "".join(f"{line}\n" for line in _lines(parameters))
    key, value = content.sheet.keys.get(("parameters",)), content.sheet.spans.get(("parameters",))
    if key is None or value is None:
        return f"{text.rstrip()}\n{block}"
    end = value.start + len(text[value.start : value.end].rstrip())
    made = f"{text[: key.start]}{block}{text[end:].lstrip(' ').removeprefix(chr(10))}"
    # A text in an unusual shape is refused here with its line, before anything is kept.
    read_directive(made, content.name)
    return made


def with_beginning(content: DirectiveContent, since: datetime) -> str:
    """Return the directive's text with another moment from which it may hold, in the time of the city."""
    span, text = content.sheet.spans[("in_force", "from")], content.sheet.text
    # In quotes, so that it is one word of YAML wherever it stands.
    moment = f'"{timezone.localtime(since).isoformat(timespec="seconds")}"'
    made = f"{text[: span.start]}{moment}{text[span.end :]}"
    read_directive(made, content.name)
    return made


def _lines(parameters: Mapping[str, Stated]) -> Iterator[str]:
    if not parameters:
        yield "parameters: {}"
        return
    yield "parameters:"
    for address, stated in sorted(parameters.items()):
        if stated.default is not None and not stated.places:
            yield f"  {address}: {_scalar(stated.default)}"
            continue
        yield f"  {address}:"
        if stated.default is not None:
            yield f"    default: {_scalar(stated.default)}"
        yield "    places:"
        yield from (f'      "{code}": {_scalar(value)}' for code, value in stated.places.items())


def _scalar(text: str) -> str:
    if _PLAIN.fullmatch(text) and text not in {"null"}:
        return text
    return json.dumps(text, ensure_ascii=False)
