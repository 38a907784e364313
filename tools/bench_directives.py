"""Try a directive out on a whole city, put it in force, and take it back: seconds, memory, equal counts, growth.

Makes an installation of its own with a durable PostgreSQL and the simulated city, stores outstanding travel passes by
the many (bench_directives_passes), and has a fresh process work out the dry run, the switch and its undoing, as the
worker's jobs do. The sizes share one city; each switch is undone before the next passes are stored.
"""

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bench_directives_passes import Passes

# Between what is said to a worker and the moment at which the law changes, so that the second person is in time.
AHEAD = timedelta(seconds=2)
WANTED = {"dry run": 15.0, "switch": 180.0, "MB": 2048.0}
CHECKED = 200


@dataclass(slots=True)
class Seen:
    """What one size showed."""

    passes: int
    seconds: dict[str, float] = field(default_factory=dict)
    worker_mb: float = 0.0
    postgres_mb: float = 0.0
    totals: dict[str, int] = field(default_factory=dict)
    equal: bool = False
    people_told: int = 0


class PostgresMemory(threading.Thread):
    """Looks twice a second at what PostgreSQL's processes hold together; shared pages count once (Pss)."""

    def __init__(self, cluster: Path) -> None:
        super().__init__(daemon=True)
        self._cluster, self._ended = cluster, threading.Event()
        self.peak_mb = 0.0

    def run(self) -> None:
        """Look until told to end."""
        while not self._ended.wait(0.5):
            self.peak_mb = max(self.peak_mb, self._now())

    def end(self) -> float:
        """Return the peak in MB."""
        self._ended.set()
        self.join()
        return self.peak_mb

    def _now(self) -> float:
        try:
            root = int((self._cluster / "postmaster.pid").read_text().split()[0])
        except (OSError, ValueError, IndexError):
            return 0.0
        return sum(map(_pss_mb, [root, *_children(root)]))


def _children(pid: int) -> list[int]:
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def _pss_mb(pid: int) -> float:
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) / 1024
    except OSError:
        pass
    return 0.0


