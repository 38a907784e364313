"""Asking: three-valued answers, the same from every kind of source, each question about a person logged."""

import threading
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from motcua.identity.numbers import PersonNumber
from motcua.identity.people import record_person
from motcua.registers import sources
from motcua.registers.facts import Because, Fact, Value
from motcua.registers.models import RegisterAccess
from motcua.registers.queries import accesses_of
from motcua.registers.questions import Asked, Question
from motcua.registers.services import (
    PurposeNotAllowed,
    QuestionNotPossible,
    RegisterNotDeclared,
    ask,
    ask_about_many,
    declare,
)
from motcua.registers.sources import http
from motcua.simulators.register import Behavior, make_server

from .conftest import AS_OF, ASKER, HEADER, NOW, NUMBER, OTHER, Load, jobs
from .twin import Twin

EMPLOYER = "0400101394"


def row(
    record: str, status: str = "active", *, until: str = "", employer: str = EMPLOYER, rest: str = ",,"
) -> str:
    return f"{record},{NUMBER},{employer},{status},{until},{rest}\n"


def question(returns: str | None = None, **match: Value | Asked | None) -> Question:
    return Question(fact="wanted", register="jobs", match={"person": Asked.PERSON, **match}, returns=returns)


def put(questions: Question | list[Question], person_key: bytes, **changes: object) -> Fact:
    several = questions if isinstance(questions, list) else [questions]
    settings = {"asker": ASKER, "purpose": "travel_pass", "within_seconds": 30.0, "now": NOW, **changes}
    return ask(several, person_key=person_key, **settings)["wanted"]


# name, rows, question, expected answer, expected reason, expected value
TABLE: list[tuple[str, str, Question, str, Because, Value | None]] = [
    ("a record is a yes", row("1"), question(), "yes", Because.RECORD, True),
    ("a value is known", row("1"), question("status"), "known", Because.RECORD, "active"),
    ("no record is a no where absence means no", "", question(), "no", Because.NO_RECORD, False),
    ("no record has no value", "", question("status"), "no", Because.NO_RECORD, None),
    ("an empty cell is unknown", row("1", ""), question("status"), "unknown", Because.EMPTY, None),
    ("an empty compared cell is no yes", row("1", ""), question(status="active"), "unknown", Because.EMPTY, None),
    ("another compared cell is a no", row("1", "stopped"), question(status="active"), "no", Because.NO_RECORD, False),
    ("a sure record outweighs a perhaps", row("1") + row("2", ""), question(status="active"), "yes", Because.RECORD, True),
    ("contradicting records are unknown", row("1") + row("2", "stopped"), question("status"), "unknown", Because.CONFLICTING, None),
    ("records that agree are one answer", row("1") + row("2"), question("status"), "known", Because.RECORD, "active"),
    ("a value beside an empty one is unknown", row("1") + row("2", ""), question("status"), "unknown", Because.CONFLICTING, None),
    ("the wanted employer decides", row("1") + row("2", "stopped", employer="x"), question("status", employer=EMPLOYER), "known", Because.RECORD, "active"),
    ("a record past its last day does not count", row("1", until="2026-09-30"), question(), "no", Because.NO_RECORD, False),
    ("the last day still counts", row("1", until="2026-10-01"), question(), "yes", Because.RECORD, True),
    ("nothing to ask with is unknown", row("1"), question(employer=None), "unknown", Because.NOTHING_TO_ASK_WITH, None),
    ("a blank wanted value is nothing to ask with", row("1"), question(employer="  "), "unknown", Because.NOTHING_TO_ASK_WITH, None),
    ("a date that is none is nothing to ask with", row("1"), question(until="soon"), "unknown", Because.NOTHING_TO_ASK_WITH, None),
    ("a hostile text is only a text", row("1"), question(employer="x' OR '1'='1"), "no", Because.NO_RECORD, False),
    ("a boolean answers yes or no", row("1", rest=",,false"), question("remote"), "no", Because.RECORD, False),
    ("a number stays a number", row("1", rest="40,12.50,"), question("hours"), "known", Because.RECORD, 40),
    ("a decimal stays exact", row("1", rest="40,12.50,"), question("wage"), "known", Because.RECORD, Decimal("12.50")),
    ("a date stays a date", row("1", until="2027-01-31"), question("until"), "known", Because.RECORD, date(2027, 1, 31)),
    ("a compared number is read from text", row("1", rest="40,,"), question(hours="40"), "yes", Because.RECORD, True),
]  # fmt: skip
IDS = [case[0] for case in TABLE]
FILLER = f"z,{OTHER},x,active,,,,\n"


