"""Events in the two forms that are stored: the bytes that the ledger's hash covers, and JSON.

Says the same as ``events.values``, in a tenth of the time: what is the same for all events of a kind is worked out
once.
"""

from dataclasses import fields
from datetime import date
from json.encoder import encode_basestring

from motcua.events.copying import written_json
from motcua.events.values import FIELDS_OF_THE_ENTRY, Event, canonical
from motcua.seals import deterministic

# A map of fewer has its length in its first byte.
FEW = 24
_TEXT_HEADS = tuple(bytes((0x60 + length,)) for length in range(24))
_CONSTANTS = {None: b"\xf6", True: b"\xf5", False: b"\xf4"}
_JSON_CONSTANTS = {None: "null", True: "true", False: "false"}


class EventForm:
    """How events of one kind are written."""

    def __init__(self, kind: type[Event]) -> None:
        names = [field.name for field in fields(kind) if field.name not in FIELDS_OF_THE_ENTRY]
        self.kind = kind
        self._names = tuple(names)
        self._json_names = tuple(f"{encode_basestring(name)}: " for name in names)
        # The deterministic form has shorter keys first.
        spelt = sorted(
            ((deterministic.encode(name), name) for name in names), key=lambda each: (len(each[0]), each[0])
        )
        self._spelt = tuple((key, names.index(name)) for key, name in spelt)
        self._begins = b"\xa5\x64body" + bytes((0xA0 + min(len(names), FEW),))
        self._middle = b"\x64name" + _text(kind.name) + b"\x65actor"

    def written(self, event: Event) -> tuple[bytes, str]:
        """Return the canonical bytes and the body as JSON; raises what ``canonical`` and ``body`` raise."""
        if len(self._names) >= FEW:
            return in_full(event)
        spelt: list[bytes] = []
        texts: list[str] = []
        for name in self._names:
            value = getattr(event, name)
            if type(value) is not str and isinstance(value, date):
                value = value.isoformat()
            if type(value) is str:
                spelt.append(_text(value))
                texts.append(encode_basestring(value))
            elif value is None or type(value) is bool:
                spelt.append(_CONSTANTS[value])
                texts.append(_JSON_CONSTANTS[value])
            elif type(value) is int:
                spelt.append(deterministic.encode(value))
                texts.append(str(value))
            else:
                return in_full(event)
        parts = [self._begins]
        for key, at in self._spelt:
            parts += (key, spelt[at])
        parts += (self._middle, _text(event.actor), b"\x66agency", _text(event.agency_path))
        parts += (b"\x67subject", _text(event.subject))
        pairs = [name + text for name, text in zip(self._json_names, texts, strict=True)]
        return b"".join(parts), f"{{{', '.join(pairs)}}}"


def in_full(event: Event) -> tuple[bytes, str]:
    """Write any event the long way, which also says what is wrong with one that cannot be kept."""
    body = event.body()
    sealed = canonical(
        name=event.name,
        agency_path=event.agency_path,
        subject=event.subject,
        actor=event.actor,
        body=body,
    )
    return sealed, written_json(body)


_forms: dict[str, EventForm] = {}


def form_of(kind: type[Event]) -> EventForm:
    """Return how events of the kind are written, made once."""
    form = _forms.get(kind.__qualname__)
    if form is None or form.kind is not kind:
        form = _forms[kind.__qualname__] = EventForm(kind)
    return form


def _text(text: str) -> bytes:
    content = text.encode()
    length = len(content)
    if length < 24:
        return _TEXT_HEADS[length] + content
    if length < 0x100:
        return b"\x78" + bytes((length,)) + content
    return deterministic.encode(text)
