"""Facts by set: for every row of a population what asking one by one gives, value and reason."""

import random
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import connection

from motcua.identity.numbers import PersonNumber
from motcua.registers.declaration import Declaration
from motcua.registers.facts import Value
from motcua.registers.questions import Asked, Question
from motcua.registers.services import PurposeNotAllowed, RegisterNotDeclared, ask, declare, load_csv
from motcua.registers.sets import Given, NotBySet, SetQuestion, facts_in_sql, literal, quoted

from .conftest import ASKER, NOW, column, title

PURPOSE = "travel_pass"
NUMBERS = [f"04809000{number:04d}" for number in range(12)]
DAYS = [date(2026, 9, day) for day in (1, 10, 20, 30)]
CODES = ["a", "b", "c", "Mỹ Khê"]
# What a person may have typed: with spaces, another composition, a control character, nothing that is a date.
TYPED = [
    *CODES,
    " a ",
    "b\u00a0",
    "My\u0303 Kh\u00ea",
    "a\u0007",
    "\t",
    "",
    "x" * 600,
    "2026-09-10",
    "10/09/2026",
    "2026-02-30",
    "7",
    "7.50",
    "có",
    "048090000003",
    "it's \\ here",
    None,
]
KINDS = {
    "code": "text",
    "day": "date",
    "count": "integer",
    "wage": "decimal",
    "open": "boolean",
    "who": "person",
}


def declaration(chance: random.Random, name: str) -> Declaration:
    dated = chance.random() < 0.6
    return Declaration.model_validate(
        {
            "name": name,
            "title": title(name),
            "owner": "bhxh",
            "absence_means": chance.choice(["no", "unknown"]),
            "purposes": [PURPOSE],
            "key": chance.choice([["record"], ["record"], ["person"], ["code"]]),
            "lookups": chance.choice([["code"], ["code", "count"], ["code", "day"]]),
            "in_force": {"since": "since", "until": "until"} if dated else {},
            **({"stale_after_days": 30} if chance.random() < 0.5 else {}),
            "columns": [
                column("record", "text", required=True, max_length=10),
                column("person", "person"),
                *(column(each, kind) for each, kind in KINDS.items()),
                column("since", "date"),
                column("until", "date"),
                column("result", chance.choice(["text", "boolean", "integer", "decimal", "date"])),
            ],
        }
    )


def cell_of(chance: random.Random, kind: str) -> str:
    if chance.random() < 0.2:
        return ""
    return {
        "text": lambda: chance.choice(CODES),
        "date": lambda: chance.choice(DAYS).isoformat(),
        "integer": lambda: str(chance.choice([7, 8])),
        "decimal": lambda: chance.choice(["7.5", "7.50", "8"]),
        "boolean": lambda: chance.choice(["true", "false"]),
        "person": lambda: chance.choice(NUMBERS),
    }[kind]()


def load(chance: random.Random, made: Declaration, path: Path) -> None:
    """Load rows in which a key stands once, and sometimes so many alike that they are no answer."""
    taken: set[str] = set()
    lines = [",".join(each.name for each in made.columns)]
    for number in range(chance.choice([1, 20, 60])):
        cells = {each.name: cell_of(chance, each.type) for each in made.columns} | {"record": f"r{number}"}
        key = cells[made.key[0]]
        if key and key not in taken:
            taken.add(key)
            lines.append(",".join(cells.values()))
    if made.key == ("record",) and chance.random() < 0.4:
        cells = {each.name: cell_of(chance, each.type) for each in made.columns}
        cells |= {"person": NUMBERS[1], "code": "a"}
        lines += [
            ",".join((cells | {"record": f"m{number}"}).values())
            for number in range(chance.choice([200, 201]))
        ]
    path.write_text("\n".join(lines) + "\n")
    as_of = NOW - timedelta(days=chance.choice([1, 1, 40]))
    load_csv(register=made.name, path=path, as_of=as_of, now=NOW)


MATCHES: dict[str, list[str]] = {
    "person": ["applicant"],
    "code": ["form.text"],
    "day": ["today", "form.text", "form.day"],
    "count": ["form.count", "form.text"],
    "wage": ["form.wage", "form.count", "form.text"],
    "open": ["form.open", "form.text"],
    "who": ["applicant", "form.text"],
}


def questions_of(chance: random.Random, registers: list[Declaration]) -> list[SetQuestion]:
    made: list[SetQuestion] = []
    for number in range(8):
        register = chance.choice(registers)
        first = chance.choice(sorted(register.exact & set(MATCHES)))
        others = chance.sample(sorted(MATCHES), chance.choice([0, 0, 1, 2]))
        returns = chance.choice([None, None, "result", "code", "open", "day", "count"])
        match = {name: chance.choice(MATCHES[name]) for name in dict.fromkeys([first, *others])}
        made.append(SetQuestion(f"fact {number}", register.name, match, returns))
    for number in range(3):
        register = chance.choice(registers)
        texts = [one.fact for one in made if one.returns == "code"]
        if texts and "code" in register.exact:
            match = {"code": chance.choice(texts)}
            made.append(
                SetQuestion(f"later {number}", register.name, match, chance.choice([None, "result", "code"]))
            )
    chance.shuffle(made)
    return made


