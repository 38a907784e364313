"""Noting that a person's data were read elsewhere than in a register, so that the person sees it as well."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction

from motcua.registers.models import RegisterAccess
from motcua.registers.questions import Asker

if TYPE_CHECKING:
    from django.db.models import QuerySet


@transaction.atomic
def note_access(
    *,
    person_key: bytes,
    asker: Asker,
    purpose: str,
    source: str,
    what: Sequence[str],
    case_number: str,
    now: datetime,
) -> None:
    """Write one row of "who looked" for data of a person that are kept in ``source``, such as ``cases``.

    ``what`` names the parts that were shown. One insert; call it in the transaction that reads.
    """
    RegisterAccess.objects.create(
        agency_path=asker.agency_path,
        asked_at=now,
        person_key=person_key,
        asker_kind=asker.kind,
        asker_reference=asker.reference,
        asker_label=asker.label[:200],
        purpose=purpose,
        case_number=case_number,
        register=source,
        fact="",
        columns=list(what),
    )


@transaction.atomic
def note_accesses(
    *,
    seen: Sequence[tuple[bytes, str]],
    asker: Asker,
    purpose: str,
    source: str,
    what: Sequence[str],
    now: datetime,
) -> None:
    """Write one row for each person key and case number that was shown, as :func:`note_access` does; one insert."""
    RegisterAccess.objects.bulk_create(
        (
            RegisterAccess(
                agency_path=asker.agency_path,
                asked_at=now,
                person_key=person_key,
                asker_kind=asker.kind,
                asker_reference=asker.reference,
                asker_label=asker.label[:200],
                purpose=purpose,
                case_number=case_number,
                register=source,
                fact="",
                columns=list(what),
            )
            for person_key, case_number in seen
        ),
        batch_size=2000,
    )


@transaction.atomic
def note_accesses_of(
    seen: "QuerySet[Any, tuple[Any, str]]",  # of any table that names person and case
    *,
    asker: Asker,
    purpose: str,
    source: str,
    what: Sequence[str],
    now: datetime,
) -> int:
    """Write one row for each person key and case number that the query gives, and return how many; one statement.

    What is shown by the hundred thousand is noted inside the database, before it is shown.
    """
    query, values = seen.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO registers_access ({_COLUMNS}) SELECT %s, %s, gen_random_uuid(), seen.key, %s, %s, %s, %s,"  # noqa: S608
            f" seen.number, %s, '', %s::jsonb FROM ({query}) AS seen (key, number)",
            [
                asker.agency_path,
                now,
                asker.kind,
                asker.reference,
                asker.label[:200],
                purpose,
                source,
                json.dumps(list(what)),
                *values,
            ],
        )
        return int(cursor.rowcount)


_COLUMNS = (
    "agency_path, asked_at, id, person_key, asker_kind, asker_reference, asker_label, purpose, case_number, register,"
    " fact, columns"
)
