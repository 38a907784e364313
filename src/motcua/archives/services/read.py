"""Opening a package of the archive: a reading of a person's data, noted for that person before it is given out."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from motcua.archives.models import ArchivedDossier
from motcua.archives.store import fetch_package
from motcua.cases.models import Case
from motcua.identity.rights import Rights
from motcua.identity.states import PURPOSES, Purpose
from motcua.registers.questions import Asker
from motcua.registers.services.noting import note_access

READ = ("applicant", "form", "facts", "decisions", "history", "papers")


class DossierNotFound(LookupError):
    """There is no such dossier in the archive, or it is not this officer's to see: the two look the same."""


class PackageGone(LookupError):
    """The dossier was destroyed: its number, heading and hash are on record, its package is not."""


@transaction.atomic
def open_package(*, dossier_id: UUID, rights: Rights, now: datetime) -> bytes:
    """Return the package of a dossier within the officer's rights, and note the reading under "who looked".

    Raises ``DossierNotFound`` and ``PackageGone``.
    """
    within = rights.predicate("agency_path", "place_path", purpose=Purpose.KEEP_ARCHIVES)
    row = ArchivedDossier.objects.filter(within, pk=dossier_id).first()
    if row is None:
        raise DossierNotFound(str(dossier_id))
    packed = packed_of(row)
    case = Case.objects.select_related("applicant").get(number=row.case_number)
    grant = next(
        each
        for each in rights.grants
        if Purpose.KEEP_ARCHIVES in PURPOSES[each.role]
        and each.covers(agency_path=row.agency_path, place_path=row.place_path)
    )
    note_access(
        person_key=bytes(case.applicant.key),
        asker=Asker(
            kind="account",
            reference=f"account:{rights.account_id}",
            label=str(grant.role.label),
            agency_path=grant.agency_path,
        ),
        purpose=Purpose.KEEP_ARCHIVES.value,
        source="archives",
        what=READ,
        case_number=row.case_number,
        now=now,
    )
    return packed


def packed_of(row: ArchivedDossier) -> bytes:
    """Return the package of a row; who may read it is the caller's to know. Raises ``PackageGone``."""
    packed = fetch_package(row)
    if packed is None:
        raise PackageGone(str(row))
    return packed
