"""A declared register of jobs, a way to load it, and the person who is asked about."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from motcua.identity.numbers import PersonNumber
from motcua.registers.declaration import Declaration
from motcua.registers.questions import Asker
from motcua.registers.services import LoadReport, declare, load_csv

NOW = datetime(2026, 10, 1, 3, 0, tzinfo=UTC)
AS_OF = datetime(2026, 9, 28, 17, 0, tzinfo=UTC)
NUMBER = "048090000017"
OTHER = "049191000025"
ASKER = Asker(kind="machine", reference="travel_pass", label="Giấy đi đường", agency_path="dn.so_ttt")
HEADER = "record,person,employer,status,until,hours,wage,remote\n"


def title(text: str) -> dict[str, str]:
    return {"vi": text, "en": text}


def column(name: str, kind: str, **more: object) -> dict[str, object]:
    return {"name": name, "type": kind, "label": title(name), **more}


def jobs(**changes: object) -> Declaration:
    return Declaration.model_validate(
        {
            "name": "jobs",
            "title": {"vi": "Việc làm", "en": "Jobs"},
            "owner": "bhxh",
            "absence_means": "no",
            "purposes": ["travel_pass"],
            "key": ["record"],
            "lookups": ["employer"],
            "in_force": {"until": "until"},
            "stale_after_days": 30,
            "columns": [
                column("record", "text", required=True, max_length=10),
                column("person", "person", required=True),
                column("employer", "text", max_length=20),
                column("status", "text", allowed=["active", "stopped"]),
                column("until", "date"),
                column("hours", "integer"),
                column("wage", "decimal"),
                column("remote", "boolean"),
            ],
            **changes,
        }
    )


@pytest.fixture
def person() -> bytes:
    return PersonNumber.parse(NUMBER).key()


Load = Callable[..., LoadReport]


@pytest.fixture
def load(db: None, tmp_path: Path) -> Load:
    declare(jobs(), now=NOW)

    def run(rows: str | bytes, *, header: str = HEADER, as_of: datetime = AS_OF) -> LoadReport:
        path = tmp_path / "jobs.csv"
        path.write_bytes(rows if isinstance(rows, bytes) else (header + rows).encode())
        return load_csv(register="jobs", path=path, as_of=as_of, now=NOW)

    return run
