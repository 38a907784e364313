"""What happens in the archive, as the ledger tells it: by case number and hash, never what a dossier says."""

from dataclasses import dataclass

from motcua.events.values import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class DossierArchived(Event):
    """An ended dossier was put into the archive; the subject is the case, the hash that of its package."""

    sha256: str
    bytes: int
    edition: int
    heading: str
    keep_until: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DestructionProposed(Event):
    """An archivist proposed to destroy dossiers past their term; the subject is ``destruction:<id>``."""

    dossiers: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DestructionDecided(Event):
    """A second person decided on a proposal; the hash is that of the minutes, which list what it was about."""

    outcome: str
    dossiers: int
    minutes_sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DossierDestroyed(Event):
    """The package of a dossier was destroyed; the subject is the case."""

    sha256: str
    edition: int
    destruction: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StampRenewed(Event):
    """A sealed result of the archive got another time stamp before the last one ended; the subject is the case."""

    result: str
    sha256: str
    good_until: str
