"""Spreads kept-alive connections evenly over the web processes, which share one listening socket.

The kernel gives a new connection to whichever process wakes first, and there it stays: of 64 connections one process
was seen to hold 59, and the other's core was idle. A process that has more in hand than the mean asks some of its
clients, with ``Connection: close``, to knock again.
"""

import mmap
import os
import struct
import time
from collections.abc import Callable
from pathlib import Path

EVERY_SECONDS = 0.25
SLOTS = 64
# Requests in hand, and when that was noted on the clock that all processes of the machine share.
_SLOT = struct.Struct("=dd")
# Whoever has not noted for so long is gone or being replaced.
_FRESH_SECONDS = 1.0
# Less than this above the mean is chance.
_FEWEST, _SHARE_OF_MEAN = 4.0, 0.2


class Balance:
    """What one web process has in hand beside the others; used on the event loop only."""

    def __init__(self, path: Path, number: int, clock: Callable[[], float] = time.monotonic) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            os.ftruncate(descriptor, SLOTS * _SLOT.size)
            self._shared = mmap.mmap(descriptor, SLOTS * _SLOT.size)
        finally:
            os.close(descriptor)
        self._at = number % SLOTS * _SLOT.size
        self._clock = clock
        self._looked_at = clock()
        self._spent_seconds = 0.0
        self._to_close = 0

    def note(self, spent_seconds: float) -> None:
        """Count a request that was in hand for so long."""
        self._spent_seconds += spent_seconds

    def asks_to_leave(self) -> bool:
        """Tell whether the client now answered should be asked to knock again; each True counts."""
        if not self._to_close:
            return False
        self._to_close -= 1
        return True

    def look(self) -> None:
        """Tell the others what is in hand here, and work out how many connections are too many."""
        now = self._clock()
        # The time spent on requests in a second is how many were in hand at once.
        mine = self._spent_seconds / max(now - self._looked_at, 0.001)
        self._spent_seconds, self._looked_at = 0.0, now
        _SLOT.pack_into(self._shared, self._at, mine, now)
        fresh = [
            load for load, noted_at in _SLOT.iter_unpack(self._shared) if now - noted_at < _FRESH_SECONDS
        ]
        mean = sum(fresh) / len(fresh)
        above = mine - mean
        self._to_close = int(above) if above > max(_FEWEST, _SHARE_OF_MEAN * mean) else 0
