"""What rules gave, as text: packed so that it can be read back exactly, or as the JSON that passes carry."""

import json
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

# Columns that hold packed values; beside each stands one with the same as plain JSON.
PACKED = "#packed "


def plain_column(column: str) -> str:
    """Return the column of plain JSON beside a packed one."""
    return column.replace(PACKED, "#plain ", 1)


def packed(value: object) -> str:
    """Write a value of FEEL as text; raises ``TypeError`` for one that cannot be read back, such as a function."""
    return json.dumps(_packed(value), ensure_ascii=False)


def _packed(value: object) -> object:
    if value is None or isinstance(value, str | bool):
        return value
    if isinstance(value, int | Decimal):
        return {"#number": str(value)}
    if isinstance(value, datetime):
        return {"#moment": value.isoformat()}
    if isinstance(value, date):
        return {"#date": value.isoformat()}
    if isinstance(value, Mapping):
        return {"#context": [[str(key), _packed(inner)] for key, inner in value.items()]}
    if isinstance(value, list | tuple):
        return [_packed(item) for item in value]
    raise TypeError(f"a {type(value).__name__} cannot be kept for a pass")


def unpacked(text: str | None) -> object:
    """Read a packed value back; nothing is null."""
    return None if text is None else _unpacked(json.loads(text))


def _unpacked(value: object) -> object:
    if isinstance(value, list):
        return [_unpacked(item) for item in value]
    if not isinstance(value, dict):
        return value
    ((kind, inner),) = value.items()
    match kind:
        case "#number":
            return Decimal(inner)
        case "#moment":
            return datetime.fromisoformat(inner)
        case "#date":
            return date.fromisoformat(inner)
        case _:
            return {key: _unpacked(each) for key, each in inner}


def as_json(value: object) -> object:
    """Return what a rule gave in a form that JSON and CBOR keep, as passes and stored outputs have it."""
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): as_json(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [as_json(item) for item in value]
    number = str(value)
    whole = isinstance(value, Decimal) and number.lstrip("-").isdigit()
    return int(number) if whole else number
