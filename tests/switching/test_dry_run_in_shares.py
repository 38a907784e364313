"""A run in several sessions says what a run in one says, wherever it is cut, and closes what it opened."""

import threading
import time
from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from uuid import UUID

import pytest
from directing import WARD
from django.db import connection
from town import NOW, SWITCH_AT, Town

from motcua.registers.models import Register
from motcua.switching import effects, shares, subjects, trying
from motcua.switching.dryrun import run, start
from motcua.switching.models import DryRun, Effect
from motcua.switching.shares import Share, each
from motcua.switching.states import RunState
from motcua.switching.subjects import Part, parts_of_cases, parts_of_people

RED = f'{{zones.color: {{default: green, places: {{"{WARD}": red}}}}, limits.days: 14}}'
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def town(db: None, tmp_path: Path, settings: object) -> Town:
    settings.SECRETS_DIR = tmp_path / "secrets"  # type: ignore[attr-defined]
    settings.PUBLISHED_DIR = tmp_path / "published"  # type: ignore[attr-defined]
    return Town(tmp_path, people=24)


@pytest.fixture(autouse=True)
def few_are_worth_a_session(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subjects, "WORTH_A_PART", 3)


def sessions_beside_this() -> int:
    """Return how many there are, once those that were told to end are gone."""
    deadline = time.monotonic() + 60
    while True:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                " AND backend_type = 'client backend' AND pid <> pg_backend_pid()"
            )
            (count,) = cursor.fetchone()
        if count == 0 or time.monotonic() > deadline:
            return int(count)
        time.sleep(0.05)


def written(run_id: UUID) -> tuple[str, object, list[tuple[object, ...]]]:
    names = [field.attname for field in Effect._meta.fields if field.attname not in ("pk", "run_id")]
    effects = list(Effect.objects.of_run(run_id).values_list(*names))
    found = DryRun.objects.get(pk=run_id)
    return found.digest, found.result, effects


@pytest.mark.parametrize("count", [2, 3, 5])
def test_the_digits_do_not_depend_on_how_many_work(town: Town, settings: object, count: int) -> None:
    town.file_all()
    town.load({at: ("paid", "lapsed", "")[at % 2] for at in range(town.people)}, now=NOW)
    directive = town.draft("08/CT-UBND", RED, at=SWITCH_AT)
    settings.MOTCUA_SWITCH_PROCESSES = 1  # type: ignore[attr-defined]
    alone = town.try_out(directive)
    settings.MOTCUA_SWITCH_PROCESSES = count  # type: ignore[attr-defined]

    together = town.try_out(directive)

    assert written(together) == written(alone)
    assert len(written(together)[2]) > 4
    assert sessions_beside_this() == 0


@pytest.mark.parametrize("cuts", [[0.0], [0.5], [0.1, 0.2], [0.01, 0.99]])
def test_the_digits_do_not_depend_on_where_it_cuts(
    town: Town, monkeypatch: pytest.MonkeyPatch, cuts: list[float]
) -> None:
    filed = sorted(one.number for one in town.file_all())
    directive = town.draft("08/CT-UBND", RED, at=SWITCH_AT)
    monkeypatch.setattr(trying, "parts_of_cases", lambda *_: [Part()])
    whole = town.try_out(directive)
    bounds = ["", *(f"'{filed[int(cut * len(filed))]}'" for cut in cuts), ""]
    parts = [Part(since, before) for since, before in pairwise(bounds)]
    monkeypatch.setattr(trying, "parts_of_cases", lambda *_: parts)

    cut = town.try_out(directive)

    assert written(cut) == written(whole)


def test_each_case_is_in_one_part(town: Town) -> None:
    numbers = [one.number for one in town.file_all()]
    with connection.cursor() as cursor:
        cursor.execute("SELECT revision_id FROM cases_case LIMIT 1")
        (revision_id,) = cursor.fetchone()

        parts = parts_of_cases(revision_id, len(numbers), SWITCH_AT, 4)

        held = []
        for part in parts:
            held_here = part.holds('number COLLATE "C"')
            cursor.execute(f"SELECT number FROM cases_case WHERE {held_here}")
            held.append([number for (number,) in cursor.fetchall()])
    assert len(parts) == 4
    assert sorted(number for part in held for number in part) == sorted(numbers)
    assert max(map(len, held)) < len(numbers) / 2


