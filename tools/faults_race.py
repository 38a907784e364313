"""Let 32 clients race for 20 numbers: exactly 20 must be given, none twice, none left out, the rest a clean 409.

Installs a revision of the travel pass with twenty numbers for each first day. Then the
same again while web processes are killed, where a client repeats its request until it is told yes or no.
"""

import argparse
import contextlib
import http.client
import json
import os
import random
import shutil
import signal
import sys
import tempfile
import threading
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import yaml
from bench_live_servers import answers_of
from faults_clients import LOCAL
from live_installation import Installation

PACK = Path(__file__).resolve().parents[1] / "packs" / "travel_pass"
NUMBERS, RACERS, KILLS = 20, 32, 4
# People tried at the start, of whom about a fifth are granted a pass.
PROBED = 300


def limited_pack(folder: Path) -> Path:
    """Write the travel pass with twenty numbers for each first day, and return where."""
    pack = folder / "travel_pass"
    shutil.copytree(PACK, pack)
    content = yaml.safe_load((pack / "pack.yaml").read_text(encoding="utf-8"))
    content["allotment"] = {
        "label": {"vi": "Số giấy đi đường", "en": "Numbers of passes"},
        "per": ["form.needed_from"],
        "ceiling": NUMBERS,
    }
    (pack / "pack.yaml").write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    return pack


def racers_of(site: Installation, path: Path) -> list[dict]:
    """Return as many people as race, all of whom are granted what they ask for while there is any left."""
    prepared = site.run("load", "prepare", "--to", str(path), "--people", str(PROBED))
    if prepared.returncode:
        raise RuntimeError(prepared.stderr)
    senders = json.loads(path.read_text(encoding="utf-8"))["senders"]
    answers = answers_of(site.url, senders, "travel_pass")
    granted = [sender for sender, answer in zip(senders, answers, strict=True) if answer.get("qr")]
    if len(granted) < RACERS:
        raise RuntimeError(
            f"only {len(granted)} of {PROBED} people are granted a pass; more of them must be tried"
        )
    return granted[:RACERS]


def race(
    site: Installation, senders: list[dict], which: int, *, killing: bool
) -> tuple[Counter[str], list[str]]:
    """Let every racer ask for the same first day at once; return the answers and the references given."""
    start, lock = threading.Barrier(RACERS), threading.Lock()
    first = datetime.now(UTC).astimezone(LOCAL).date() + timedelta(days=which)
    answers, references = Counter[str](), list[str]()

    def run(number: int) -> None:
        headers = {
            "Authorization": f"Bearer {senders[number]['token']}",
            "Idempotency-Key": f"race-{which}-{number}",
            "Content-Type": "application/json",
        }
        values = {**senders[number]["values"], "needed_from": first.isoformat()}
        body = json.dumps({"procedure": "travel_pass", "data": values}).encode()
        start.wait()
        for _ in range(300):
            try:
                status, answer = site.ask("POST", "/api/submissions", body, headers)
            except (OSError, http.client.HTTPException):
                time.sleep(0.1)
                continue
            told = json.loads(answer)
            if status >= 500 or told.get("error") == "in_flight":
                time.sleep(0.1)
                continue
            with lock:
                answers[f"{status} {told.get('error', '')}".strip().replace("200", "201")] += 1
                if status in (200, 201):
                    references.append(told["reference"])
            return
        with lock:
            answers["no answer"] += 1

    racers = [threading.Thread(target=run, args=(number,)) for number in range(RACERS)]
    for racer in racers:
        racer.start()
    # A few kills while all are at it; without end, nobody would ever get to answer.
    for _ in range(KILLS if killing else 0):
        web = [process.pid for process in site.processes() if process.name == "web"]
        if web:
            with contextlib.suppress(ProcessLookupError):
                os.kill(random.choice(web), signal.SIGKILL)
        time.sleep(0.3)
    for racer in racers:
        racer.join()
    return answers, references


def judge(site: Installation, answers: Counter[str], references: list[str]) -> bool:
    """Compare what was told with what is stored, print it, and tell whether it is exactly right."""
    with psycopg.connect(site.database_url()) as connection:
        stored = connection.execute(
            "SELECT number, case_number FROM cases_allottednumber WHERE case_number = ANY(%s) ORDER BY number",
            [references],
        ).fetchall()
    numbers = [number for number, _ in stored]
    exact = numbers == list(range(1, NUMBERS + 1))
    refused = sum(count for answer, count in answers.items() if answer.startswith("409"))
    print(f"  answers {dict(answers)}; numbers {numbers[:1]}..{numbers[-1:]}, {len(set(numbers))} different")
    return exact and len(references) == NUMBERS and refused == RACERS - NUMBERS


def main() -> int:
    """Run both races."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=2000, help="size of the demo city")
    # A pass may be asked for from today to three days ahead, and each first day is a pool of its own.
    parser.add_argument("--races", type=int, default=2, choices=(1, 2))
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="motcua-faults-"))
    site = Installation(folder, options.people)
    well = False
    try:
        print(f"starting a demo city of {options.people} in {folder}", flush=True)
        site.start()
        site.wait_until_ready(600)
        senders = racers_of(site, folder / "senders.json")
        installed = site.run("packs", "install", str(limited_pack(folder)))
        if installed.returncode:
            raise RuntimeError(installed.stdout + installed.stderr)
        results = []
        for number in range(options.races * 2):
            killing = number >= options.races
            print(f"{RACERS} clients race for {NUMBERS} numbers{', web processes killed' if killing else ''}")
            results.append(judge(site, *race(site, senders, number, killing=killing)))
        well = all(results)
    finally:
        status = site.stop()
    well = well and status == 0
    print(f"stopped with {status}; {'all is well' if well else 'NOT WELL: see ' + str(folder)}")
    if not well:
        return 1
    shutil.rmtree(folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
