"""Puts packages into the database and takes them out as bytes: large ones, without the copies that text would cost."""

from typing import LiteralString

import psycopg
from django.db import connection

from motcua.archives.models import ArchivedDossier
from motcua.identity.sealing import seal, unseal

SEALED_FOR = "archive"
_KEEP: LiteralString = "INSERT INTO archives_archivedpackage (dossier_id, content_sealed) VALUES (%s, %b)"
_FETCH: LiteralString = "SELECT content_sealed FROM archives_archivedpackage WHERE dossier_id = %s"


def keep_package(row: ArchivedDossier, packed: bytes) -> None:
    """Keep the package of a dossier, sealed, in the transaction that is open."""
    # Written into a statement as Django does it, 200 MB become two billion bytes of memory and half a minute of work.
    with _cursor() as cursor:
        cursor.execute(_KEEP, [row.pk, seal(packed, SEALED_FOR)])


def fetch_package(row: ArchivedDossier) -> bytes | None:
    """Return the package of a dossier, or None if it was destroyed. Raises ``NotSealedHere``."""
    with _cursor() as cursor:
        found = cursor.execute(_FETCH, [row.pk], binary=True).fetchone()
    return None if found is None else unseal(bytes(found[0]), SEALED_FOR)


def _cursor() -> "psycopg.Cursor[tuple[bytes]]":
    """Return a cursor of this transaction that sends and takes bytes as they are."""
    connection.ensure_connection()
    return psycopg.Cursor(connection.connection)
