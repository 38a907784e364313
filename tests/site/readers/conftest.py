"""A watch on the test's own database, and pages that are rendered in the test's own thread."""

from collections.abc import Callable, Iterator

import pytest
from asgiref.sync import async_to_sync, sync_to_async
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from garden import citizen, file, members, procedure

from motcua.site.readers.pages import Pages
from motcua.site.readers.watch import Watch
from motcua.web.ui.direct import Asked, Told

__all__ = ["citizen", "file", "members", "procedure"]


class Clock:
    """A monotonic clock that a test moves."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


class CountedSite:
    """Django as a server runs it, with a count of its pages; the test's transaction stays open, as for its client."""

    def __init__(self) -> None:
        self.django = WSGIHandler()
        self.rendered = 0

    def __call__(self, environ: dict[str, object], start: Callable[..., object]) -> object:
        self.rendered += 1
        for signal in (request_started, request_finished):
            signal.disconnect(close_old_connections)
        return self.django(environ, start)  # type: ignore[arg-type]  # typed more narrowly than the interface


class Reader:
    """Asks for pages as browsers do."""

    def __init__(self, pages: Pages) -> None:
        self._pages = pages

    def get(self, path: str, *, method: str = "GET", query: str = "", **fields: str) -> Told | None:
        """Ask for a page; header fields by name, hyphens as underscores."""
        asked = Asked(method, path, query, lambda name: fields.get(name.replace("-", "_"), ""), b"")
        return async_to_sync(self._pages.answer)(asked)

    def page(self, path: str, **fields: str) -> Told:
        """Ask for a page that must come from memory."""
        told = self.get(path, **fields)
        assert told is not None, f"{path} was left to Django"
        return told


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def site() -> Iterator[CountedSite]:
    yield CountedSite()
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def watch(db: None, clock: Clock) -> Watch:
    watch = Watch(clock)
    watch.look()
    return watch


@pytest.fixture
def reader(watch: Watch, site: CountedSite, clock: Clock) -> Reader:
    return Reader(Pages(site, watch, lambda act: sync_to_async(act)(), clock))  # type: ignore[arg-type]  # WSGI by hand
