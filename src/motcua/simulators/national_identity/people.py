"""The sample people: a JSON list of ``{sub, name, number, born_on, sex, note}``."""

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path


class PeopleFileRefused(ValueError):
    """The file of sample people has another shape; says which entry."""


@dataclass(frozen=True, slots=True)
class SamplePerson:
    """Someone who does not exist; ``note`` says what the person is good for."""

    sub: str
    name: str
    number: str
    born_on: date
    sex: str
    note: str


def read_people(path: Path) -> dict[str, SamplePerson]:
    """Return the people by subject, in the order of the file; raises ``PeopleFileRefused``."""
    try:
        entries = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as trouble:
        raise PeopleFileRefused(f"{path} cannot be read: {trouble}") from None
    if not isinstance(entries, list):
        raise PeopleFileRefused(f"{path} must hold a list of people")
    people = [_person(path, position, entry) for position, entry in enumerate(entries, 1)]
    by_subject = {person.sub: person for person in people}
    if len(by_subject) != len(people):
        raise PeopleFileRefused(f"{path}: a sub stands twice; each person needs one of their own")
    return by_subject


def _person(path: Path, position: int, entry: object) -> SamplePerson:
    fields = ("sub", "name", "number", "born_on", "sex", "note")
    if not isinstance(entry, dict) or set(entry) != set(fields):
        raise PeopleFileRefused(f"{path}, entry {position}: needs exactly {', '.join(fields)}")
    if not all(isinstance(entry[field], str) for field in fields):
        raise PeopleFileRefused(f"{path}, entry {position}: every field is text")
    if entry["sex"] not in {"male", "female"}:
        raise PeopleFileRefused(f"{path}, entry {position}: sex is male or female")
    try:
        born_on = date.fromisoformat(entry["born_on"])
    except ValueError:
        raise PeopleFileRefused(f"{path}, entry {position}: born_on is a date such as 1990-12-31") from None
    return SamplePerson(
        sub=entry["sub"],
        name=entry["name"],
        number=entry["number"],
        born_on=born_on,
        sex=entry["sex"],
        note=entry["note"],
    )
