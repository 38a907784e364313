"""Looks once a second whether anything has changed of which this process keeps a copy."""

import logging
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.db import Error, connection

from motcua.credentials.published import PublishedFile, newest_files, newest_stamp
from motcua.credentials.queries import NothingPublished
from motcua.credentials.standing import Standing
from motcua.directives.law import forget
from motcua.web.scanner.public import as_resource, at_fixed_addresses
from motcua.web.ui.resources import Resource

log = logging.getLogger("motcua.readers")
EVERY_SECONDS = 1.0
# Whoever has not looked for so long does not know what has changed since.
BLIND_AFTER_SECONDS = 3.0

# All that a public page shows besides its template: the services in force, the names of their agencies, and the law.
_PAGES = """
SELECT array_agg(p.code ORDER BY p.code), array_agg(r.id ORDER BY p.code),
    (SELECT md5(coalesce(string_agg(concat_ws(chr(31), code, name, name_en), chr(30) ORDER BY code), ''))
     FROM agencies_agency),
    (SELECT mark::text FROM directives_lawmark)
FROM procedures_revision r JOIN procedures_procedure p ON p.id = r.procedure_id
WHERE r.withdrawn_at IS NULL
"""


@dataclass(frozen=True, slots=True)
class Shown:
    """What the public pages show, as last seen: ``stamp`` changes with any of it."""

    stamp: object
    services: frozenset[str]


class Watch:
    """A thread that keeps the copies of one web process at most a second or two behind the database."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.standing = Standing()
        self.shown: Shown | None = None
        self.files: Mapping[str, Resource] = {}
        self.fixed: Mapping[str, Resource] = {}
        self._files_stamp: object = None
        self._law_mark: object = None
        self._looked_at = float("-inf")
        self._clock = clock

    def start(self) -> None:
        """Look from now on until the process ends."""
        threading.Thread(target=self._look_again_and_again, name="watch", daemon=True).start()

    def sees(self) -> bool:
        """Tell whether the copies are as fresh as promised."""
        return self._clock() - self._looked_at < BLIND_AFTER_SECONDS

    def look(self) -> None:
        """Bring everything up to date; six short queries. Raises ``Error``."""
        begun = self._clock()
        with connection.cursor() as cursor:
            cursor.execute(_PAGES)
            codes, revisions, agencies, law = cursor.fetchone()
        if law != self._law_mark:
            # A page rendered anew must not be rendered from the copy of the law that is a moment old.
            forget()
            self._law_mark = law
        self.shown = Shown((tuple(revisions or ()), agencies, law), frozenset(codes or ()))
        self.standing.refresh()
        stamp = newest_stamp()
        if stamp != self._files_stamp:
            files = _newest()
            self.files = {file.name: as_resource(file) for file in files}
            self.fixed = {address: as_resource(file) for address, file in at_fixed_addresses(files).items()}
            self._files_stamp = stamp
        # As of the beginning: what changed while we looked may not have been seen.
        self._looked_at = begun

    def _look_again_and_again(self) -> None:
        while True:
            try:
                self.look()
            except Error as fault:
                # Its text may carry data; the pages go on from memory, checks go to Django, which says what is wrong.
                log.warning("the database does not answer (%s); reading from memory", type(fault).__name__)
                connection.close()
            except Exception:
                log.exception("the watch stumbled; it looks again")
                connection.close()
            time.sleep(EVERY_SECONDS)


def _newest() -> tuple[PublishedFile, ...]:
    try:
        return newest_files()
    except NothingPublished:
        return ()
