"""Time the desk with 100,000 dossiers: the queue under each filter, the search and the page of a case.

Makes an installation of its own with a PostgreSQL of its own, fills it by COPY (bench_desk_fill) and asks for pages
through the whole of the web stack (session, rights, view, template), first with 1,000 dossiers and then with all of
them, as an officer of one ward, a specialist and an approver of the city, and one with every right there is. Run:
``python tools/bench_desk.py [--dossiers 100000] [--rounds 20]``. Beside what the clock on the wall says stands the
processor time of the page and of its session in the database together: where other work runs, only that tells of us.
It fails where that is more than 200 ms at p95, or where a page makes more queries with more dossiers.
"""

import argparse
import math
import os
import re
import shutil
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.test import Client

LIMIT_MS = 200.0
SMALL = 1_000


@dataclass(slots=True)
class Timed:
    """What one page took for one officer, and how many queries it made with few dossiers and with all."""

    wall_ms: list[float] = field(default_factory=list)
    cpu_ms: list[float] = field(default_factory=list)
    queries: dict[int, int] = field(default_factory=dict)


def at(share: float, measured: list[float]) -> float:
    """Return the time within which this share of the pages came, by nearest rank."""
    return sorted(measured)[math.ceil(share * len(measured)) - 1]


def processor_ms() -> float:
    """Return the processor time so far of this process and of its session in the database."""
    from django.db import connection

    connection.ensure_connection()
    session = connection.connection.info.backend_pid
    in_database = int(Path(f"/proc/{session}/schedstat").read_text().split()[0]) / 1e6
    return time.process_time() * 1000 + in_database


def browsers(now: datetime) -> "dict[str, Client]":
    """Return the browsers of four officers, from the narrowest to the widest rights."""
    from django.test import Client

    from motcua.agencies.queries import places_now
    from motcua.identity.models import Account
    from motcua.identity.officers import appoint
    from motcua.identity.states import AccountKind, Role

    on = now.date() - timedelta(days=1)
    wards = places_now(on, within="vn.p48")
    working = (Role.ONE_STOP_OFFICER, Role.SPECIALIST, Role.APPROVER)
    everything = [(role, "dn", "vn.p48") for role in (*working, Role.LEADER)]
    everything += [(role, f"ubnd_{ward.code}", ward.path) for ward in wards[:10] for role in working[:2]]
    appointments = {
        "one-stop officer of a ward": [(Role.ONE_STOP_OFFICER, "dn", wards[0].path)],
        "specialist of the center": [(Role.SPECIALIST, "ttpvhcc", "vn.p48")],
        "approver of the city": [(Role.APPROVER, "dn", "vn.p48")],
        "every right": everything,
    }
    found = {}
    for at, (name, several) in enumerate(appointments.items()):
        account = Account.objects.create(
            kind=AccountKind.OFFICER, login=f"desk.{at}", name=name, created_at=now
        )
        for role, agency, place in several:
            appoint(login=account.login, role=role, agency=agency, place_path=place, valid_from=on, now=now)
        found[name] = Client(SERVER_NAME="localhost")
        found[name].force_login(account)
    return found


def pages(browser: "Client", random: Random) -> Iterator[tuple[str, Callable[[], object]]]:
    """Yield each page by name with what asks for it; the cases are among those that this officer sees."""
    from motcua.cases.models import Case
    from motcua.cases.queues import Cursor

    number = re.findall(r'href="/desk/(H17-[0-9-]+)/"', browser.get("/desk/?all=1").content.decode())[0]
    case = Case.objects.get(number=number)
    later = Cursor(datetime.now(UTC) + timedelta(days=random.uniform(2, 6)), number)
    for name, address in (
        ("queue", "?all=1"),
        ("queue, a later page", f"?after={later}"),
        ("queue, overdue", "?clock=overdue"),
        ("queue, due today", "?clock=today"),
        ("queue, due next working day", "?clock=soon"),
        ("queue, waits for the applicant", "?clock=paused"),
        ("queue, one service", f"?service={case.procedure_code}"),
        ("queue, one place", f"?place={case.place_path}"),
        ("queue, one agency", f"?office={case.agency_path}"),
        ("queue, objections", "?why=objection"),
        ("queue, facts not known", "?why=unknown_fact"),
        ("queue, mine", "?hand=mine"),
        ("queue, nobody's", "?hand=nobody"),
        ("queue, one officer's late ones", f"?hand={random.randint(1, 200)}&clock=overdue"),
    ):
        yield name, partial(browser.get, f"/desk/{address}")
    for name, words in (
        ("search, a number", number),
        ("search, a full name", "nguyen van hung"),
        ("search, a frequent surname", "nguyen"),
        ("search, a name that nobody has", "zzyzx qwerty"),
        ("search, a citizen number", f"0480{50 + random.randrange(49)}{random.randrange(30000):06d}"),
    ):
        yield name, partial(browser.post, "/desk/search/", {"words": words}, follow=True)
    yield "page of a case", partial(browser.get, f"/desk/{number}/")


