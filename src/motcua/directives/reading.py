"""Turns the YAML of a directive into plain values, together with the line and column of every part.

A subset: no anchors, no tags, no key twice. Every scalar stays text, so that ``no`` and ``08`` are what they say.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

import yaml

from motcua.directives.complaints import Complaint, DirectiveRefused, Words

LARGEST_BYTES = 1_000_000
DEEPEST = 10
# Words, lists and maps, each with its beginning and end: every place of a province and several values for each are
# some thousands, and each costs fifty microseconds.
MOST_PARTS = 20_000
Place = tuple[str | int, ...]
_UNSEEN = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]"
)
_NOTHING = {"", "~", "null"}


@dataclass(frozen=True, slots=True)
class Span:
    """Where a part begins and ends: line and column from 1, offsets in the text."""

    line: int
    column: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """A text that was read; ``spans`` are those of values, ``keys`` those of the words before the colon."""

    name: str
    text: str
    value: object
    spans: dict[Place, Span]
    keys: dict[Place, Span]

    @property
    def last_line(self) -> int:
        """The number of lines of the text."""
        return self.text.count("\n") + 1

    def complaint(self, place: Place, what: Words, remedy: Words) -> Complaint:
        """Return a complaint about the part, or about the nearest part around it that stands in the text."""
        while place and place not in self.keys and place not in self.spans:
            place = place[:-1]
        span = self.keys.get(place) or self.spans.get(place) or Span(1, 1, 0, 0)
        return Complaint(span.line, span.column, what, remedy)


def read_sheet(text: str, name: str) -> Sheet:
    """Read the text; raises ``DirectiveRefused``."""
    _refuse_text(text, name)
    try:
        _refuse_events(yaml.parse(text, Loader=yaml.SafeLoader), name)
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except DirectiveRefused:
        raise
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        raise _refused(name, line, column, _NOT_YAML, _LOOK_AT_SIGNS) from error
    # ValueError: an escape such as "\U00110000" names a character that there is not.
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise _refused(name, 1, 1, _NOT_YAML, _LOOK_AT_SIGNS) from error
    if root is None:
        raise _refused(name, 1, 1, _EMPTY, _BEGIN_FROM_ANOTHER)
    sheet = Sheet(name, text, None, {}, {})
    return Sheet(name, text, _plain(root, (), sheet), sheet.spans, sheet.keys)


_NOT_YAML = Words("đây không phải YAML", "this is not YAML")
_LOOK_AT_SIGNS = Words(
    "Xem lại thụt đầu dòng, dấu hai chấm và dấu ngoặc kép.",
    "Look at the indentation, the colons and the quotes.",
)
_TOO_MANY = Words(
    f"văn bản có hơn {MOST_PARTS // 1000}.000 phần", f"the text has more than {MOST_PARTS:,} parts"
)
_TOO_DEEP = Words(f"lồng sâu hơn {DEEPEST} bậc", f"the text nests deeper than {DEEPEST} levels")
_FLATTEN = Words("Viết phẳng lại.", "Flatten it.")
_SHORTEN = Words("Hãy rút gọn.", "Shorten it.")
_EMPTY = Words("văn bản trống", "the text is empty")
_BEGIN_FROM_ANOTHER = Words("Bắt đầu từ một chỉ thị đã có.", "Begin from a directive that there is.")


def _refuse_text(text: str, name: str) -> None:
    if len(text.encode("utf-8", "surrogatepass")) > LARGEST_BYTES:
        raise _refused(
            name,
            1,
            1,
            Words(
                f"văn bản lớn hơn {LARGEST_BYTES // 1_000_000} MB",
                f"the text is larger than {LARGEST_BYTES:,} bytes",
            ),
            _SHORTEN,
        )
    if odd := _UNSEEN.search(text):
        line = text.count("\n", 0, odd.start()) + 1
        column = odd.start() - text.rfind("\n", 0, odd.start())
        raise _unseen(name, line, column, odd[0])


def _unseen(name: str, line: int, column: int, found: str) -> DirectiveRefused:
    sign = f"U+{ord(found):04X}"
    return _refused(
        name,
        line,
        column,
        Words(f"có ký tự không nhìn thấy {sign}", f"the unseen character {sign} hides in the text"),
        Words("Hãy xoá ký tự đó.", "Delete it."),
    )


def _refuse_escapes(node: yaml.Node, name: str) -> None:
    """Refuse what the text only spells, such as ``"\\x00"``: no page and no database could take it."""
    if isinstance(node, yaml.ScalarNode) and (odd := _UNSEEN.search(str(node.value))):
        raise _unseen(name, node.start_mark.line + 1, node.start_mark.column + 1, odd[0])


def _refused(name: str, line: int, column: int, what: Words, remedy: Words) -> DirectiveRefused:
    return DirectiveRefused(name, [Complaint(line, column, what, remedy)])


def _place_of(event: yaml.Event) -> tuple[int, int]:
    mark = event.start_mark
    return (mark.line + 1, mark.column + 1) if mark else (1, 1)


def _refuse_events(events: Iterable[yaml.Event], name: str) -> None:
    """Refuse what is not of the subset, before anything is built of it."""
    depth = 0
    for number, event in enumerate(events):
        if number > MOST_PARTS:
            raise _refused(name, *_place_of(event), _TOO_MANY, _SHORTEN)
        if isinstance(event, yaml.CollectionStartEvent):
            # Each level open makes every sign of the next one dearer to read.
            if depth > DEEPEST:
                raise _refused(name, *_place_of(event), _TOO_DEEP, _FLATTEN)
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        _refuse_event(name, event)


def _refuse_event(name: str, event: yaml.Event) -> None:
    line, column = _place_of(event)
    remedy = Words("Viết rõ giá trị ra.", "Write the value out.")
    if getattr(event, "anchor", None) is not None:
        raise _refused(name, line, column, Words("không dùng dấu neo", "an anchor is not allowed"), remedy)
    if getattr(event, "tag", None) not in (None, "!"):
        raise _refused(name, line, column, Words("không dùng thẻ kiểu", "a tag is not allowed"), remedy)


def _plain(node: yaml.Node, place: Place, sheet: Sheet) -> object:
    start, end = node.start_mark, node.end_mark
    sheet.spans[place] = Span(start.line + 1, start.column + 1, start.index, end.index)
    if len(place) > DEEPEST:
        raise _refused(
            sheet.name,
            start.line + 1,
            start.column + 1,
            _TOO_DEEP,
            _FLATTEN,
        )
    _refuse_escapes(node, sheet.name)
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, place, sheet)
    if isinstance(node, yaml.SequenceNode):
        return [_plain(item, (*place, index), sheet) for index, item in enumerate(node.value)]
    text = str(node.value)
    plain = isinstance(node, yaml.ScalarNode) and node.style is None
    return None if plain and text in _NOTHING else text


def _mapping(node: yaml.MappingNode, place: Place, sheet: Sheet) -> dict[str, object]:
    mapping: dict[str, object] = {}
    for key_node, value_node in node.value:
        _refuse_escapes(key_node, sheet.name)
        start, end = key_node.start_mark, key_node.end_mark
        key = str(key_node.value) if isinstance(key_node, yaml.ScalarNode) else ""
        if not key or key in mapping:
            raise _refused(
                sheet.name,
                start.line + 1,
                start.column + 1,
                Words(f"khoá “{key}” lặp lại hoặc trống", f'the key "{key}" stands twice or is empty'),
                Words("Chỉ giữ một.", "Keep one of them."),
            )
        sheet.keys[(*place, key)] = Span(start.line + 1, start.column + 1, start.index, end.index)
        mapping[key] = _plain(value_node, (*place, key), sheet)
    return mapping
