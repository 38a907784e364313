"""What this app tells the others: places were loaded, an agency was registered."""

from dataclasses import dataclass

from motcua.events.values import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacesLoaded(Event):
    """The shipped places and their lineage were written; the subject is the file's name."""

    places: int
    successions: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AgencyRegistered(Event):
    """An agency joined the tree; the subject is its code."""

    kind: str
    place_path: str
