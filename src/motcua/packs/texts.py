"""Turns YAML and JSON into plain values together with the line that each value stands on.

YAML here is a subset: no anchors, no tags, no key twice, and words such as ``no`` and ``on`` stay words.
"""

import json
import re
from dataclasses import dataclass
from functools import lru_cache

import yaml

from .findings import Finding

DEEPEST = 30
Place = tuple[str | int, ...]
_NUMBER = re.compile(r"[-+]?(0|[1-9]\d*)(\.\d+)?")
_WORDS: dict[str, object] = {"true": True, "false": False, "null": None, "": None, "~": None}


class NotReadable(ValueError):
    """The text is not what its ending says; ``finding`` has file, line and remedy."""

    def __init__(self, finding: Finding) -> None:
        self.finding = finding
        super().__init__(str(finding))


@dataclass(frozen=True, slots=True)
class Sheet:
    """A read file: its value, and the line of every part of it."""

    file: str
    value: object
    lines: dict[Place, int]

    def line_of(self, place: Place) -> int:
        """Return the line of the part, or of the nearest part around it."""
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place, 1)


# A pack is read again for every change of one of its files, every proof, and every town that is set up in a test.
@lru_cache(maxsize=256)
def read_yaml(file: str, text: str) -> Sheet:
    """Read YAML; raises ``NotReadable``. The same text twice is the same sheet, which nobody changes."""
    lines: dict[Place, int] = {}
    try:
        deep = 0
        for event in yaml.parse(text, Loader=yaml.SafeLoader):
            _refuse_event(file, event)
            deep += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            # Before the rest is read: what nests by the thousand takes the parser seconds.
            if deep > DEEPEST + 1:
                raise NotReadable(_too_deep(file, _line_of(event)))
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise NotReadable(
            Finding(
                file,
                line,
                f"this is not YAML: {error.problem}",
                "Look at the indentation, the colons and the quotes.",
            )
        ) from None
    except (yaml.YAMLError, RecursionError) as error:
        raise NotReadable(
            Finding(
                file,
                1,
                f"this is not YAML: {str(error).splitlines()[0]}",
                "Start from the file of a pack that works.",
            )
        ) from None
    if node is None:
        raise NotReadable(Finding(file, 1, "the file is empty", "Fill it in or remove it."))
    value = _plain(file, node, (), lines)
    return Sheet(file, value, lines)


def _line_of(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 1


def _too_deep(file: str, line: int) -> Finding:
    return Finding(file, line, f"the file nests deeper than {DEEPEST} levels", "Flatten it.")


def _refuse_event(file: str, event: yaml.Event) -> None:
    anchor = getattr(event, "anchor", None)
    tag = getattr(event, "tag", None)
    line = _line_of(event)
    if anchor is not None:
        raise NotReadable(
            Finding(
                file,
                line,
                f"the anchor {anchor} is not allowed",
                "Write the part out; a pack has no references.",
            )
        )
    if tag not in (None, "!"):
        raise NotReadable(
            Finding(
                file, line, f"the tag {tag} is not allowed", "Write a plain value; a pack makes no objects."
            )
        )


def _plain(file: str, node: yaml.Node, place: Place, lines: dict[Place, int]) -> object:
    lines[place] = node.start_mark.line + 1
    if len(place) > DEEPEST:
        raise NotReadable(_too_deep(file, lines[place]))
    if isinstance(node, yaml.MappingNode):
        return _mapping(file, node, place, lines)
    if isinstance(node, yaml.SequenceNode):
        return [_plain(file, item, (*place, index), lines) for index, item in enumerate(node.value)]
    return _scalar(node)


def _mapping(file: str, node: yaml.MappingNode, place: Place, lines: dict[Place, int]) -> dict[str, object]:
    mapping: dict[str, object] = {}
    for key_node, value_node in node.value:
        line = key_node.start_mark.line + 1
        if not isinstance(key_node, yaml.ScalarNode):
            raise NotReadable(Finding(file, line, "a key must be a word", "Write name: value."))
        key = str(key_node.value)
        if key in mapping:
            raise NotReadable(
                Finding(file, line, f"{key} stands twice in the same place", "Keep one of the two.")
            )
        mapping[key] = _plain(file, value_node, (*place, key), lines)
        lines[(*place, key)] = line
    return mapping


def _scalar(node: yaml.Node) -> object:
    text = str(node.value)
    # Only plain words are typed; what stands in quotes or in a block is text.
    if not isinstance(node, yaml.ScalarNode) or node.style is not None:
        return text
    if text in _WORDS:
        return _WORDS[text]
    if _NUMBER.fullmatch(text):
        return float(text) if "." in text else int(text)
    return text


def read_json(file: str, text: str) -> Sheet:
    """Read JSON; raises ``NotReadable`` with the line, for a key that stands twice as well."""
    try:
        value = json.loads(text, object_pairs_hook=_object, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        raise NotReadable(
            Finding(
                file,
                error.lineno,
                f"this is not JSON: {error.msg} in column {error.colno}",
                "Look at the commas and the quotes just before it.",
            )
        ) from None
    except KeyError as error:
        key = str(error.args[0])
        again = [
            place.start()
            for place in re.finditer(re.escape(json.dumps(key, ensure_ascii=False)) + r"\s*:", text)
        ]
        line = text.count("\n", 0, again[-1]) + 1 if again else 1
        raise NotReadable(
            Finding(file, line, f"{key} stands twice in the same place", "Keep one of the two.")
        ) from None
    except RecursionError:
        raise NotReadable(_too_deep(file, 1)) from None
    try:
        # Nearly all JSON is YAML as well, so the same reader gives the lines; the rest goes without.
        return Sheet(file, value, read_yaml(file, text).lines)
    except NotReadable:
        return Sheet(file, value, {})


def _no_constant(word: str) -> object:
    raise json.JSONDecodeError(f"{word} is no JSON value", word, 0)


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found: dict[str, object] = {}
    for key, value in pairs:
        if key in found:
            raise KeyError(key)
        found[key] = value
    return found
