"""Noting that a person's data were read elsewhere than in a register, so that the person sees it as well."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from motcua.registers.models import RegisterAccess
from motcua.registers.questions import Asker


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
