"""The time stamps that keep sealed results of a package provable: noted when packed, put together later."""

import hashlib
from collections.abc import Iterable, Sequence
from uuid import UUID

from motcua.archives.bag import Part, read_bag
from motcua.archives.models import ArchivedDossier, ArchivedStamp
from motcua.archives.store import SEALED_FOR
from motcua.documents.signing.preserve import stamps_of
from motcua.identity.sealing import unseal

_BEFORE, _AFTER = "results/", "-lta.pdf"


def code_of(path: str) -> str | None:
    """Return the code of the result whose stamped file stands at this path of a package; None for other files."""
    stamped = path.startswith(_BEFORE) and path.endswith(_AFTER)
    return path.removeprefix(_BEFORE).removesuffix(_AFTER) if stamped else None


def note_first_stamps(row: ArchivedDossier, parts: Iterable[Part]) -> None:
    """Note until when the stamps of a new package last."""
    ArchivedStamp.objects.bulk_create(
        ArchivedStamp(
            dossier=row,
            code=code,
            sequence=1,
            stamped_at=last.at,
            good_until=last.good_until,
            sha256=hashlib.sha256(part.content).hexdigest(),
        )
        for part in parts
        if (code := code_of(part.path)) is not None
        for last in stamps_of(part.content)[-1:]
    )


def stamps_for(row: ArchivedDossier, code: str) -> Sequence[ArchivedStamp]:
    """Return the stamps of one result, the first first; one query."""
    return list(ArchivedStamp.objects.filter(dossier=row, code=code).order_by("sequence"))


def grown(first: bytes, stamps: Iterable[ArchivedStamp]) -> bytes:
    """Return the stamped file as it is today: as packed, with what each renewal has added to its end."""
    tails = (bytes(each.tail_sealed) for each in stamps)
    return first + b"".join(unseal(tail, SEALED_FOR) for tail in tails if tail)


def stamped_file(packed: bytes, *, dossier_id: UUID, code: str) -> bytes | None:
    """Return a result of an opened package with every stamp so far, or None if there is none under the code."""
    found = next(
        (each for path, each in read_bag(packed).items() if code_of(path.removeprefix("data/")) == code), None
    )
    stamps = ArchivedStamp.objects.filter(dossier=dossier_id, code=code).order_by("sequence")
    return None if found is None else grown(found, stamps)
