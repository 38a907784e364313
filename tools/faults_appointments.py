"""Let 32 people race for a time of 20 places: exactly 20 must be sold, none twice, none left out, the rest 409.

First as it is, then while web processes are killed, where each repeats its request under its key until told yes or no.
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
from pathlib import Path

import psycopg
from live_installation import Installation

HALL, GROUP = "ttpvhcc", "hotich"
PLACES, RACERS, KILLS = 20, 32, 4
PATH = "/api/appointments"


def widen(site: Installation) -> None:
    """Let twenty people into each time of the group."""
    with psycopg.connect(site.database_url()) as connection:
        connection.execute(
            "UPDATE appointments_groupplan SET capacity = %s WHERE group_id IN (SELECT g.id FROM"
            " appointments_servicegroup g JOIN appointments_hall h ON h.id = g.hall_id"
            " WHERE h.code = %s AND g.code = %s)",
            [PLACES, HALL, GROUP],
        )


def tokens_of(site: Installation, path: Path) -> list[str]:
    """Return a token for each racer."""
    prepared = site.run("load", "prepare", "--to", str(path), "--people", str(RACERS))
    if prepared.returncode:
        raise RuntimeError(prepared.stderr)
    return [sender["token"] for sender in json.loads(path.read_text(encoding="utf-8"))["senders"]]


def times_of(site: Installation) -> list[str]:
    """Return the times of the first day on which all are free."""
    query = f"{PATH}/times?hall={HALL}&group={GROUP}"
    days = json.loads(site.ask("GET", query, None, {})[1])["days"]
    # The first day may be half over.
    times = json.loads(site.ask("GET", f"{query}&day={days[1]['day']}", None, {})[1])["times"]
    return [each["starts_at"] for each in times]


def race(site: Installation, tokens: list[str], starts_at: str, *, killing: bool) -> Counter[str]:
    """Let every racer book the time at once; return what each was told."""
    start, lock, told = threading.Barrier(RACERS), threading.Lock(), Counter[str]()
    body = json.dumps({"hall": HALL, "group": GROUP, "starts_at": starts_at}).encode()

    def run(number: int) -> None:
        headers = {
            "Authorization": f"Bearer {tokens[number]}",
            "Idempotency-Key": f"race-{starts_at}",
            "Content-Type": "application/json",
        }
        start.wait()
        answer = "no answer"
        for _ in range(300):
            try:
                status, content = site.ask("POST", PATH, body, headers)
            except (OSError, http.client.HTTPException):
                time.sleep(0.1)
                continue
            if status >= 500:
                time.sleep(0.1)
                continue
            answer = "sold" if status in (200, 201) else f"{status} {json.loads(content).get('error', '')}"
            break
        with lock:
            told[answer] += 1

    racers = [threading.Thread(target=run, args=(number,)) for number in range(RACERS)]
    for racer in racers:
        racer.start()
    for _ in range(KILLS if killing else 0):
        web = [process.pid for process in site.processes() if process.name == "web"]
        if web:
            with contextlib.suppress(ProcessLookupError):
                os.kill(random.choice(web), signal.SIGKILL)
        time.sleep(0.3)
    for racer in racers:
        racer.join()
    return told


def judge(site: Installation, told: Counter[str], starts_at: str) -> bool:
    """Compare what was told with what is stored, print it, and tell whether it is exactly right."""
    with psycopg.connect(site.database_url()) as connection:
        stored = connection.execute(
            "SELECT b.place, s.taken FROM appointments_booking b JOIN appointments_slot s ON s.id = b.slot_id"
            " WHERE s.starts_at = %s AND b.state <> 'cancelled' ORDER BY b.place",
            [starts_at],
        ).fetchall()
    places = [place for place, _ in stored]
    print(
        f"  told {dict(told)}; places {places[:1]}..{places[-1:]}, {len(set(places))} different", flush=True
    )
    exact = places == list(range(1, PLACES + 1)) and {taken for _, taken in stored} == {PLACES}
    return exact and told == Counter({"sold": PLACES, "409 slot_full": RACERS - PLACES})


def main() -> int:
    """Run both races."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=1000, help="size of the demo city")
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="motcua-faults-"))
    site = Installation(folder, options.people)
    well = False
    try:
        print(f"starting a demo city of {options.people} in {folder}", flush=True)
        site.start()
        site.wait_until_ready(600)
        tokens = tokens_of(site, folder / "senders.json")
        widen(site)
        results = []
        for killing, starts_at in zip((False, True), times_of(site), strict=False):
            print(
                f"{RACERS} people race for {PLACES} places{', web processes killed' if killing else ''}",
                flush=True,
            )
            results.append(judge(site, race(site, tokens, starts_at, killing=killing), starts_at))
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
