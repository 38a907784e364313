"""Questions about the ledger."""

from collections.abc import Iterable, Iterator

from django.db.models import Max

from motcua.events.models import LedgerEntry
from motcua.events.values import canonical, microseconds
from motcua.seals.chain import BadEntry, ChainEntry, Head, verify_chain


def ledger_heads() -> list[Head]:
    """Return the last entry of every lane that has one, by lane."""
    newest = LedgerEntry.objects.values("lane").annotate(last=Max("sequence")).order_by("lane")
    return [
        Head(
            row["lane"],
            row["last"],
            bytes(LedgerEntry.objects.get(lane=row["lane"], sequence=row["last"]).hash),
        )
        for row in newest
    ]


def verify_ledger(heads: Iterable[Head] = ()) -> BadEntry | None:
    """Read the whole ledger and name its first bad entry; memory does not grow with the ledger."""
    return verify_chain(_chained(), heads)


def _chained() -> Iterator[ChainEntry]:
    rows = LedgerEntry.objects.order_by("lane", "sequence")
    for row in rows.iterator(chunk_size=5000):
        body = canonical(
            name=row.name, agency_path=row.agency_path, subject=row.subject, actor=row.actor, body=row.body
        )
        yield ChainEntry(row.lane, row.sequence, microseconds(row.happened_at), body, bytes(row.hash))
