"""The ledger's word on a dossier: its entries with what their hashes cover, and one signature over all of them."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from django.db import connection

from motcua.archives.bag import Part
from motcua.events.models import LedgerEntry
from motcua.events.values import canonical, microseconds
from motcua.seals.chain import GENESIS, Head, HeadsNotReadable, entry_hash, format_heads, parse_heads
from motcua.seals.keys import KeyNotUsable, SigningKey, TrustedKey, trusted_from_certificate

ENTRIES, HEADS, CERTIFICATE = "ledger/entries.json", "ledger/heads.txt", "ledger/key.pem"

# The ledger has no index by subject: the entries of many dossiers are found by one reading of their months.
_OF_SUBJECTS = """
SELECT entry.lane, entry.sequence, entry.happened_at, entry.name, entry.agency_path, entry.subject, entry.actor,
    entry.body::text, entry.hash,
    (SELECT before.hash FROM events_ledgerentry AS before
     WHERE before.lane = entry.lane AND before.sequence = entry.sequence - 1)
FROM events_ledgerentry AS entry
WHERE entry.subject = ANY (%s) AND entry.happened_at >= %s AND entry.happened_at <= %s
ORDER BY entry.happened_at, entry.lane, entry.sequence
"""


@dataclass(frozen=True, slots=True)
class Told:
    """One entry of the ledger about a dossier, with the hash of the entry before it in its lane."""

    lane: int
    sequence: int
    happened_at: datetime
    name: str
    agency: str
    subject: str
    actor: str
    body: dict[str, object]
    hash: bytes
    previous: bytes

    def holds(self) -> bool:
        """Tell whether the hash is that of what the entry says, in its place."""
        covered = canonical(
            name=self.name, agency_path=self.agency, subject=self.subject, actor=self.actor, body=self.body
        )
        moment = microseconds(self.happened_at)
        return entry_hash(self.previous, self.lane, self.sequence, moment, covered) == self.hash


def told_of(numbers: Sequence[str], *, since: datetime, until: datetime) -> dict[str, list[Told]]:
    """Return what the ledger told of each case from ``since`` to ``until``, oldest first; one reading of its months."""
    with connection.cursor() as cursor:
        cursor.execute(_OF_SUBJECTS, [list(numbers), since - timedelta(minutes=5), until])
        rows = cursor.fetchall()
    found: dict[str, list[Told]] = {number: [] for number in numbers}
    for lane, sequence, at, name, agency, subject, actor, body, digest, before in rows:
        found[subject].append(
            Told(
                lane, sequence, at, name, agency, subject, actor, json.loads(body),
                bytes(digest), bytes(before) if before is not None else GENESIS,
            )
        )  # fmt: skip
    return found


def proof_parts(entries: Iterable[Told], key: SigningKey) -> list[Part]:
    """Return the files of the proof.

    The line of heads names every entry of the dossier and is signed with the ledger's key: whoever trusts the key
    needs nothing else, and ``motcua ledger verify --head`` holds the whole ledger against it.
    """
    listed = list(entries)
    stored = [
        {
            "lane": each.lane,
            "sequence": each.sequence,
            "happened_at": each.happened_at.isoformat(),
            "name": each.name,
            "agency": each.agency,
            "subject": each.subject,
            "actor": each.actor,
            "body": each.body,
            "previous": each.previous.hex(),
            "hash": each.hash.hex(),
        }
        for each in listed
    ]
    heads = format_heads([Head(each.lane, each.sequence, each.hash) for each in listed], key)
    certificate = x509.load_der_x509_certificate(key.certificate_der).public_bytes(Encoding.PEM)
    text = json.dumps(stored, ensure_ascii=False, indent=1)
    return [
        Part(ENTRIES, "Các sự kiện của hồ sơ trong sổ nhật ký", "application/json", text.encode()),
        Part(HEADS, "Chữ ký của sổ nhật ký trên các sự kiện", "text/plain", f"{heads}\n".encode()),
        Part(CERTIFICATE, "Chứng thư của sổ nhật ký", "application/x-pem-file", certificate),
    ]


def read_entries(text: bytes) -> list[Told]:
    """Return the entries as a package keeps them. Raises ``ValueError``, ``KeyError`` and ``TypeError``."""
    return [
        Told(
            lane=int(each["lane"]),
            sequence=int(each["sequence"]),
            happened_at=datetime.fromisoformat(each["happened_at"]),
            name=each["name"],
            agency=each["agency"],
            subject=each["subject"],
            actor=each["actor"],
            body=each["body"],
            hash=bytes.fromhex(each["hash"]),
            previous=bytes.fromhex(each["previous"]),
        )
        for each in json.loads(text)
    ]


def proof_faults(files: Mapping[str, bytes], *, trusted: Sequence[TrustedKey] | None = None) -> list[str]:
    """Return what is wrong with the proof of a package, by its own files; ``trusted`` keys in place of its own.

    With its own certificate it is whole in itself only: whoever made the package could have made the key.
    """
    try:
        keys = trusted if trusted is not None else [_own_key(files[f"data/{CERTIFICATE}"])]
        entries = read_entries(files[f"data/{ENTRIES}"])
        heads = parse_heads(files[f"data/{HEADS}"].decode(), keys)
    except (KeyError, ValueError, TypeError, KeyNotUsable, HeadsNotReadable) as fault:
        return [f"the ledger's proof cannot be read: {fault}"]
    faults = [
        f"entry {each.sequence} of lane {each.lane} does not give its hash"
        for each in entries
        if not each.holds()
    ]
    if {(each.lane, each.sequence, each.hash) for each in entries} != {
        (head.lane, head.sequence, head.hash) for head in heads
    }:
        faults.append("the signed heads are not those of the entries")
    return faults


def ledger_faults(entries: Iterable[Told]) -> list[str]:
    """Return which of the entries the ledger does not have as the package says; one query each."""
    faults = []
    for each in entries:
        row = LedgerEntry.objects.filter(
            lane=each.lane, sequence=each.sequence, happened_at=each.happened_at
        ).first()
        if row is None or bytes(row.hash) != each.hash:
            faults.append(f"the ledger has no such entry {each.sequence} in lane {each.lane}")
    return faults


def _own_key(pem: bytes) -> TrustedKey:
    return trusted_from_certificate(x509.load_pem_x509_certificate(pem).public_bytes(Encoding.DER))
