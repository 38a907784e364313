"""Checking packages: every hash, the ledger's proof, and that the ledger noted exactly this package."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from motcua.archives.bag import NotABag, faults_of, read_bag
from motcua.archives.models import ArchivedDossier
from motcua.archives.proof import ENTRIES, Told, ledger_faults, proof_faults, read_entries, told_of
from motcua.archives.services.read import packed_of
from motcua.archives.stamps import code_of, grown, stamps_for
from motcua.documents.signing.preserve import check_preserved
from motcua.documents.signing.report import WORDS, Why
from motcua.documents.stores import trust_now
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


def check_file(packed: bytes, *, now: datetime) -> Checked:
    """Check a package from outside, by what it holds alone: hashes, proof by its own certificate, and time stamps.

    Whose time stamps to believe is this installation's to say.
    """
    try:
        files = read_bag(packed)
    except NotABag as refusal:
        return Checked("", 0, 0, (str(refusal),))
    faults = [*faults_of(files), *proof_faults(files), *_stamp_faults(files, now)]
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
        *_stamp_faults(files, now, row),
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


def _stamp_faults(files: Mapping[str, bytes], now: datetime, row: ArchivedDossier | None = None) -> list[str]:
    """Return which sealed results are no longer provable: with the stamps of the package, and those renewed since."""
    stamped = {code: path for path in files if (code := code_of(path.removeprefix("data/"))) is not None}
    if not stamped:
        return []
    trust, faults = trust_now(now), []
    for code, path in stamped.items():
        stamps = stamps_for(row, code) if row is not None else ()
        try:
            content = grown(files[path], stamps)
        except NotSealedHere as refusal:
            faults.append(f"{path}: {refusal}")
            continue
        original = files.get(f"data/results/{code}.pdf", b"")
        found = check_preserved(content, original=original, trust=trust, at=now)
        if found.why is not Why.GOOD:
            faults.append(f"{path} does not prove the paper: {WORDS[found.why].en}")
        if stamps and stamps[-1].sha256 != hashlib.sha256(content).hexdigest():
            faults.append(f"{path} is not what it was when its time stamp was last renewed")
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