@pytest.fixture
def by_http(db: None, tmp_path: Path) -> Behavior:
    path = tmp_path / "served.csv"
    path.touch()
    behavior = Behavior()
    record_person(number=PersonNumber.parse(NUMBER), name="Lê Thị Hoa", born_on=None, sex="female", now=NOW)
    return behavior


def serve(path: Path, rows: str, behavior: Behavior) -> tuple[str, object]:
    path.write_text(HEADER + rows, encoding="utf-8")
    server = make_server(path, as_of=AS_OF, behavior=behavior)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    return f"http://127.0.0.1:{server.server_port}/", server


@pytest.mark.parametrize("case", TABLE, ids=IDS)
def test_a_table_answers_in_three_values(load: Load, person: bytes, case: tuple[object, ...]) -> None:
    _, rows, wanted, answer, because, value = case
    load(f"{rows}{FILLER}")

    fact = put(wanted, person)

    assert (fact.answer, fact.because, fact.value) == (answer, because, value)
    assert (fact.register, fact.source_title, fact.as_of) == ("jobs", "Việc làm", AS_OF)
    assert Fact.from_json(fact.to_json()) == fact


@pytest.mark.parametrize("case", TABLE, ids=IDS)
def test_the_twin_answers_alike(
    load: Load, person: bytes, monkeypatch: pytest.MonkeyPatch, case: tuple[object, ...]
) -> None:
    _, rows, wanted, answer, because, value = case
    load(FILLER)
    names = HEADER.strip().split(",")
    twin = Twin([dict(zip(names, line.split(","), strict=True)) for line in str(rows).splitlines()])
    monkeypatch.setitem(sources.SOURCES, "table", twin)

    fact = put(wanted, person)

    assert (fact.answer, fact.because, fact.value) == (answer, because, value)


@pytest.mark.parametrize("case", TABLE, ids=IDS)
def test_another_agency_answers_alike(
    by_http: Behavior, tmp_path: Path, person: bytes, case: tuple[object, ...]
) -> None:
    _, rows, wanted, answer, because, value = case
    endpoint, server = serve(tmp_path / "served.csv", str(rows), by_http)
    declare(jobs(source="http", endpoint=endpoint), now=NOW)
    try:
        fact = put(wanted, person)
    finally:
        server.shutdown()
        server.server_close()

    assert (fact.answer, fact.because, fact.value) == (answer, because, value)


BROKEN = [
    ("silent", Behavior(silent=True)),
    ("slow", Behavior(delay_seconds=2)),
    ("garbage", Behavior(garbage=True)),
    ("error page", Behavior(status=503)),
    ("moved elsewhere", Behavior(status=302)),
]


@pytest.mark.parametrize("behavior", [b[1] for b in BROKEN], ids=[b[0] for b in BROKEN])
def test_a_source_that_does_not_answer_in_time_and_form_is_unknown(
    by_http: Behavior, tmp_path: Path, person: bytes, behavior: Behavior
) -> None:
    endpoint, server = serve(tmp_path / "served.csv", row("1"), behavior)
    declare(jobs(source="http", endpoint=endpoint), now=NOW)
    try:
        fact = put(question(), person, within_seconds=0.3)
    finally:
        server.shutdown()
        server.server_close()

    assert (fact.answer, fact.because) == ("unknown", Because.SILENT)
    assert RegisterAccess.objects.count() == 1


