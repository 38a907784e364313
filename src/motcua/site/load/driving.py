"""Sends the traffic: at the moments of a schedule (open loop), or each connection as fast as it is answered.

Time is read from the machine, not from the loop: that of uvloop counts whole milliseconds.
"""

import asyncio
import contextlib
import heapq
import itertools
import resource
import time
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from motcua.site.load.report import Count, Report
from motcua.site.load.shapes import Arrival
from motcua.site.load.traffic import Request, Traffic
from motcua.site.load.wire import Answer, Connection

# What asking again may mend: the twin in flight, too many, away, full.
_RETRIED = frozenset({409, 429, 503, 507})
_SWEEP_SECONDS = 0.2
_CONNECT_SECONDS = 5.0
_FIRST_WAIT_SECONDS, _LONGEST_WAIT_SECONDS = 0.1, 5.0


class NobodyAnswers(ConnectionError):
    """No connection to the site could be made at the start."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How the site is driven. ``most`` bounds the requests of a closed loop, 0 is no bound; with
    ``heavy_apart`` the heavy tenant has as many connections of its own."""

    host: str
    port: int
    connections: int
    timeout_seconds: float
    tries: int = 1
    seconds: float = 0.0
    most: int = 0
    heavy_apart: bool = False


@dataclass(slots=True)
class _Pool:
    """Connections of one side, and what waits for them.

    The heavy tenant of a flood has a pool of its own, as it has machines of its own: what waits behind its
    requests here would otherwise be blamed on the site.
    """

    waiting: "deque[_Order]" = field(default_factory=deque)
    idle: list[Connection] = field(default_factory=list)
    missing: int = 0


@dataclass(slots=True)
class _Order:
    """A request on its way. Latency counts from ``due_at``, so that waiting for a connection counts."""

    request: Request
    phase: str
    due_at: float
    pool: _Pool
    tries: int = 0


