"""Checking packages: every hash, the ledger's proof, and that the ledger noted exactly this package."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from motcua.archives.bag import NotABag, faults_of, read_bag
from motcua.archives.models import ArchivedDossier
from motcua.archives.proof import ENTRIES, Told, ledger_faults, proof_faults, read_entries, told_of
from motcua.archives.services.read import packed_of
from motcua.events.keys import ledger_key
from motcua.identity.sealing import NotSealedHere
from motcua.seals.keys import trusted


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check of a package came to: ``faults`` are sentences, none where it is whole."""

    number: str
    files: int
    entries: int
    faults: tuple[str, ...]


def check_file(packed: bytes) -> Checked:
    """Check a package from outside, by what it holds alone: hashes, proof, and the signature of its own certificate."""
    try:
        files = read_bag(packed)
    except NotABag as refusal:
        return Checked("", 0, 0, (str(refusal),))
    faults = [*faults_of(files), *proof_faults(files)]
    return Checked(_number(files), len(files), len(_entries(files)), tuple(faults))


def verify_package(row: ArchivedDossier, *, now: datetime) -> Checked:
    """Check a package that we keep, against the ledger as well. Raises ``PackageGone``.

    Costs a look at each entry that the package names and a reading of the month in which it was archived.
    """
    try:
        packed = packed_of(row)
        files = read_bag(packed)
    except (NotABag, NotSealedHere) as refusal:
        return Checked(row.case_number, 0, 0, (str(refusal),))
    entries = _entries(files)
    faults = [
        *faults_of(files),
        *proof_faults(files, trusted=[trusted(ledger_key(now=now))]),
        *ledger_faults(entries),
        *_noted_faults(row, packed),
    ]
    return Checked(row.case_number, len(files), len(entries), tuple(faults))


def _noted_faults(row: ArchivedDossier, packed: bytes) -> list[str]:
    digest = hashlib.sha256(packed).hexdigest()
    faults = [] if digest == row.sha256 else ["the package is another one than the archive took in"]
    noted = told_of([row.case_number], since=row.archived_at, until=row.archived_at + timedelta(seconds=1))
    if not any(
        each.name == "DossierArchived" and each.body.get("sha256") == digest
        for each in noted[row.case_number]
    ):
        faults.append("the ledger did not note that this package was archived")
    return faults


def _entries(files: Mapping[str, bytes]) -> list[Told]:
    try:
        return read_entries(files.get(f"data/{ENTRIES}", b"[]"))
    except (ValueError, KeyError, TypeError):
        return []


def _number(files: Mapping[str, bytes]) -> str:
    lines = files.get("bag-info.txt", b"").decode("utf-8", "replace").splitlines()
    label = "External-Identifier: "
    return next((line.removeprefix(label) for line in lines if line.startswith(label)), "")
