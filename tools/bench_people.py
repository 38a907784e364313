"""Random people for the travel pass rule, the same for the same seed: as values, and in four registers in DuckDB."""

import random
from collections.abc import Iterator
from datetime import date, timedelta

TODAY = date(2021, 9, 4)
SECTORS = (
    "food_supply utilities banking press logistics fuel telecom transport agriculture health public_duty "
    "retail tourism construction"
).split()
# Most values lead onward to the later rules; null is a register that knows nothing.
VALUES: dict[str, tuple[object, ...]] = {
    "capacity": ("employee",) * 6 + ("owner", "courier", None),
    "in population register": (True,) * 18 + (False, None),
    "residence status": ("resident",) * 14 + ("temporary", "temporary", "moved_away", None),
    "home zone": ("green",) * 6 + ("yellow", "yellow", "red", None),
    "work zone": ("green",) * 6 + ("yellow", "yellow", "red", None),
    "employer registered": (True,) * 18 + (False, None),
    "employer status": ("active",) * 16 + ("suspended", "closed", None),
    "employer sector": (*SECTORS, None),
    "insured at employer": (True,) * 12 + (False, None),
    "insurance status": ("active",) * 12 + ("paused", "stopped", None),
    "owner of business": (True, True, False, None),
    # The law is the same for everyone: that of Directive 05.
    "opening": ("essential",),
}
WARDS = 281
DAYS_AHEAD = (-1, *(0, 1, 2, 3) * 5, 4, None)


def people(count: int, seed: int) -> Iterator[dict[str, object]]:
    """Yield people under the names of the model; boundary days and unknown facts are frequent."""
    chance = random.Random(seed)
    for _ in range(count):
        one = {name: chance.choice(values) for name, values in VALUES.items()}
        ahead = chance.choice(DAYS_AHEAD)
        one["today"] = TODAY
        one["needed from"] = None if ahead is None else TODAY + timedelta(days=ahead)
        yield one


def plainly(person: dict[str, object]) -> dict[str, object]:
    """Return a person as the other engines take one: names without spaces, days ahead for the two dates."""
    made = {name.replace(" ", "_"): value for name, value in person.items() if name in VALUES}
    needed = person["needed from"]
    made["days_ahead"] = (needed - TODAY).days if isinstance(needed, date) else None
    return made


def _drawn(name: str, salt: int) -> str:
    values = VALUES[name]
    texts = ", ".join("NULL" if value is None else repr(value) for value in values)
    return f'[{texts}][1 + (hash(id, {salt}) % {len(values)})::INT] AS "{name}"'


def registers(rows: int) -> list[str]:
    """Return the statements that fill requests and the four registers that know about them."""
    ahead = ", ".join("NULL" if day is None else str(day) for day in DAYS_AHEAD)
    firms, persons = max(rows // 20, 1), rows
    return [
        f"""CREATE OR REPLACE TABLE requests AS SELECT id, (hash(id, 1) % {persons})::BIGINT AS person,
            (hash(id, 2) % {firms})::BIGINT AS firm, {_drawn("capacity", 3)}, DATE '{TODAY}' AS today,
            DATE '{TODAY}' + [{ahead}][1 + (hash(id, 4) % {len(DAYS_AHEAD)})::INT] AS "needed from",
            {_drawn("work zone", 5)}, {_drawn("opening", 19)} FROM range({rows}) t(id)""",
        f"""CREATE OR REPLACE TABLE population AS SELECT id AS person, {_drawn("in population register", 6)},
            {_drawn("residence status", 7)}, (hash(id, 8) % {WARDS})::SMALLINT AS ward FROM range({persons}) t(id)
            WHERE hash(id, 9) % 50 > 0""",
        f"""CREATE OR REPLACE TABLE zones AS SELECT id::SMALLINT AS ward, {_drawn("home zone", 18)}
            FROM range({WARDS}) t(id)""",
        f"""CREATE OR REPLACE TABLE businesses AS SELECT id AS firm, {_drawn("employer registered", 10)},
            {_drawn("employer status", 11)}, {_drawn("employer sector", 12)}, {_drawn("owner of business", 13)}
            FROM range({firms}) t(id) WHERE hash(id, 14) % 50 > 0""",
        f"""CREATE OR REPLACE TABLE insurance AS SELECT id AS person, {_drawn("insured at employer", 15)},
            {_drawn("insurance status", 16)} FROM range({persons}) t(id) WHERE hash(id, 17) % 10 > 0""",
    ]


JOINED = """(SELECT r.id, r.today, r."needed from", r.capacity, r."work zone", r.opening, p."in population register",
    p."residence status", z."home zone", b."employer registered", b."employer status", b."employer sector",
    b."owner of business", i."insured at employer", i."insurance status"
    FROM requests r LEFT JOIN population p USING (person) LEFT JOIN zones z USING (ward)
    LEFT JOIN businesses b USING (firm) LEFT JOIN insurance i USING (person)) facts"""