def counted(ask: Callable[[], object]) -> int:
    """Return how many queries a page makes."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as queries:
        ask()
    return len(queries)


def bench(options: argparse.Namespace) -> dict[tuple[str, str], Timed]:
    """Fill, count, fill on, count again, and time; rounds go over all pages, so that a hiccup hits them alike."""
    import bench_desk_fill as fill

    from motcua.site.web import look_for_garbage_seldom

    now, random = datetime.now(UTC), Random(options.seed)
    fill.prepare(now)
    account_id, person_id = fill.people(random, now)
    officers = fill.officers(now)
    clients = browsers(now)
    found: dict[tuple[str, str], Timed] = defaultdict(Timed)
    first = 1
    for size in (SMALL, options.dossiers):
        began = time.monotonic()
        fill.dossiers(
            random,
            first=first,
            count=size - first + 1,
            account_id=account_id,
            person_id=person_id,
            officers=officers,
            now=now,
        )
        first = size + 1
        settle()
        print(f"{size:,} dossiers after {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)
        for who, browser in clients.items():
            for name, ask in pages(browser, random):
                ask()
                found[name, who].queries[size] = counted(ask)
    look_for_garbage_seldom()
    for _ in range(options.rounds):
        for who, browser in clients.items():
            for name, ask in pages(browser, random):
                wall, cpu = time.perf_counter(), processor_ms()
                ask()
                found[name, who].wall_ms.append((time.perf_counter() - wall) * 1000)
                found[name, who].cpu_ms.append(processor_ms() - cpu)
    return found


def settle() -> None:
    """Bring statistics up to date, so that no size pays for the filling."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")


def summary(found: dict[tuple[str, str], Timed]) -> bool:
    """Print the table, the dearest first, and tell whether every page came in time."""
    sizes = sorted({size for timed in found.values() for size in timed.queries})
    heads = " | ".join(f"queries at {size:,}" for size in sizes)
    print(f"| page | for | processor p50 ms | p95 ms | wall p50 ms | p95 ms | {heads} |")
    print("| --- | --- | ---: | ---: | ---: | ---: |" + " ---: |" * len(sizes))
    for (name, who), timed in sorted(found.items(), key=lambda each: -at(0.95, each[1].cpu_ms)):
        counts = " | ".join(str(timed.queries[size]) for size in sizes)
        times = " | ".join(
            f"{at(share, measured):.0f}"
            for measured in (timed.cpu_ms, timed.wall_ms)
            for share in (0.5, 0.95)
        )
        print(f"| {name} | {who} | {times} | {counts} |")
    slow = [key for key, timed in found.items() if at(0.95, timed.cpu_ms) > LIMIT_MS]
    kinds = {name.partition(",")[0] for name, _ in found}
    grown = [kind for kind in sorted(kinds) if _most(found, kind, -1) > _most(found, kind, 0)]
    late = sum(at(0.95, timed.wall_ms) > LIMIT_MS for timed in found.values())
    print(
        f"\n{len(found) - len(slow)} of {len(found)} within {LIMIT_MS:.0f} ms of processor time at p95,"
        f" {len(found) - late} by the wall (load {os.getloadavg()[0]:.0f}); with more queries: {grown or 'none'}"
    )
    return not slow and not grown


def _most(found: dict[tuple[str, str], Timed], kind: str, size: int) -> int:
    """Return the most queries that any page of a kind made at the first or the last size.

    An empty page asks for the names of nobody, so one filter for one officer is no measure.
    """
    return max(
        timed.queries[sorted(timed.queries)[size]]
        for (name, _), timed in found.items()
        if name.partition(",")[0] == kind
    )


def main(words: list[str] | None = None) -> int:
    """Measure and print; 1 if a page was too slow."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dossiers", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("--folder", type=Path, help="keep the installation here")
    options = parser.parse_args(words)
    folder = options.folder or Path(tempfile.mkdtemp(prefix="motcua-bench-"))
    folder.mkdir(parents=True, exist_ok=True)
    # PostgreSQL runs as another account and must reach its files.
    folder.chmod(0o755)
    os.environ.pop("DATABASE_URL", None)
    os.environ |= {
        "MOTCUA_DATA_DIR": str(folder),
        "MOTCUA_DEMO": "1",
        "MOTCUA_LOG_LEVEL": "WARNING",
        "DJANGO_SETTINGS_MODULE": "motcua.site.settings",
    }
    import django

    django.setup()
    from motcua.site import postgres
    from motcua.site.database import migrate

    try:
        with postgres.server_of_one_command():
            migrate(verbosity=0)
            return 0 if summary(bench(options)) else 1
    finally:
        if options.folder is None:
            shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
