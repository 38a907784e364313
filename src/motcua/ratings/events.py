"""What is told of ratings: that a service was rated, never which case, nor how."""

from dataclasses import dataclass

from motcua.events.values import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceRated(Event):
    """An applicant rated a service; the subject is its code."""
