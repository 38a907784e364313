"""Who answers what beside Django, for readers: public pages, files, checks of passes, the state of a case."""

import asyncio
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from django.contrib.staticfiles import finders
from whitenoise.media_types import MediaTypes  # type: ignore[import-untyped]  # it ships no types

from motcua.credentials.published import POINTER
from motcua.site import environment
from motcua.site.bridge import Wsgi
from motcua.site.readers.pages import Pages
from motcua.site.readers.status import CaseStatus
from motcua.site.readers.watch import Watch
from motcua.web.exchange.checking import ADDRESS, Checking
from motcua.web.ui.direct import Asked, Handler, Told
from motcua.web.ui.resources import Resource, choose, prepare

Result = TypeVar("Result")
# Pages and first checks are made in threads of their own: a rush of them leaves the citizens' threads alone.
THREADS = 2
LONGEST_PATH = 200
LARGEST_STATIC = 4_194_304
MOST_STATIC = 400
_OF_API = {"GET": "/api/submissions/", "POST": ADDRESS}
# Only a name that holds the hash of its content may be kept without asking the disk again.
_HASHED = re.compile(r"/static/built/assets/[\w.-]+[-.][0-9A-Za-z_-]{8,}\.\w+", re.ASCII)


class Readers:
    """The handlers of one web process, found by the first part of an address."""

    def __init__(self, application: Wsgi) -> None:
        self.watch = Watch()
        self._pool = ThreadPoolExecutor(THREADS, thread_name_prefix="reader")
        pages = Pages(application, self.watch, self._in_thread)
        self._static: dict[str, Resource] = {}
        self._media_types = MediaTypes()
        status = CaseStatus(lambda: environment.database_url("app"))
        checking = Checking(self.watch.standing, self.watch.sees, self._in_thread)
        self._by_first: dict[tuple[str, str], Handler] = {
            ("GET", ""): pages.answer,
            ("GET", "services"): pages.answer,
            ("GET", "status"): pages.answer,
            ("GET", "verify"): pages.answer,
            ("GET", "published"): self._published,
            ("GET", "keys.json"): self._at_fixed_address,
            ("GET", "status-list"): self._at_fixed_address,
            ("GET", "static"): self._static_file,
            ("GET", "api"): status.answer,
            ("POST", "api"): checking.answer,
        }
        self._by_first |= {
            ("HEAD", first): handler for (method, first), handler in self._by_first.items() if method == "GET"
        }
        del self._by_first["HEAD", "api"]

    def handler(self, method: str, path: str) -> Handler | None:
        """Return who may answer at this address, if anyone beside Django."""
        if len(path) > LONGEST_PATH:
            return None
        first = path[1:].partition("/")[0]
        if first == "api" and not path.startswith(_OF_API.get(method, "/none")):
            return None
        return self._by_first.get((method, first))

    def start(self) -> None:
        """Begin to keep the copies fresh."""
        self.watch.start()

    async def _in_thread(self, act: Callable[[], Result]) -> Result:
        return await asyncio.get_running_loop().run_in_executor(self._pool, act)

    async def _published(self, asked: Asked) -> Told | None:
        """Give a signed file from memory; an older one, or none, is Django's to look for."""
        name = asked.path.removeprefix("/published/")
        resource = self.watch.files.get(name)
        # What is named by its content never changes; the pointer may be as old as the watch is.
        if resource is None or (name == POINTER and not self.watch.sees()):
            return None
        return _sent(resource, asked)

    async def _at_fixed_address(self, asked: Asked) -> Told | None:
        """Give the keys or the status list of this moment from memory; while nothing is seen, Django looks."""
        resource = self.watch.fixed.get(asked.path[1:])
        if resource is None or not self.watch.sees():
            return None
        return _sent(resource, asked)

    async def _static_file(self, asked: Asked) -> Told | None:
        """Give a built file from memory, compressed once; a file without a hash in its name is Django's."""
        resource = self._static.get(asked.path)
        if resource is None:
            if not _HASHED.fullmatch(asked.path) or len(self._static) >= MOST_STATIC:
                return None
            resource = await self._in_thread(lambda: self._read(asked.path))
            if resource is None:
                return None
            self._static[asked.path] = resource
        return _sent(resource, asked)

    def _read(self, path: str) -> Resource | None:
        found = finders.find(path.removeprefix("/static/"))
        if not isinstance(found, str) or not Path(found).is_file():
            return None
        stat = Path(found).stat()
        if stat.st_size > LARGEST_STATIC:
            return None
        kind = self._media_types.get_type(path)
        headers = {
            "content-type": f"{kind}; charset=utf-8" if kind.startswith("text/") else kind,
            "cache-control": "max-age=315360000, public, immutable",
            "access-control-allow-origin": "*",
        }
        return prepare(Path(found).read_bytes(), headers=headers, modified_at=stat.st_mtime)


def _sent(resource: Resource, asked: Asked) -> Told:
    chosen = choose(resource, method=asked.method, header=asked.header)
    return Told(chosen.status, chosen.body, chosen.headers, counted=True)