def work(act: str, subject: str) -> dict[str, object]:
    """Do one job as the worker does it, and say how long it took and what memory this process reached."""
    import uuid

    from motcua.switching.dryrun import run
    from motcua.switching.switch import execute

    job = uuid.UUID(subject)
    began, cpu = time.monotonic(), time.process_time()
    state = run(run_id=job, now=datetime.now(UTC)) if act == "run" else execute(job, datetime.now(UTC))
    return {
        "state": str(state),
        "seconds": time.monotonic() - began,
        "cpu": time.process_time() - cpu,
        "mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def worked(seen: Seen, act: str, subject: object, *, wanted: str, called: str) -> None:
    """Have a fresh process do the job; raises ``RuntimeError`` when it does not come to the state wanted."""
    words = (sys.executable, __file__, "--work", act, str(subject))
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{called} failed:\n{done.stdout}{done.stderr}")
    told = json.loads(done.stdout.splitlines()[-1])
    if told["state"] != wanted:
        raise RuntimeError(f"{called} ended as {told['state']}, not {wanted}:\n{done.stderr[-2000:]}")
    seen.seconds[called] = told["seconds"]
    seen.worker_mb = max(seen.worker_mb, told["mb"])


def measure(passes: int, order: int, cluster: Path) -> Seen:
    """Prepare Directive 08, try it out, switch to it and take it back; return what was seen."""
    from django.utils import timezone

    from motcua.directives.services import confirm, prepare, schedule
    from motcua.identity.queries import account_of
    from motcua.switching.dryrun import start
    from motcua.switching.models import DryRun, Switch
    from motcua.switching.switch import start_due
    from motcua.switching.undo import undo

    seen = Seen(passes)
    memory = PostgresMemory(cluster)
    memory.start()
    chair, deputy = account_of("lanhdao").pk, account_of("lanhdao.hai").pk
    now = timezone.now()
    directive = prepare(text=draft(order, now), account_id=chair, now=now)
    run_id = start(directive_id=directive, account_id=chair, now=now)
    worked(seen, "run", run_id, wanted="done", called="dry run")
    again = start(directive_id=directive, account_id=chair, now=now)
    worked(seen, "run", again, wanted="done", called="dry run again")
    at = timezone.now() + AHEAD
    schedule(directive_id=directive, dry_run_id=run_id, at=at, account_id=chair, now=timezone.now())
    confirm(directive_id=directive, account_id=deputy, now=timezone.now())
    start_due(now=at)
    switch_id = Switch.objects.get(directive_id=directive).pk
    time.sleep(max(0.0, (at - timezone.now()).total_seconds()) + 0.1)
    worked(seen, "switch", switch_id, wanted="done", called="switch")
    switch = Switch.objects.select_related("dry_run", "final_run").get(pk=switch_id)
    same_digits = DryRun.objects.get(pk=again).digest == switch.dry_run.digest
    compare(seen, switch, same_digits=same_digits)
    undo(switch_id=switch_id, account_id=chair, now=timezone.now())
    worked(seen, "switch", switch_id, wanted="undone", called="undo")
    seen.postgres_mb = memory.end()
    return seen


def compare(seen: Seen, switch: object, *, same_digits: bool) -> None:
    """Hold the counts of the switch to those of the run that was confirmed."""
    from motcua.switching.switch_models import Switch

    assert isinstance(switch, Switch)
    promised = {name: count for name, count in switch.dry_run.result["totals"].items() if count}
    carried = {name: count for name, count in switch.counts.items() if count and name not in ("told", "left")}
    seen.totals = promised
    seen.people_told = int(switch.counts.get("told", 0))
    untouched = {"kept", "still_open"}
    expected = {name: count for name, count in promised.items() if name not in untouched}
    seen.equal = same_digits and carried == expected and not switch.counts.get("left")


def draft(order: int, now: datetime) -> str:
    """Return Directive 08 of this run, to begin at once."""
    from motcua.directives.content import read_directive
    from motcua.directives.writing import with_beginning
    from motcua.site.demo.law import NEXT

    text = with_beginning(read_directive(NEXT.read_text(encoding="utf-8"), NEXT.name), now)
    return text.replace("number: 08/CT-UBND", f"number: 08-{order}/CT-UBND", 1)


def check(count: int) -> int:
    """Ask the registers about some of the stored cases and return how many would be decided as they are stored."""
    from django.db.models import F
    from django.utils import timezone

    from motcua.cases.facts import gather
    from motcua.cases.models import Case
    from motcua.cases.plans import plan_of
    from motcua.decisions.models import DecisionRecord
    from motcua.identity.people import person
    from motcua.procedures.queries import revision

    alike = 0
    # In the order of their passes' random ids, which is another for each case.
    for case in Case.objects.filter(phase="granted", channel="online").order_by(F("number").desc())[:count]:
        plan = plan_of(revision(case.revision_id))
        gathered = gather(
            content=plan.content,
            values=case.values,
            person_key=person(case.applicant_id).key,
            case_number=case.number,
            agency_path=case.agency_path,
            now=timezone.now(),
            today=case.filed_on,
        )
        judged = plan.judge(gathered.scope)
        record = DecisionRecord.objects.get(case_number=case.number)
        stored = {fact["name"]: fact["value"] for fact in record.facts}
        found = {fact.name: fact.to_json()["value"] for fact in gathered.facts}
        alike += (judged.answer, judged.reason, found) == (case.answer, case.reason_code, stored)
    return alike


def bench(options: argparse.Namespace, folder: Path) -> list[Seen]:
    """Make the city and measure each size in turn."""
    from motcua.site import database, postgres

    with ExitStack() as stack:
        stack.enter_context(postgres.server_of_one_command())
        command("migrate")
        began = time.monotonic()
        # Loaded by a command of its own: preparing the demo would load twice, before its past and after.
        command("city", "--people", str(options.people), "--load")
        command("demo", "prepare", "--people", str(options.people), "--requests", "20")
        print(f"{options.people:,} people made and loaded in {time.monotonic() - began:.0f} s", flush=True)
        database.connect_as("owner")
        passes = filler(folder / "demo")
        found = []
        for order, size in enumerate(options.sizes, 1):
            began = time.monotonic()
            passes.fill(size)
            settle()
            alike = check(min(CHECKED, size))
            print(
                f"{size:,} passes stored in {time.monotonic() - began:.0f} s;"
                f" of {min(CHECKED, size)} asked about again, {alike} come out as stored",
                flush=True,
            )
            found.append(measure(size, order, postgres.cluster_folder()))
            tell(found[-1:], options, head=order == 1)
    return found


def filler(files: Path) -> "Passes":
    """Return what stores passes, on behalf of the first sample's account."""
    from bench_directives_passes import Passes
    from django.utils import timezone

    from motcua.site.demo.accounts import citizen_account

    now = timezone.now()
    sample = json.loads((files / "people.json").read_text(encoding="utf-8"))[0]
    return Passes(files, account_id=citizen_account(sample, now=now).pk, now=now)


def settle() -> None:
    """Bring statistics up to date and write what waits, so that no size pays for the filling."""
    import psycopg
    from django.db import connection

    from motcua.site import environment

    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")
    with psycopg.connect(environment.embedded_url("postgres", "postgres"), autocommit=True) as server:
        server.execute("CHECKPOINT")


def command(*words: str) -> None:
    """Run a motcua command beside this process."""
    done = subprocess.run(
        (sys.executable, "-m", "motcua.site.commands", *words), capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(f"motcua {' '.join(words)} failed:\n{done.stdout}{done.stderr}")


def tell(found: list[Seen], options: argparse.Namespace, *, head: bool) -> None:
    """Print a row for each size."""
    names = (
        "passes", "dry run s", "again s", "switch s", "undo s", "worker MB", "PostgreSQL MB", "changed", "told",
        "counts equal",
    )  # fmt: skip
    rows = [
        (
            f"{seen.passes:,}",
            f"{seen.seconds['dry run']:.1f}",
            f"{seen.seconds['dry run again']:.1f}",
            f"{seen.seconds['switch']:.1f}",
            f"{seen.seconds['undo']:.1f}",
            f"{seen.worker_mb:.0f}",
            f"{seen.postgres_mb:.0f}",
            f"{sum(count for name, count in seen.totals.items() if name not in ('kept', 'still_open')):,}",
            f"{seen.people_told:,}",
            "yes" if seen.equal else "NO",
        )
        for seen in found
    ]
    if options.markdown:
        lines = [f"| {' | '.join(names)} |", "|---:" * len(names) + "|"] if head else []
        lines += [f"| {' | '.join(row)} |" for row in rows]
    else:
        lines = ["".join(f"{name:>15}" for name in names)] if head else []
        lines += ["".join(f"{cell:>15}" for cell in row) for row in rows]
    print("\n".join(lines), flush=True)


def summary(found: list[Seen]) -> None:
    """Print growth and what was wanted; a pass in the largest city costs as much as in the smallest when it is 1."""
    least, most = found[0], found[-1]
    for what in ("dry run", "switch"):
        growth = (most.seconds[what] / most.passes) / (least.seconds[what] / least.passes)
        print(
            f"{what}: {most.seconds[what]:.1f} s for {most.passes:,} passes (wanted: under {WANTED[what]:.0f} s for"
            f" 500,000); a pass costs {growth:.2f} times what it costs among {least.passes:,}"
        )
    memory = most.worker_mb + most.postgres_mb
    print(f"memory: {memory:.0f} MB, worker and PostgreSQL (wanted: under {WANTED['MB']:.0f})")
    print(f"what the switch at {most.passes:,} did: {most.totals}")


def parsed(words: list[str] | None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=1_200_000)
    parser.add_argument("--passes", type=int, default=500_000, help="of the largest size")
    parser.add_argument("--sizes", default="10000,100000,500000", help="those above --passes are left out")
    parser.add_argument("--folder", type=Path, help="where to keep the installation; else it is removed")
    parser.add_argument("--markdown", action="store_true", help="print the rows of docs/benchmarks.md")
    parser.add_argument("--work", nargs=2, metavar=("ACT", "ID"), help=argparse.SUPPRESS)
    options = parser.parse_args(words)
    sizes = {int(size) for size in options.sizes.split(",")} | {options.passes}
    options.sizes = sorted(size for size in sizes if size <= options.passes)
    return options


def main(words: list[str] | None = None) -> int:
    """Measure and print; 1 if a switch did anything else than was promised."""
    options = parsed(words)
    if options.work:
        import django

        django.setup()
        print(json.dumps(work(*options.work)))
        return 0
    folder = options.folder or Path(tempfile.mkdtemp(prefix="motcua-bench-"))
    folder.mkdir(parents=True, exist_ok=True)
    # PostgreSQL runs as another account and must reach its files.
    folder.chmod(0o755)
    os.environ.pop("DATABASE_URL", None)
    os.environ |= {
        "MOTCUA_DATA_DIR": str(folder),
        "MOTCUA_DEMO": "1",
        "DJANGO_SETTINGS_MODULE": "motcua.site.settings",
    }
    import django

    django.setup()
    try:
        found = bench(options, folder)
    finally:
        if options.folder is None:
            shutil.rmtree(folder, ignore_errors=True)
    summary(found)
    return 0 if all(seen.equal for seen in found) else 1


if __name__ == "__main__":
    sys.exit(main())
