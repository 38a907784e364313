"""Requests that are answered beside Django: what comes in, what goes out, and the table of who answers.

For the few addresses that a whole city asks at once. Everything else, and everything unusual at these addresses,
is Django's. A handler runs on the event loop: it may wait for others, but it must not query the database itself.
"""

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

JSON = (("content-type", "application/json; charset=utf-8"),)


@dataclass(frozen=True, slots=True)
class Asked:
    """A request whose body has been read; ``header`` takes a name in small letters and gives '' for none."""

    method: str
    path: str
    query: str
    header: Callable[[str], str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Told:
    """An answer; the headers that every answer of the site carries are added to these.

    ``counted``: one of very many that are alike; it is counted and has no line of its own in the log.
    """

    status: int
    body: bytes
    headers: tuple[tuple[str, str], ...] = JSON
    counted: bool = False


# None hands the request on to Django, as if nobody had looked at it.
Handler = Callable[[Asked], Awaitable[Told | None]]
# By method and exact path.
Routes = Mapping[tuple[str, str], Handler]


def told_json(status: int, content: object, headers: tuple[tuple[str, str], ...] = ()) -> Told:
    """Return the content as JSON, written as Django's side writes it."""
    return Told(status, json.dumps(content).encode(), (*JSON, *headers))
