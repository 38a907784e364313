"""Compare the rules engine with other engines and with SQL written by hand, on the travel pass rule, in one run.

All get the same random people, and every answer is compared before anything is timed. Rounds alternate between the
engines; figures are medians. Run by ``make bench``, which installs the others in .venv-bench. Options: ``--rows``,
``--growth 0`` to leave out the step of ten million, ``--seed``, ``--seconds``.
"""

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
from bench_people import JOINED, people, plainly, registers
from bench_translation import MODEL, translated
from bench_wide_model import coded_model, wide_model

from motcua.rules import Model, load
from motcua.rules.sql import SetPlan, lookup

HERE = Path(__file__).resolve().parent
PEERS = ("zen", "openfisca", "spiff", "pydmnrules")
PEER_PYTHON = HERE.parent / ".venv-bench" / "bin" / "python"
ROUNDS = 5
BATCH = 10_000
THREADS = 2
CITY = 1_200_000
WIDE_RULES = 1_600
WIDE_ROWS = 4_000_000


@dataclass(slots=True)
class Peer:
    """Another engine in a process of its own, asked in lines of JSON."""

    name: str
    process: subprocess.Popen[str]
    version: str = ""
    speeds: dict[str, list[float]] = field(default_factory=dict)

    def ask(self, **order: object) -> object:
        """Send one order and return the answer. Raises EOFError when the engine fell over."""
        if self.process.stdin is None or self.process.stdout is None:
            raise EOFError(self.name)
        self.process.stdin.write(json.dumps(order) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise EOFError(f"{self.name} ended; run tools/bench_peers.py {self.name} by hand to see why")
        return json.loads(line)


@contextmanager
def peers(given: Mapping[str, object]) -> Iterator[list[Peer]]:
    """Start the other engines; they wait idle while others are measured."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "given.json"
        file.write_text(json.dumps(given), encoding="utf-8")
        made = []
        for name in PEERS:
            process = subprocess.Popen(
                [PEER_PYTHON, HERE / "bench_peers.py", name, file],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
            )
            made.append(Peer(name, process))
        try:
            for peer in made:
                if peer.process.stdout is None:
                    raise EOFError(peer.name)
                about = json.loads(peer.process.stdout.readline())
                peer.version = f"{about['package']} {about['version']}"
            yield made
        finally:
            for peer in made:
                peer.process.terminate()
                peer.process.wait()


def per_second(
    act: Callable[[dict[str, object]], object], given: list[dict[str, object]], seconds: float
) -> float:
    """Return how many people ``act`` decides in a second of this process's CPU, whatever else the machine does."""
    done, began = 0, time.process_time()
    while (spent := time.process_time() - began) < seconds:
        act(given[done % len(given)])
        done += 1
    return done / spent


def row(*cells: object) -> None:
    """Print a row of a table of docs/benchmarks.md."""
    print("| " + " | ".join(str(cell) for cell in cells) + " |", flush=True)


def heading(title: str, *columns: str) -> None:
    """Print the head of a table."""
    print(f"\n### {title}\n")
    row(*columns)
    row("---", *["---:"] * (len(columns) - 1))


def compare_answers(asked: list[Peer], ours: list[list[object]]) -> None:
    """Count in how many people another engine differs, with the first one where it does."""
    heading(f"Same answers on {len(ours):,} random people", "engine", "differ")
    for peer in asked:
        theirs = peer.ask(act="answers")
        if not isinstance(theirs, list):
            raise TypeError(f"{peer.name} gave no list of answers")
        pairs = enumerate(zip(ours, theirs, strict=True))
        differ = [(at, one, other) for at, (one, other) in pairs if one != other]
        first = (
            f"; first: person {differ[0][0]}, ours {differ[0][1]}, theirs {differ[0][2]}" if differ else ""
        )
        row(peer.version, f"{len(differ)}{first}")


def explained(model: Model, person: dict[str, object]) -> object:
    """Decide one person in full: the answer, the facts, and for each table the rules hit and, of each rule before,
    the first condition that failed with the value that it saw.
    """
    decision = model(person, decision="verdict")
    why = decision.why
    return decision.value, why.inputs, [(one.decision, one.hits, one.failed, one.met) for one in why.tables]


def one_case(asked: list[Peer], given: list[dict[str, object]], seconds: float) -> None:
    """Print decisions a second: answer alone, with the reasons, and in the engine's own batch."""
    model = load(MODEL)
    acts: dict[str, Callable[[dict[str, object]], object]] = {
        "one": lambda person: model(person, decision="verdict").value,
        "explained": lambda person: explained(model, person),
    }
    ours: dict[str, list[float]] = {"one": [], "explained": []}
    for _ in range(ROUNDS):
        for kind, act in acts.items():
            ours[kind].append(per_second(act, given, seconds))
            for peer in asked:
                speed = peer.ask(act="time", of=kind, seconds=seconds)
                if isinstance(speed, float):
                    peer.speeds.setdefault(kind, []).append(speed)
    heading(
        "One case",
        "engine",
        "decisions a second of CPU",
        "we are faster by",
        "with reasons a second of CPU",
        "we are faster by",
    )
    row("motcua.rules", *(f"{statistics.median(ours[kind]):,.0f} | " for kind in acts))
    for peer in asked:
        cells = []
        for kind in acts:
            if kind not in peer.speeds:
                cells += ["none", ""]
                continue
            ratios = [mine / theirs for mine, theirs in zip(ours[kind], peer.speeds[kind], strict=True)]
            cells += [f"{statistics.median(peer.speeds[kind]):,.0f}", f"{statistics.median(ratios):.1f}"]
        row(peer.version, *cells)


def batch_speeds(asked: list[Peer]) -> float:
    """Print the rows a second of the engines' own batches, and return that of ZEN."""
    heading(f"{BATCH:,} people as a batch", "engine", "rows a second")
    zen = 0.0
    for peer in asked:
        # Engines that decide one by one take too long for whole batches; a tenth says the same.
        rows = BATCH if peer.name in ("zen", "openfisca") else BATCH // 50
        speeds = [peer.ask(act="time", of="many", rows=rows) for _ in range(3)]
        median = statistics.median(one for one in speeds if isinstance(one, float))
        zen = median if peer.name == "zen" else zen
        row(peer.version + ("" if rows == BATCH else f" ({rows} rows)"), f"{median:,.0f}")
    return zen


def timed(connection: duckdb.DuckDBPyConnection, statement: str) -> tuple[float, float]:
    """Return seconds of wall and of CPU for a statement into a results table."""
    wall, spent = time.perf_counter(), time.process_time()
    connection.execute(f"CREATE OR REPLACE TABLE results AS {statement}")
    return time.perf_counter() - wall, time.process_time() - spent


def as_sets(sizes: list[int], zen: float) -> None:
    """Print compiled SQL beside SQL written by hand, over requests joined with four registers."""
    hand = (HERE / "bench_travel_pass.sql").read_text(encoding="utf-8").replace("{source}", JOINED)
    plan = load(MODEL).over(JOINED, decision="verdict", keys=("id",)).sql
    # The facts kept beside the decision are those that its rules read.
    with_facts = load(MODEL).over(JOINED, decision="verdict", keys=("id",), facts=True)
    heading(
        "Four register joins into a results table (DuckDB)",
        "rows",
        "rows a second",
        "by hand",
        "CPU to hand",
        "CPU to hand, facts kept beside",
        "rows a second to ZEN's batch",
        "differ",
    )
    for rows in sizes:
        connection = duckdb.connect()
        connection.execute(f"SET threads={THREADS}")
        for statement in registers(rows):
            connection.execute(statement)
        differ = differing(connection, plan, hand) + kept_wrongly(connection, with_facts)
        times = [
            [timed(connection, one) for one in (plan, hand, with_facts.sql)]
            for _ in range(ROUNDS + 4 if rows <= 2_000_000 else 3)
        ]
        fast, by_hand = (statistics.median(rows / round_[at][0] for round_ in times) for at in (0, 1))
        cpu, kept = (statistics.median(round_[at][1] / round_[1][1] for round_ in times) for at in (0, 2))
        ratio = fast / zen
        row(
            f"{rows:,}",
            f"{fast:,.0f}",
            f"{by_hand:,.0f}",
            f"{cpu:.2f}",
            f"{kept:.2f}",
            f"{ratio:,.0f}",
            differ,
        )
        connection.close()


def differing(connection: duckdb.DuckDBPyConnection, plan: str, hand: str) -> int:
    """Return in how many rows the compiled statement and the one by hand differ."""
    found = connection.execute(
        f"SELECT count(*) FROM ({plan}) a FULL JOIN ({hand}) b USING (id) WHERE "
        '(a."verdict.answer", a."verdict.reason", a."verdict rule") IS DISTINCT FROM (b.answer, b.reason, b.rule)'
    ).fetchone()
    return int(found[0]) if found else -1


def kept_wrongly(connection: duckdb.DuckDBPyConnection, plan: SetPlan) -> int:
    """Return in how many rows a fact kept beside the decision is not the one of the registers, read as text."""
    kept, known = (
        ", ".join(f'{one}."{name}"::VARCHAR' for name in plan.facts) for one in ("decided", "facts")
    )
    found = connection.execute(
        f"SELECT count(*) FROM ({plan.sql}) decided FULL JOIN {JOINED} USING (id) "
        f"WHERE ({kept}) IS DISTINCT FROM ({known})"
    ).fetchone()
    return int(found[0]) if found else -1


def wide_table() -> None:
    """Print the speed of a table of many rules, by the way that the engine chooses."""
    heading(
        "Large tables (DuckDB)",
        "rules",
        "way",
        "million rows a second",
        "CPU nanoseconds a row",
        "as a CASE",
    )
    for name, make in (("bands", wide_model), ("codes", coded_model)):
        for rules in (24, 96, 400, WIDE_RULES):
            _one_wide_table(name, make(rules), rules)


def _one_wide_table(name: str, content: bytes, rules: int) -> None:
    model = load(content)
    connection = duckdb.connect()
    connection.execute(f"SET threads={THREADS}")
    connection.execute(
        "CREATE TABLE wide AS SELECT id, ['a', 'b', 'c', 'd'][1 + (hash(id, 1) % 4)::INT] AS kind, "
        f"(hash(id, 2) % 1000)::INTEGER AS score, 'code ' || (hash(id, 3) % {rules})::TEXT AS code "
        f"FROM range({WIDE_ROWS}) t(id)"
    )
    plan = model.over("wide", keys=("id",))
    usual = lookup.LEAST_RULES
    lookup.LEAST_RULES = sys.maxsize
    chain = model.over("wide", keys=("id",)).sql
    lookup.LEAST_RULES = usual
    fast = [_summed(connection, plan.sql, WIDE_ROWS) for _ in range(ROUNDS)]
    slow = [_summed(connection, chain, WIDE_ROWS * 24 // rules) for _ in range(3)]
    connection.close()
    row(
        f"{rules:,} {name}",
        plan.ways["points"],
        f"{statistics.median(one[0] for one in fast) / 1e6:.1f}",
        f"{statistics.median(one[1] for one in fast):.0f}",
        f"{statistics.median(one[1] for one in slow):.0f}",
    )


def _summed(connection: duckdb.DuckDBPyConnection, sql: str, rows: int) -> tuple[float, float]:
    """Return rows a second, and nanoseconds of CPU a row, of a sum over the first rows."""
    limited = sql.replace("FROM wide)", f"FROM wide WHERE id < {rows})", 1)
    wall, spent = time.perf_counter(), time.process_time()
    connection.execute(f"SELECT count(*), sum(points) FROM ({limited})").fetchall()
    return rows / (time.perf_counter() - wall), (time.process_time() - spent) / rows * 1e9


def loading() -> None:
    """Print what reading and checking a model take of the CPU."""
    models = {"the travel pass": MODEL.read_bytes(), "a table of 24 rules": wide_model(24)}
    heading("Before the first case", "act", "milliseconds of CPU")
    for name, content in models.items():
        times, checks = [], []
        for number in range(ROUNDS + 4):
            changed = content + f"<!-- {number} -->".encode()
            began = time.process_time()
            model = load(changed)
            times.append(time.process_time() - began)
            began = time.process_time()
            model.check()
            checks.append(time.process_time() - began)
        rules = sum(len(one.table.rules) for one in model.tables)
        tables = "1 table" if len(model.tables) == 1 else f"{len(model.tables)} tables"
        size = f"{len(content):,} bytes, {tables}, {rules} rules"
        row(f"load {name} ({size})", f"{statistics.median(times) * 1e3:.1f}")
        row(f"check gaps, overlaps and reach of {name}", f"{statistics.median(checks) * 1e3:.1f}")


def main() -> int:
    """Compare, then measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=CITY, help="rows of the largest usual step")
    parser.add_argument("--growth", type=int, default=10_000_000, help="one more step; 0 for none")
    parser.add_argument("--people", type=int, default=1_000)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--seconds", type=float, default=0.4, help="spent on each measure of each round")
    options = parser.parse_args()
    print(
        f"Python {platform.python_version()}, DuckDB {duckdb.__version__}, {os.cpu_count()} cores, "
        f"{time.strftime('%F')}"
    )
    given = list(people(options.people, options.seed))
    model = load(MODEL)
    verdicts = [model(person, decision="verdict").value for person in given]
    ours = [[one["answer"], one["reason"]] for one in verdicts]
    loading()
    with peers({"rule": translated(), "people": [plainly(one) for one in given]}) as asked:
        compare_answers(asked, ours)
        one_case(asked, given, options.seconds)
        zen = batch_speeds(asked)
    sizes = [size for size in (10_000, 100_000, CITY) if size <= options.rows]
    as_sets([*sizes, *([options.growth] if options.growth else [])], zen)
    wide_table()
    return 0


if __name__ == "__main__":
    sys.exit(main())