def test_a_source_that_was_too_slow_is_left_alone_for_a_while(
    by_http: Behavior, tmp_path: Path, person: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    by_http.delay_seconds = 2
    endpoint, server = serve(tmp_path / "served.csv", row("1"), by_http)
    declare(jobs(source="http", endpoint=endpoint), now=NOW)
    try:
        put(question(), person, within_seconds=0.2)
        by_http.delay_seconds = 0
        resting = put(question(), person, within_seconds=30)
        monkeypatch.setitem(http._resting_until, endpoint, 0.0)
        rested = put(question(), person, within_seconds=30)
    finally:
        server.shutdown()
        server.server_close()

    assert resting.because is Because.SILENT
    assert (rested.answer, rested.because) == ("yes", Because.RECORD)


@pytest.mark.django_db
def test_a_source_that_is_not_there_is_unknown(by_http: Behavior, person: bytes) -> None:
    declare(jobs(source="http", endpoint="http://127.0.0.1:9/"), now=NOW)

    fact = put(question(), person, within_seconds=0.5)

    assert (fact.answer, fact.because) == ("unknown", Because.SILENT)


def test_a_person_whose_number_is_not_held_cannot_be_asked_about_elsewhere(
    by_http: Behavior, tmp_path: Path
) -> None:
    endpoint, server = serve(tmp_path / "served.csv", row("1"), by_http)
    declare(jobs(source="http", endpoint=endpoint), now=NOW)
    try:
        fact = put(question(), PersonNumber.parse(OTHER).key())
    finally:
        server.shutdown()
        server.server_close()

    assert (fact.answer, fact.because) == ("unknown", Because.NOTHING_TO_ASK_WITH)


def test_a_locked_table_is_silent_and_the_transaction_lives_on(
    load: Load, person: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    load(row("1"))
    from motcua.registers.sources import table

    slow = table._statement

    def waiting(*args: object) -> tuple[object, list[object]]:
        statement, values = slow(*args)
        return statement + table.sql.SQL(" UNION ALL SELECT 0, NULL, NULL FROM pg_sleep(5)"), values

    monkeypatch.setattr(table, "_statement", waiting)
    fact = put(question(), person, within_seconds=0.2)

    assert (fact.answer, fact.because) == ("unknown", Because.SILENT)
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('statement_timeout')")
        assert cursor.fetchone()[0] != "200ms"


def test_a_time_limit_ends_with_the_question(load: Load, person: bytes) -> None:
    load(row("1"))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('statement_timeout')")
        before = cursor.fetchone()[0]

        put(question(), person)

        cursor.execute("SELECT current_setting('statement_timeout')")
        assert cursor.fetchone()[0] == before


def test_absence_is_unknown_where_the_register_is_not_complete(load: Load, person: bytes) -> None:
    declare(jobs(absence_means="unknown"), now=NOW)
    load(FILLER)

    fact = put(question(), person)

    assert (fact.answer, fact.because) == ("unknown", Because.ABSENT)


@pytest.mark.parametrize(("days", "answer"), [(30, "yes"), (31, "unknown")])
def test_data_too_old_are_unknown(load: Load, person: bytes, days: int, answer: str) -> None:
    load(row("1"))

    fact = put(question(), person, now=AS_OF + timedelta(days=days))

    assert fact.answer == answer
    assert (fact.because is Because.STALE) == (answer == "unknown")


def test_a_register_never_loaded_is_unknown(load: Load, person: bytes) -> None:
    fact = put(question(), person)

    assert (fact.answer, fact.because) == ("unknown", Because.NOT_LOADED)


def test_other_columns_empty_the_register_into_unknown(load: Load, person: bytes) -> None:
    load(row("1"))
    narrower = [column for column in jobs().model_dump(mode="json")["columns"] if column["name"] != "wage"]

    declared = declare(jobs(columns=narrower), now=NOW)

    assert declared.must_load
    assert put(question(), person).because is Because.NOT_LOADED


def test_the_same_declaration_again_keeps_the_records(load: Load, person: bytes) -> None:
    load(row("1"))

    declared = declare(jobs(), now=NOW)

    assert not declared.created
    assert not declared.must_load
    assert put(question(), person).answer == "yes"


def test_a_purpose_that_is_not_allowed_reads_and_logs_nothing(
    load: Load, person: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    twin = Twin([])
    load(row("1"))
    monkeypatch.setitem(sources.SOURCES, "table", twin)

    with pytest.raises(PurposeNotAllowed, match="only for travel_pass"):
        put(question(), person, purpose="curiosity")
    with pytest.raises(PurposeNotAllowed):
        put(question(), person, purpose="")

    assert twin.reads == 0
    assert not RegisterAccess.objects.exists()


@pytest.mark.parametrize(
    ("wanted", "refusal"),
    [
        (Question("wanted", "nothing", {"person": Asked.PERSON}), RegisterNotDeclared),
        (Question("wanted", "jobs", {"person": Asked.PERSON}, returns="shoe_size"), QuestionNotPossible),
        (Question("wanted", "jobs", {"shoe_size": 43}), QuestionNotPossible),
        (Question("wanted", "jobs", {"status": "active"}), QuestionNotPossible),
        (Question("wanted", "jobs", {}), QuestionNotPossible),
    ],
)
def test_an_impossible_question_is_refused(
    load: Load, person: bytes, wanted: Question, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        put(wanted, person)

    assert not RegisterAccess.objects.exists()


def test_every_question_about_a_person_is_one_row_of_the_log(load: Load, person: bytes) -> None:
    load(row("1"))
    several = [
        question(),
        Question("status", "jobs", {"person": Asked.PERSON}, returns="status"),
        Question("firm", "jobs", {"employer": EMPLOYER}, returns="status"),
    ]

    put(several, person, case_number="TP-1")

    accesses = accesses_of(person)
    assert [access.fact for access in accesses] == ["status", "wanted"]
    first = accesses[0]
    assert (first.asker_label, first.purpose, first.case_number) == ("Giấy đi đường", "travel_pass", "TP-1")
    assert (first.register_title_vi, first.agency_path) == ("Việc làm", "dn.so_ttt")
    assert set(first.columns) == {"person", "status", "until"}
    assert accesses_of(PersonNumber.parse(OTHER).key()) == []


def test_the_log_is_written_into_the_month_of_the_question(load: Load, person: bytes) -> None:
    load(row("1"))

    put(question(), person)

    with connection.cursor() as cursor:
        cursor.execute("SELECT tableoid::regclass::text FROM registers_access")
        [(partition,)] = cursor.fetchall()
    assert partition.startswith("registers_access_")


def test_many_questions_and_people_cost_no_more_queries(load: Load, person: bytes) -> None:
    load(row("1") + f"2,{OTHER},{EMPLOYER},stopped,,,,\n")
    other = PersonNumber.parse(OTHER).key()
    several = [
        question(),
        Question("status", "jobs", {"person": Asked.PERSON}, returns="status"),
        Question("worked_there", "jobs", {"person": Asked.PERSON, "employer": EMPLOYER}),
        Question("firm", "jobs", {"employer": EMPLOYER}),
    ]

    with CaptureQueriesContext(
        connection,
    ) as one:
        put(several[0], person)
    with CaptureQueriesContext(connection) as many:
        facts = ask_about_many(
            several,
            person_keys=[person, other],
            asker=ASKER,
            purpose="travel_pass",
            within_seconds=30,
            now=NOW,
        )

    assert len(many) == len(one)
    assert facts[person]["status"].value == "active"
    assert facts[other]["status"].value == "stopped"
    assert list(facts[person]) == ["wanted", "status", "worked_there", "firm"]