def person_key(number: str) -> bytes:
    return PersonNumber.parse(number).key()


GIVEN = {
    "applicant": Given("key", "person"),
    "today": Given("today", "date"),
    "form.text": Given("form text", "text", typed=True),
    "form.day": Given("form day", "date"),
    "form.count": Given("form count", "integer"),
    "form.wage": Given("form wage", "decimal"),
    "form.open": Given("form open", "boolean"),
}


def population(chance: random.Random) -> list[dict[str, Value | None]]:
    """Fill a table of people with what each gave, and return the same rows."""
    rows: list[dict[str, Value | None]] = [
        {
            "key": person_key(chance.choice(NUMBERS)),
            "today": chance.choice(DAYS),
            "form text": chance.choice(TYPED),
            "form day": chance.choice([*DAYS, None]),
            "form count": chance.choice([7, 8, 9, None]),
            "form wage": chance.choice([None, Decimal("7.5"), Decimal("8.0")]),
            "form open": chance.choice([True, False, None]),
        }
        for _ in range(25)
    ]
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS people")
        cursor.execute(
            'CREATE TEMP TABLE people (line bigint, key bytea, today date, "form text" text, "form day" date,'
            ' "form count" bigint, "form wage" numeric, "form open" boolean)'
        )
        for line, row in enumerate(rows):
            cursor.execute(
                "INSERT INTO people VALUES (%s, %s, %s, %s, %s, %s, %s, %s)", [line, *row.values()]
            )
    return rows


def by_set(questions: list[SetQuestion]) -> list[dict[str, object]]:
    relation = facts_in_sql(
        questions, population="people", given=GIVEN, on="l.today", purpose=PURPOSE, now=NOW, reasons=True
    )
    names = [name for one in questions for name in (one.fact, f"{one.fact} because")]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(map(quoted, names))} FROM {relation.sql} AS t ORDER BY line")
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def one_by_one(questions: list[SetQuestion], row: dict[str, Value | None]) -> dict[str, object]:
    found: dict[str, object] = {}
    waiting = list(questions)
    while waiting:
        ready = [one for one in waiting if all(s in GIVEN or s in found for s in one.match.values())]
        for one in ready:
            match = {name: wanted(source, row, found) for name, source in one.match.items()}
            question = Question(one.fact, one.register, match, one.returns, row["today"])  # type: ignore[arg-type]
            key = row["key"]
            assert isinstance(key, bytes)
            fact = ask([question], person_key=key, asker=ASKER, purpose=PURPOSE, within_seconds=30, now=NOW)[
                one.fact
            ]
            found |= {one.fact: fact.value, f"{one.fact} because": fact.because.value}
        waiting = [one for one in waiting if one not in ready]
    return found


def wanted(source: str, row: dict[str, Value | None], found: dict[str, object]) -> Value | Asked | None:
    if source == "applicant":
        return Asked.PERSON
    return row[GIVEN[source].column] if source in GIVEN else found[source]  # type: ignore[return-value]


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(24))
def test_a_set_says_what_asking_one_by_one_says(seed: int, tmp_path: Path) -> None:
    chance = random.Random(seed)
    registers = [declaration(chance, name) for name in ("jobs", "homes")]
    for made in registers:
        declare(made, now=NOW)
        if chance.random() < 0.9:
            load(chance, made, tmp_path / f"{made.name}.csv")
    questions = questions_of(chance, registers)
    rows = population(chance)

    found = by_set(questions)

    for row, seen in zip(rows, found, strict=True):
        assert seen == one_by_one(questions, row), row


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("question", "refusal"),
    [
        (SetQuestion("x", "jobs", {"person": "today"}), NotBySet),
        (SetQuestion("x", "jobs", {"count": "form.wage", "person": "applicant"}), NotBySet),
        (SetQuestion("x", "gone", {"person": "applicant"}), RegisterNotDeclared),
        (SetQuestion("x", "jobs", {"person": "nobody"}), ValueError),
    ],
)
def test_what_cannot_be_compared_alike_is_refused(question: SetQuestion, refusal: type[Exception]) -> None:
    chance = random.Random(1)
    declare(declaration(chance, "jobs"), now=NOW)
    population(chance)

    with pytest.raises(refusal):
        by_set([question])


@pytest.mark.django_db
def test_a_purpose_that_is_not_allowed_is_refused() -> None:
    declare(declaration(random.Random(1), "jobs"), now=NOW)

    with pytest.raises(PurposeNotAllowed):
        facts_in_sql(
            [SetQuestion("x", "jobs", {"person": "applicant"})],
            population="people",
            given=GIVEN,
            on="l.today",
            purpose="advertising",
            now=NOW,
        )


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["", "it's", "back\\slash", "\\'", "\n", "Mỹ Khê", "%s {}"])
def test_a_text_is_itself_as_a_constant(text: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {literal(text)}")

        assert cursor.fetchone() == (text,)
