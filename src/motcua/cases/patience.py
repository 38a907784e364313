"""How long those who wait on an event loop are made to wait, looked after for all of them together."""

import asyncio
import time
from collections.abc import Callable
from weakref import ref

from motcua.cases.services.filing import Filed

LOOK_EVERY_SECONDS = 0.25


class Patience:
    """Gives up those of one event loop who wait too long: looked after together, since a timer for each costs more."""

    def __init__(
        self, loop: asyncio.AbstractEventLoop, give_up: Callable[["asyncio.Future[Filed]"], None]
    ) -> None:
        # Weakly: whoever keeps this by its loop must not keep the loop by it.
        self._loop = ref(loop)
        self._give_up = give_up
        self._until: dict[asyncio.Future[Filed], float] = {}
        self._looks = False

    def add(self, future: "asyncio.Future[Filed]", until: float) -> None:
        """Give the request up at the moment ``until`` or soon after."""
        self._until[future] = until
        if not self._looks:
            self._looks = True
            self._look_later(until - time.monotonic())

    def remove(self, future: "asyncio.Future[Filed]") -> None:
        """Forget one that was answered."""
        del self._until[future]

    def _look_later(self, within_seconds: float) -> None:
        loop = self._loop()
        assert loop is not None
        loop.call_later(max(0.0, min(within_seconds, LOOK_EVERY_SECONDS)), self._look)

    def _look(self) -> None:
        now = time.monotonic()
        for future in [future for future, until in self._until.items() if until <= now]:
            self._give_up(future)
        self._looks = bool(self._until)
        if self._looks:
            self._look_later(LOOK_EVERY_SECONDS)