class Drive:
    """One run against one site."""

    def __init__(self, traffic: Traffic, limits: Limits) -> None:
        self._traffic, self._limits = traffic, limits
        self.report = Report(heavy=traffic.heavy)
        self._others = _Pool()
        self._heavy = _Pool() if limits.heavy_apart else self._others
        self._pools = [self._others, self._heavy] if limits.heavy_apart else [self._others]
        self._later: list[tuple[float, int, _Order]] = []
        self._tie = itertools.count()
        self._in_hand: dict[Connection, _Order] = {}
        self._pool_of: dict[Connection, _Pool] = {}
        self._open_orders = 0
        self._endless: Iterator[_Order] | None = None
        self._connecting: set[asyncio.Task[None]] = set()
        self._over = False
        # Set whenever no request is out, or a closed loop has no more to send.
        self._settled, self._ended = asyncio.Event(), asyncio.Event()
        self._loop = asyncio.get_running_loop()

    async def file_first(self, number: int) -> None:
        """File so many requests before the clock starts, for the traffic to ask about; they are not counted."""
        await self._connect_all()
        for _ in range(number):
            order = _Order(self._traffic.first(), "first", time.perf_counter(), self._others)
            self._take(order)
        self._send_waiting(self._others)
        await self._all_settled()
        self.report = Report(heavy=self._traffic.heavy)

    async def on_schedule(self, arrivals: Iterable[Arrival]) -> Report:
        """Send each request at its moment, whether or not the ones before were answered."""
        await self._connect_all()
        began, cpu = time.perf_counter(), _cpu_seconds()
        sweeper = asyncio.create_task(self._sweep())
        for arrival in arrivals:
            due_at = began + arrival.at_seconds
            # Requests due within the same tick leave together.
            if (pause := due_at - time.perf_counter()) > 0.0005:
                await asyncio.sleep(pause)
            request = self._traffic.next(heavy=arrival.heavy)
            pool = self._heavy if arrival.heavy else self._others
            self._take(_Order(request, arrival.phase, due_at, pool))
            self._send_waiting(pool)
            if len(pool.waiting) % 64 == 63:
                # A long queue is worked off between arrivals, not after them.
                await asyncio.sleep(0)
        await self._finish(sweeper, began, cpu)
        return self.report

    async def as_fast_as_answered(self) -> Report:
        """Keep every connection busy until the time is over or enough was sent."""
        await self._connect_all()
        began, cpu = time.perf_counter(), _cpu_seconds()
        sweeper = asyncio.create_task(self._sweep())
        self._endless = self._orders_until(began + self._limits.seconds)
        self._send_waiting(self._others)
        # What is in hand when the time is over is waited for below.
        await asyncio.wait([asyncio.create_task(self._ended.wait())], timeout=self._limits.seconds + 1)
        self._endless = None
        await self._finish(sweeper, began, cpu)
        return self.report

    def _orders_until(self, end: float) -> Iterator[_Order]:
        sent = itertools.count()
        while time.perf_counter() < end and (not self._limits.most or next(sent) < self._limits.most):
            order = _Order(self._traffic.next(), "all", time.perf_counter(), self._others)
            self._take(order, wait=False)
            yield order
        self._endless = None
        self._ended.set()

    async def _finish(self, sweeper: "asyncio.Task[None]", began: float, cpu: float) -> None:
        """Wait for what is still out, no longer than an answer may take, then count the rest as unanswered."""
        await self._all_settled()
        self.report.seconds = time.perf_counter() - began
        self.report.client_cpu_seconds = _cpu_seconds() - cpu
        sweeper.cancel()
        self._over = True
        waiting = [order for pool in self._pools for order in pool.waiting]
        for order in [*waiting, *(order for _, _, order in self._later), *self._in_hand.values()]:
            self._count(order).errors["unanswered"] += 1
        self._in_hand = {}
        for connection in list(self._pool_of):
            connection.busy = False
            connection.hang_up("over")

    async def _all_settled(self) -> None:
        if self._open_orders:
            self._settled.clear()
            with contextlib.suppress(TimeoutError):
                # Two looks longer than an answer may take: the sweep calls it timed out first.
                await asyncio.wait_for(
                    self._settled.wait(), self._limits.timeout_seconds + 2 * _SWEEP_SECONDS
                )

    def _count(self, order: _Order) -> Count:
        return self.report.of(order.phase, order.request.route, order.request.tenant)

    def _take(self, order: _Order, *, wait: bool = True) -> None:
        self._open_orders += 1
        self._count(order).sent += 1
        self.report.began.setdefault(order.phase, order.due_at)
        self.report.ended[order.phase] = order.due_at
        if wait:
            order.pool.waiting.append(order)

    def _send_waiting(self, pool: _Pool) -> None:
        """Give waiting requests to idle connections."""
        now = time.perf_counter()
        while pool.idle:
            order = pool.waiting.popleft() if pool.waiting else self._next_endless()
            if order is None:
                return
            connection = pool.idle.pop()
            if not connection.open:
                pool.waiting.appendleft(order)
                continue
            order.tries += 1
            self._in_hand[connection] = order
            connection.send(order.request.wire, now)

    def _next_endless(self) -> _Order | None:
        return next(self._endless, None) if self._endless is not None else None

    def _answered(self, connection: Connection, answer: Answer) -> None:
        order, pool = self._in_hand.pop(connection, None), self._pool_of[connection]
        if connection.open:
            pool.idle.append(connection)
        if order is not None:
            if answer.status in _RETRIED and order.tries < self._limits.tries:
                self._again(order, answer.retry_after_seconds)
            else:
                self._settle(order, answer)
        self._send_waiting(pool)

    def _settle(self, order: _Order, answer: Answer) -> None:
        now = time.perf_counter()
        count = self._count(order)
        count.answered[answer.status] += 1
        count.latencies.append(now - order.due_at)
        self.report.ended[order.phase] = max(self.report.ended[order.phase], now)
        self._traffic.note(order.request, answer.status, answer.body)
        self._close()

    def _lost(self, connection: Connection, because: str) -> None:
        """Note the loss of a connection, idle or not, and of what was asked on it."""
        pool = self._pool_of.pop(connection, None)
        if pool is not None and connection.told_to_go and not self._over:
            # Asked to knock again, as a browser would at once.
            task = self._loop.create_task(self._reconnect(pool))
            self._connecting.add(task)
            task.add_done_callback(self._connecting.discard)
        elif pool is not None:
            pool.missing += 1
        order = self._in_hand.pop(connection, None)
        if order is None:
            return
        if order.tries < self._limits.tries:
            self._again(order, 0.0)
            return
        self._count(order).errors[because] += 1
        self._close()

    def _close(self) -> None:
        self._open_orders -= 1
        if not self._open_orders:
            self._settled.set()

    def _again(self, order: _Order, wait_seconds: float) -> None:
        """Ask again later: when the server said, or each time twice as late."""
        self._count(order).retries += 1
        wait = wait_seconds or min(_LONGEST_WAIT_SECONDS, _FIRST_WAIT_SECONDS * 2**order.tries)
        heapq.heappush(self._later, (time.perf_counter() + wait, next(self._tie), order))

    async def _sweep(self) -> None:
        """Bring back what waits to be asked again, end what takes too long, replace lost connections."""
        while True:
            await asyncio.sleep(_SWEEP_SECONDS)
            now = time.perf_counter()
            while self._later and self._later[0][0] <= now:
                order = heapq.heappop(self._later)[2]
                order.pool.waiting.append(order)
            for connection in [
                each for each in self._in_hand if now - each.sent_at > self._limits.timeout_seconds
            ]:
                connection.hang_up("timed out")
            for pool in self._pools:
                missing, pool.missing = pool.missing, 0
                for _ in range(missing):
                    await self._connect(pool)
                self._send_waiting(pool)

    async def _connect_all(self) -> None:
        if self._pool_of:
            return
        for pool in self._pools:
            for _ in range(self._limits.connections):
                await self._connect(pool)
        if not self._pool_of:
            raise NobodyAnswers(f"Nobody answers at {self._limits.host}:{self._limits.port}.")

    async def _reconnect(self, pool: _Pool) -> None:
        await self._connect(pool)
        self._send_waiting(pool)

    async def _connect(self, pool: _Pool) -> None:
        try:
            async with asyncio.timeout(_CONNECT_SECONDS):
                _, connection = await self._loop.create_connection(
                    lambda: Connection(self._answered, self._lost), self._limits.host, self._limits.port
                )
        except OSError:
            pool.missing += 1
        else:
            self._pool_of[connection] = pool
            pool.idle.append(connection)


def _cpu_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime
