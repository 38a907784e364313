"""A register that says nothing for longer than anyone waits: the case waits, and then goes on, once."""

import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from garden import MEMBER, NOW, STRANGER, Cite, File, content, words
from procrastinate.contrib.django.models import ProcrastinateJob

from motcua.cases.facts import Gathered, gather
from motcua.cases.models import Case, CaseEntry
from motcua.cases.queries import case_of_person, decisions_of
from motcua.cases.services import CaseMovedOn, ask_again
from motcua.cases.services.settle import TRIES
from motcua.credentials.queries import standing_credential
from motcua.events.models import LedgerEntry
from motcua.events.queries import verify_ledger
from motcua.identity.models import Account
from motcua.procedures.services import install_revision
from motcua.registers.declaration import Declaration
from motcua.registers.services import declare
from motcua.simulators.register.server import Behavior, make_server

WITHIN_SECONDS = 0.4


@pytest.fixture
def register(procedure: object, members: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Behavior]:
    """Move the members to a register of another agency, which is silent until it is told to speak."""
    # Fifteen seconds pass between two questions of a case, but none in a test.
    monkeypatch.setattr("motcua.registers.sources.http.REST_SECONDS", 0.0)
    behavior = Behavior(silent=True)
    server = make_server(members, as_of=NOW, behavior=behavior)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    declare(
        Declaration.model_validate(
            {
                "name": "members",
                "title": words("Danh sách hội viên"),
                "owner": "garden",
                "absence_means": "no",
                "source": "http",
                "endpoint": f"http://127.0.0.1:{server.server_port}/",
                "purposes": ["garden_key"],
                "key": ["person"],
                "columns": [
                    {"name": "person", "type": "person", "label": words("Người"), "required": True},
                    {"name": "standing", "type": "text", "label": words("Tình trạng")},
                ],
            }
        ),
        now=NOW,
    )
    usual = content()
    hurried = usual.manifest.model_copy(update={"ask_within_seconds": WITHIN_SECONDS})
    install_revision(content=usual.model_copy(update={"manifest": hurried}), sha256="d" * 64, now=NOW)
    yield behavior
    server.shutdown()
    server.server_close()


def queued(number: str) -> list[int]:
    """Return after how many tries each queued job asks again."""
    jobs = ProcrastinateJob.objects.filter(task_name="motcua.cases.ask_again", args__number=number)
    return [args["tries"] for args in jobs.order_by("pk").values_list("args", flat=True)]


def marks(number: str) -> tuple[int, int, int, list[int]]:
    """Return everything that going on with a case may add to."""
    entries = CaseEntry.objects.filter(case_number=number).count()
    return entries, LedgerEntry.objects.count(), len(decisions_of(number)), queued(number)


def test_case_waits_with_the_reason_shown_and_nobody_waits_for_the_register(
    register: Behavior, file: File, citizen: Cite
) -> None:
    began = time.monotonic()
    filed = file(MEMBER)
    spent = time.monotonic() - began

    page = case_of_person(filed.number, citizen(MEMBER).person.id)
    assert spent < WITHIN_SECONDS + 10
    assert (filed.state, filed.answer) == ("waiting", "")
    assert page.entries[-1].reason == "Danh sách hội viên"
    assert page.decisions == ()
    assert queued(filed.number) == [1]


def test_same_key_while_waiting_is_the_same_case(register: Behavior, file: File) -> None:
    first = file(MEMBER, key="k1")

    again = file(MEMBER, key="k1")

    assert (again.number, again.state, again.repeated) == (first.number, "waiting", True)
    assert queued(first.number) == [1]


def test_form_stays_usable_for_others(register: Behavior, file: File, citizen: Cite, client: Client) -> None:
    file(MEMBER)
    client.force_login(Account.objects.get(pk=citizen(STRANGER).account_id))

    began = time.monotonic()
    page = client.get("/apply/garden_key/")
    step = client.post("/apply/garden_key/steps/only/", {"ward": "99001", "note": ""})
    spent = time.monotonic() - began

    assert spent < WITHIN_SECONDS + 10
    assert page.status_code == 200
    assert "Nguồn chưa trả lời" in page.content.decode()
    assert step["Location"] == "/apply/garden_key/check/"


def test_case_goes_on_when_the_register_speaks(register: Behavior, file: File) -> None:
    filed = file(MEMBER)
    register.silent = False

    assert ask_again(number=filed.number, tries=1, now=NOW + timedelta(seconds=15)) == "granted"

    assert standing_credential(filed.number) is not None
    assert decisions_of(filed.number)[0].facts[0].value == "paid"
    assert verify_ledger() is None


def test_job_that_runs_twice_has_its_effect_once(register: Behavior, file: File) -> None:
    filed = file(MEMBER)
    ask_again(number=filed.number, tries=1, now=NOW + timedelta(seconds=15))
    before = marks(filed.number)

    again = ask_again(number=filed.number, tries=1, now=NOW + timedelta(seconds=16))

    assert again == "waiting"
    assert marks(filed.number) == before
    assert queued(filed.number) == [1, 2]


def test_job_killed_in_the_middle_leaves_the_case_as_it_was(
    register: Behavior, file: File, monkeypatch: pytest.MonkeyPatch
) -> None:
    filed = file(MEMBER)
    register.silent = False
    before = marks(filed.number)

    def killed(*_: object, **__: object) -> None:
        raise SystemExit

    def ask_and_die() -> None:
        with monkeypatch.context() as dying:
            dying.setattr("motcua.cases.services.move.issue_for", killed)
            ask_again(number=filed.number, tries=1, now=NOW + timedelta(seconds=15))

    with pytest.raises(SystemExit):
        ask_and_die()

    assert marks(filed.number) == before
    assert Case.objects.get(number=filed.number).state == "waiting"
    assert ask_again(number=filed.number, tries=1, now=NOW + timedelta(seconds=45)) == "granted"


def test_silence_that_lasts_ends_with_a_person_never_with_a_refusal(register: Behavior, file: File) -> None:
    filed = file(MEMBER)

    states = [
        ask_again(number=filed.number, tries=tries, now=NOW + timedelta(minutes=tries))
        for tries in range(1, TRIES + 1)
    ]

    case = Case.objects.get(number=filed.number)
    assert states == [*["waiting"] * (TRIES - 1), "desk"]
    assert (case.phase, case.answer) == ("person", "ask")
    assert decisions_of(filed.number)[0].facts[0].because == "silent"
    assert queued(filed.number) == list(range(1, TRIES + 1))


@pytest.mark.django_db(transaction=True)
def test_two_hands_on_one_waiting_case_queue_one_successor(
    register: Behavior, file: File, monkeypatch: pytest.MonkeyPatch
) -> None:
    filed = file(MEMBER)
    both_have_read = threading.Barrier(2)
    outcomes: list[str] = []

    def gather_together(**asked: Any) -> Gathered:
        both_have_read.wait(60)
        return gather(**asked)

    def go_on() -> None:
        try:
            outcomes.append(ask_again(number=filed.number, tries=1, now=NOW + timedelta(seconds=15)))
        except CaseMovedOn:
            outcomes.append("moved on")
        finally:
            connection.close()

    monkeypatch.setattr("motcua.cases.services.settle.gather", gather_together)
    hands = [threading.Thread(target=go_on) for _ in range(2)]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()

    assert sorted(outcomes) == ["moved on", "waiting"]
    assert queued(filed.number) == [1, 2]
