"""What an event is: something that happened, told without personal data."""

from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, timedelta
from typing import ClassVar

from motcua.seals.chain import canonical_body

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
FIELDS_OF_THE_ENTRY = ("happened_at", "agency_path", "subject", "actor")


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened to ``subject`` (a case number or another reference that names no person).

    Subclasses add their own fields: text, whole numbers, booleans, null and dates only, so that the
    canonical form survives storage. ``actor`` is ``machine``, ``citizen`` or ``account:<id>``.
    """

    name: ClassVar[str]

    happened_at: datetime
    agency_path: str
    subject: str
    actor: str

    def __init_subclass__(cls) -> None:
        """Give each event the name of its class."""
        cls.name = cls.__name__

    def body(self) -> dict[str, object]:
        """Return the event's own fields as plain JSON values."""
        own = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: _plain(value) for name, value in own.items() if name not in FIELDS_OF_THE_ENTRY}


def _plain(value: object) -> object:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if value is None or isinstance(value, str | bool | int):
        return value
    raise TypeError(f"an event carries text, whole numbers, booleans and dates, not {type(value).__name__}")


def canonical(*, name: str, agency_path: str, subject: str, actor: str, body: dict[str, object]) -> bytes:
    """Return the bytes that the ledger's hash covers; raises ``BodyNotPlain``."""
    return canonical_body(
        {"actor": actor, "agency": agency_path, "body": body, "name": name, "subject": subject}
    )


def microseconds(moment: datetime) -> int:
    """Return the moment as whole microseconds since 1970 in UTC, as the hash covers it."""
    return (moment - _EPOCH) // timedelta(microseconds=1)
