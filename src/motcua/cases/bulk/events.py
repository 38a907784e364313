"""What happens to lists, as the ledger tells it: counts and hashes, nothing of a person."""

from dataclasses import dataclass

from motcua.events.values import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkConfirmed(Event):
    """Who handed in a list confirmed that it shall be filed."""

    procedure: str
    firm: str
    rows: int
    file_sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkFinished(Event):
    """Nothing more of the list is filed; the manifest of this hash tells what was."""

    procedure: str
    firm: str
    filed: int
    complete: bool
    manifest_sha256: str
