"""A small graph of linked data, written as Turtle and as JSON-LD by hand; both say the same triples."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

PREFIXES: Mapping[str, str] = {
    "adms": "http://www.w3.org/ns/adms#",
    "cpsv": "http://purl.org/vocab/cpsv#",
    "cv": "http://data.europa.eu/m8g/",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "eli": "http://data.europa.eu/eli/ontology#",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
# What an address may not hold between angle brackets.
_NOT_IN_ADDRESS = re.compile(r'[\x00-\x20<>"{}|^`\\]')
_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"})


@dataclass(frozen=True, slots=True)
class Link:
    """An address, of a thing of ours or another's."""

    address: str


@dataclass(frozen=True, slots=True)
class Said:
    """A text in a language."""

    text: str
    language: str


@dataclass(frozen=True, slots=True)
class Typed:
    """A value with its type, such as ``xsd:duration``; a plain text without."""

    text: str
    kind: str = "xsd:string"


Value = Link | Said | Typed


@dataclass(frozen=True, slots=True)
class Thing:
    """One subject: its address, its classes and what is said of it, by prefixed names."""

    address: str
    kinds: tuple[str, ...]
    said: tuple[tuple[str, Value], ...] = ()


def to_turtle(things: Iterable[Thing]) -> str:
    """Return the graph as Turtle 1.1."""
    lines = [f"@prefix {name}: <{address}> ." for name, address in PREFIXES.items()]
    for thing in things:
        parts = [f"a {', '.join(_name(kind) for kind in thing.kinds)}"]
        parts += [f"{_name(predicate)} {_turtle(value)}" for predicate, value in thing.said]
        lines += ["", f"{_address(thing.address)} " + " ;\n    ".join(parts) + " ."]
    return "\n".join(lines) + "\n"


def to_json_ld(things: Iterable[Thing]) -> str:
    """Return the graph as JSON-LD 1.1, with prefixes alone as its context."""
    graph = []
    for thing in things:
        said: dict[str, list[object]] = {}
        for predicate, value in thing.said:
            said.setdefault(predicate, []).append(_json(value))
        graph.append({"@id": _safe(thing.address), "@type": list(thing.kinds), **said})
    return json.dumps({"@context": dict(PREFIXES), "@graph": graph}, ensure_ascii=False, indent=1)


def _json(value: Value) -> object:
    match value:
        case Link(address):
            return {"@id": _safe(address)}
        case Said(text, language):
            return {"@value": text, "@language": language}
        case Typed(text, kind):
            return {"@value": text, "@type": kind}


def _turtle(value: Value) -> str:
    match value:
        case Link(address):
            return _address(address)
        case Said(text, language):
            return f'"{text.translate(_ESCAPES)}"@{language}'
        case Typed(text, kind):
            return f'"{text.translate(_ESCAPES)}"^^{_name(kind)}'


def _name(name: str) -> str:
    """Return a prefixed name as it is, and an address that stands in its place in brackets."""
    return _address(name) if "://" in name else name


def _address(address: str) -> str:
    return f"<{_safe(address)}>"


def _safe(address: str) -> str:
    return _NOT_IN_ADDRESS.sub(lambda match: f"%{ord(match[0]):02X}", address)
