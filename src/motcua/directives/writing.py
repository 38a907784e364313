"""Writes the parameters of a directive into its text and leaves the rest of the text as people wrote it."""

import json
import re
from collections.abc import Iterator, Mapping

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