@pytest.mark.parametrize("most", [1, 2, 3, 7])
def test_each_person_is_in_one_part(most: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE people AS SELECT sha256(n::text::bytea) AS key FROM generate_series(1, 500) n"
        )
        counts = []
        for part in parts_of_people(most):
            cursor.execute(f"SELECT count(*) FROM people WHERE {part.holds('key')}")
            counts.append(cursor.fetchone()[0])
        cursor.execute("DROP TABLE people")

    assert len(counts) == most
    assert sum(counts) == 500
    assert min(counts) > 500 / most / 2


def test_a_fault_in_one_session_fails_the_run_and_closes_all(
    town: Town, settings: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    town.file_all()
    directive = town.draft("08/CT-UBND", RED, at=SWITCH_AT)
    settings.MOTCUA_SWITCH_PROCESSES = 2  # type: ignore[attr-defined]

    def keep(*args: object) -> None:
        effects.keep(*args)  # type: ignore[arg-type]
        if threading.current_thread() is not threading.main_thread():
            raise OSError("the disk is full")

    monkeypatch.setattr("motcua.switching.trying.keep", keep)
    run_id = start(directive_id=directive, account_id=town.chair, now=NOW)

    assert run(run_id=run_id, now=NOW) == RunState.FAILED

    assert not Effect.objects.of_run(run_id).exists()
    assert sessions_beside_this() == 0


def loaded_while_asked(town: Town, monkeypatch: pytest.MonkeyPatch, times: int) -> list[int]:
    """Have the register loaded after each of the first readings of it."""
    read, loads = trying.Trial._ask_once, list[int]()

    def ask_once(trial: trying.Trial) -> None:
        read(trial)
        if len(loads) < times:
            loads.append(len(loads))
            town.load(dict.fromkeys(range(town.people), "lapsed"), now=NOW + timedelta(seconds=len(loads)))

    monkeypatch.setattr(trying.Trial, "_ask_once", ask_once)
    return loads


def test_a_register_that_is_loaded_meanwhile_is_read_again(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    town.file_all()
    directive = town.draft("08/CT-UBND", RED, at=SWITCH_AT)
    loads = loaded_while_asked(town, monkeypatch, times=1)

    run_id = town.try_out(directive)

    assert loads == [0]
    after = town.try_out(directive)
    assert written(run_id) == written(after)


def test_a_register_that_never_rests_fails_the_run(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    town.file_all()
    directive = town.draft("08/CT-UBND", RED, at=SWITCH_AT)
    loaded_while_asked(town, monkeypatch, times=99)
    run_id = start(directive_id=directive, account_id=town.chair, now=NOW)

    assert run(run_id=run_id, now=NOW) == RunState.FAILED

    found = DryRun.objects.get(pk=run_id)
    assert "LoadedMeanwhile" in found.fault
    assert not Effect.objects.of_run(run_id).exists()


def test_inside_a_transaction_there_is_one_session(town: Town, settings: object) -> None:
    from django.db import transaction

    settings.MOTCUA_SWITCH_PROCESSES = 4  # type: ignore[attr-defined]
    with transaction.atomic():
        assert shares.most_shares() == 1

    assert shares.most_shares() == 4


def test_what_each_share_gives_stands_in_their_order() -> None:
    with shares.shares(3) as several:
        own = threading.current_thread()

        def told(share: Share) -> tuple[int, bool]:
            return share.place, threading.current_thread() is own

        assert each(several, told) == [(0, True), (1, False), (2, False)]


def test_tables_are_taken_from_other_sessions_as_they_are() -> None:
    make: Callable[[Share], object] = lambda share: share.tables.make(  # noqa: E731 - one line
        "told",
        f"SELECT {share.place} AS place, 7.50::numeric AS number, '\\x00ff'::bytea AS key, NULL::date AS day",
    )
    with shares.shares(3) as several, connection.cursor() as cursor:
        each(several, make)

        several[0].tables.take("all told", "told", [share.tables for share in several[1:]])

        cursor.execute('SELECT place, number::text, key, day FROM "all told" ORDER BY place')
        assert [(place, number, bytes(key), day) for place, number, key, day in cursor.fetchall()] == [
            (1, "7.50", b"\x00\xff", None),
            (2, "7.50", b"\x00\xff", None),
        ]


def test_registers_named_by_the_rules_are_those_whose_loads_are_watched(town: Town) -> None:
    town.file_all()
    directive = town.draft("08/CT-UBND", RED, at=SWITCH_AT)
    seen = list[set[str]]()
    loads = trying.Trial._loads

    def watched(trial: trying.Trial) -> dict[str, int | None]:
        found = loads(trial)
        seen.append(set(found))
        return found

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(trying.Trial, "_loads", watched)
        town.try_out(directive)

    assert seen == [set(Register.objects.values_list("name", flat=True))] * 2
