"""What came of the traffic: counts and latencies by phase, route and tenant, as a table and as JSON."""

from array import array
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

PERCENTILES = (50, 95, 99)


def percentile(ordered: Sequence[float], percent: float) -> float:
    """Return the value that ``percent`` of the values do not exceed (nearest rank); of none, 0."""
    if not ordered:
        return 0.0
    rank = -(-len(ordered) * percent // 100)
    return ordered[max(0, int(rank) - 1)]


@dataclass(slots=True)
class Count:
    """What one tenant's requests to one route met with in one phase. Latencies in seconds."""

    sent: int = 0
    retries: int = 0
    answered: Counter[int] = field(default_factory=Counter)
    errors: Counter[str] = field(default_factory=Counter)
    latencies: "array[float]" = field(default_factory=lambda: array("d"))

    def add(self, other: "Count") -> None:
        """Take the other's counts in."""
        self.sent += other.sent
        self.retries += other.retries
        self.answered += other.answered
        self.errors += other.errors
        self.latencies.extend(other.latencies)

    def as_json(self, seconds: float) -> dict[str, object]:
        """Return the counts; latencies in milliseconds, throughput in good answers a second."""
        ordered = sorted(self.latencies)
        good = sum(count for status, count in self.answered.items() if status < 400)
        return {
            "sent": self.sent,
            "answered": {str(status): count for status, count in sorted(self.answered.items())},
            "errors": dict(sorted(self.errors.items())),
            "retries": self.retries,
            "per_second": round(good / seconds, 1) if seconds else 0.0,
            "latency_ms": {
                **{f"p{percent}": round(percentile(ordered, percent) * 1000, 2) for percent in PERCENTILES},
                "max": round(ordered[-1] * 1000, 2) if ordered else 0.0,
            },
        }


@dataclass(slots=True)
class Report:
    """All counts of a run. ``client_cpu_seconds`` is what this client itself used."""

    heavy: str
    began: dict[str, float] = field(default_factory=dict)
    ended: dict[str, float] = field(default_factory=dict)
    seconds: float = 0.0
    client_cpu_seconds: float = 0.0
    _counts: dict[tuple[str, str, str], Count] = field(default_factory=dict)

    def of(self, phase: str, route: str, tenant: str) -> Count:
        """Return the count to add to."""
        key = (phase, route, tenant)
        count = self._counts.get(key)
        if count is None:
            count = self._counts[key] = Count()
        return count

    def total(self, *, phase: str = "", route: str = "", tenants: Iterable[str] | None = None) -> Count:
        """Return the sum over what is named; what is not named is all."""
        wanted = None if tenants is None else set(tenants)
        whole = Count()
        for (its_phase, its_route, tenant), count in self._counts.items():
            if phase in ("", its_phase) and route in ("", its_route) and (wanted is None or tenant in wanted):
                whole.add(count)
        return whole

    def as_json(self) -> dict[str, object]:
        """Return everything: in total, by route, and by phase with the heavy tenant apart from the others."""
        return {
            "seconds": round(self.seconds, 3),
            "client_cpu_seconds": round(self.client_cpu_seconds, 3),
            "total": self.total().as_json(self.seconds),
            "routes": {route: self.total(route=route).as_json(self.seconds) for route in self._named(1)},
            "tenants": {
                tenant: self.total(tenants=[tenant]).as_json(self.seconds) for tenant in self._named(2)
            },
            "phases": {
                phase: {
                    "seconds": round(self._seconds_of(phase), 3),
                    self.heavy: self.total(phase=phase, tenants=[self.heavy]).as_json(
                        self._seconds_of(phase)
                    ),
                    "others": self.total(phase=phase, tenants=self._others()).as_json(
                        self._seconds_of(phase)
                    ),
                }
                for phase in self._named(0)
            },
        }

    def as_table(self) -> str:
        """Return a table for people: a line for each route, and for each phase the heavy tenant and the others."""
        head = f"{'what':<26}{'sent':>8}{'good/s':>9}{'p50 ms':>9}{'p95':>9}{'p99':>9}{'max':>9}{'retries':>9}  answers"
        lines = [head, _line("all", self.total(), self.seconds)]
        lines += [_line(route, self.total(route=route), self.seconds) for route in sorted(self._named(1))]
        for phase in self._named(0) if self._named(0) != ["all"] else []:
            spent = self._seconds_of(phase)
            heavy = self.total(phase=phase, tenants=[self.heavy])
            lines.append(_line(f"{phase}: {self.heavy}", heavy, spent))
            lines.append(_line(f"{phase}: others", self.total(phase=phase, tenants=self._others()), spent))
        lines.append(
            f"{self.seconds:.1f} s; this client used {self.client_cpu_seconds:.2f} s of processor time"
        )
        return "\n".join(lines)

    def _named(self, part: int) -> list[str]:
        return list(dict.fromkeys(key[part] for key in self._counts))

    def _others(self) -> list[str]:
        return [tenant for tenant in self._named(2) if tenant != self.heavy]

    def _seconds_of(self, phase: str) -> float:
        return self.ended.get(phase, 0.0) - self.began.get(phase, 0.0)


def _line(name: str, count: Count, seconds: float) -> str:
    ordered = sorted(count.latencies)
    good = sum(number for status, number in count.answered.items() if status < 400)
    figures = [percentile(ordered, percent) * 1000 for percent in PERCENTILES]
    figures.append(ordered[-1] * 1000 if ordered else 0.0)
    met = [f"{status}: {number}" for status, number in sorted(count.answered.items())]
    met += [f"{reason}: {number}" for reason, number in sorted(count.errors.items())]
    shown = "".join(f"{figure:>9.1f}" for figure in figures)
    speed = good / seconds if seconds else 0.0
    return f"{name:<26}{count.sent:>8}{speed:>9.1f}{shown}{count.retries:>9}  {', '.join(met)}"
