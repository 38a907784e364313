"""Random models of the set-based subset over random rows, for any database: the same answers as per case."""

import os
import random
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st

from motcua.rules import load
from motcua.rules.sql import NotInSubset
from motcua.rules.values import from_plain

from .models import decision, definitions, input_data, item, literal, one_expression, one_table, table

COLUMNS = {
    "n": "number", "k": "number", "w": "number", "i": "number", "s": "string", "u": "string",
    "b": "boolean", "c": "boolean", "d": "date", "e": "date", "m": "date and time",
}  # fmt: skip
# Width and scale; no arithmetic is done with the widest, whose decimals are compared only.
WIDTHS = {"n": (14, 3), "k": (14, 3), "w": (34, 12), "i": (10, 0)}
NUMBERS = [
    "0",
    "1",
    "-1",
    "0.001",
    "-0.001",
    "5",
    "5.5",
    "18",
    "99999999999.999",
    "-99999999999.999",
    "2.5",
    "-2.5",
]
WIDE = [
    "0",
    "0.000000000001",
    "-0.000000000001",
    "9999999999999999999999.999999999999",
    "1234567890123456789012",
    "5",
]
WHOLE = ["0", "1", "-1", "7", "2147483647", "-2147483648"]
TEXTS = ["", "red", "xanh", "Đà Nẵng", "a'b", "Red", "e\u0301", "é", "red ", "a\\b", "%", "Ổ đĩa"]
DATES = [
    "2020-02-29",
    "2021-02-28",
    "2000-01-01",
    "1999-12-31",
    "2024-02-29",
    "2021-03-01",
    "2023-01-31",
    "1900-02-28",
]
MOMENTS = ["2021-01-01T10:00:00", "2021-01-01T10:00:01", "2020-02-29T23:59:59", "1999-12-31T00:00:00"]


DECLARED = item("tSmall", "number", "< 18") + item("tColor", "string", '"red", "xanh", "a"')
declared_types = st.tuples(
    st.sampled_from(["number", "tSmall", "string"]),
    st.sampled_from(["string", "tColor", "Any"]),
    st.sampled_from(["boolean", "boolean", "date"]),
)


def quoted(text: str) -> str:
    """Return a FEEL text literal."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


small = st.sampled_from(["n", "k", "i", *NUMBERS[:8]])
# Amounts as people write them, of which a sum or a product leaves every integer of a database.
amounts = st.sampled_from(["2000000000", "-2147483648", "9000000000000000000", "1500000000.5"])
numbers = st.deferred(
    lambda: st.one_of(
        st.sampled_from(
            ["n", "k", "i", "string length(s)", "(d - e).days", "d.year", "e.month", "d.day", "d.weekday"]
        ),
        st.sampled_from(NUMBERS),
        st.builds("({} {} {})".format, small, st.sampled_from("+-"), small),
        st.builds("({} * {})".format, st.sampled_from("nki"), st.sampled_from([*NUMBERS[:8], "n", "k", "i"])),
        st.builds(
            "({} / {})".format, st.sampled_from("nki"), st.sampled_from(["2", "8", "-0.5", "100", "1.25"])
        ),
        st.builds("abs({})".format, small),
        st.builds("({} {} {})".format, amounts, st.sampled_from("+-*"), amounts),
        st.builds(
            "((if {} then {} else 1) {} {})".format, conditions, amounts, st.sampled_from("+-*"), amounts
        ),
        st.builds("{}({})".format, st.sampled_from(["floor", "ceiling"]), small),
        st.builds(
            "{}({}, {})".format,
            st.sampled_from(
                ["decimal", "floor", "ceiling", "round up", "round down", "round half up", "round half down"]
            ),
            st.one_of(
                small,
                st.builds(
                    "({} * {})".format, st.sampled_from("nk"), st.sampled_from(["0.5", "0.25", "-1.5"])
                ),
            ),
            st.sampled_from(["0", "1", "2", "3", "5"]),
        ),
        st.builds(
            "modulo({}, {})".format, st.sampled_from("nki"), st.sampled_from(["n", "k", "i", *NUMBERS[:7]])
        ),
        st.builds("(-{})".format, small),
        st.builds("(if {} then {} else {})".format, conditions, small, small),
        st.builds("((d - e).days * {})".format, st.sampled_from(["n", "20000", "100000000"])),
        st.just("years and months duration(d, e).months"),
        st.just("years and months duration(d, e).years"),
    )
)
strings = st.deferred(
    lambda: st.one_of(
        st.sampled_from(["s", "u"]),
        st.sampled_from(TEXTS).map(quoted),
        st.builds("({} + {})".format, st.sampled_from("su"), st.sampled_from(TEXTS).map(quoted)),
        st.builds("(if {} then s else {})".format, conditions, st.sampled_from(TEXTS).map(quoted)),
    )
)
days = st.one_of(
    st.sampled_from(["d", "e"]),
    st.sampled_from(DATES).map('@"{}"'.format),
    st.builds(
        '({} {} @"{}")'.format,
        st.sampled_from("de"),
        st.sampled_from("+-"),
        st.sampled_from(["P1D", "P400D", "-P3D", "P1M", "P1Y", "P13M", "-P1M", "-P12M"]),
    ),
)
orders = st.sampled_from(["<", "<=", ">", ">=", "=", "!="])
moments = st.one_of(st.just("m"), st.sampled_from(MOMENTS).map('@"{}"'.format))
conditions = st.deferred(
    lambda: st.one_of(
        st.sampled_from(["b", "c", "true", "false", "null = s", "n != null", "m = null"]),
        st.builds("({} {} {})".format, numbers, orders, numbers),
        st.builds("(w {} {})".format, orders, st.sampled_from(["n", "i", *WIDE])),
        st.builds("({} {} {})".format, strings, orders, strings),
        st.builds("({} {} {})".format, days, orders, days),
        st.builds("({} {} {})".format, moments, orders, moments),
        st.builds("({} {} {})".format, st.sampled_from("bc"), st.sampled_from(["=", "!="]), conditions),
        st.builds("({} and {})".format, conditions, conditions),
        st.builds("({} or {})".format, conditions, conditions),
        st.builds("({} or {} and {})".format, conditions, conditions, conditions),
        st.builds("not({})".format, conditions),
        st.builds("(if {} then {} else {})".format, conditions, conditions, st.sampled_from(["b", "c", "null"])),
        st.builds("({} between {} and {})".format, numbers, small, small),
        st.builds("({} between {} and {})".format, days, days, days),
        st.builds("({} in ({}, {}))".format, small, small, st.sampled_from(["< 5", "[1..5)", "(k..18]", "!= 5"])),
        st.builds("({} in {})".format, days, st.sampled_from(['[@"2000-01-01"..@"2021-02-28"]', "(d..e]", '> @"2021-03-01"'])),
        st.builds("(s in [{}, {}])".format, strings, strings),
        st.builds("(n in [{}, {}, null])".format, small, small),
        st.builds("contains({}, {})".format, strings, strings),
        st.builds("starts with({}, {})".format, strings, strings),
        st.builds("ends with({}, {})".format, strings, strings),
        st.builds("({} / {} {} {})".format, small, small, st.sampled_from(["<", "<=", ">", ">="]), st.sampled_from(NUMBERS[:8])),
        st.builds("({} {} n / k)".format, st.sampled_from(NUMBERS[:8]), st.sampled_from(["<", "<=", ">", ">="])),
        st.builds("is({}, {})".format, strings, strings),
        st.builds('((d - e) {} @"P30D")'.format, orders),
        st.builds('((d - e) + @"P1D" {} -(e - d))'.format, orders),
        st.builds('(years and months duration(d, e) {} @"P13M")'.format, orders),
    )
)  # fmt: skip
expressions = st.one_of(numbers, strings, days, conditions)

# Where the integers of a database and its short decimals end, decisions go on; with a row of the largest values.
BEYOND_INTEGERS = [
    "i * i",
    "n + k * i",
    "n * k",
    "decimal(n * 0.25, 5)",
    "round half up(n * 1000, 2)",
    "floor(n * 10000000)",
    "ceiling(i * 100000000) + 1",
    "modulo(n * 1000, i * 100000000)",
    "n * 8 / 0.125",
    "2000000000 + 2000000000",
    "1000000 * 1000000",
    "abs(-2000000000) * 3",
    "(if b then 9000000000000000000 else 1) * 10",
    "(if b then 20 else 1) + (if c then 2147483647 else string length(s))",
]
LARGEST = (
    Decimal("99999999999.999"),
    Decimal("-99999999999.999"),
    None,
    -(2**31),
    "a",
    "b",
    True,
    True,
    None,
    None,
    None,
)
AMOUNTS = {'"a"': "2000000000", '"b"': "9000000000000000000", '"c"': "-1500000000.5", "null": "2147483647"}

cells = {
    "n": st.sampled_from(["-", "< 5", ">= 5.5", "[1..18)", "(1..18]", "5, 18", "not(5, 18)", "null", "not(null)", "!= 5", "> k", "? * 2 > 5", "< 0, > 18", "not(< 5)", "null, [1..5]"]),
    "w": st.sampled_from(["-", "-", "-", "< 0.000000000001", ">= 9999999999999999999999.999999999999", "null"]),
    "s": st.sampled_from(["-", '"red"', '"red", "xanh"', 'not("red")', '"Đà Nẵng"', "null", "u", 'contains(?, "e")', '< "b"', '["red", "Red"]', 'not("red", null)', '"", null', '"é"']),
    "b": st.sampled_from(["-", "true", "false", "not(true)", "null", "true, false", "false, null", "c"]),
    "d": st.sampled_from(["-", '< @"2021-01-01"', '[@"2000-01-01"..@"2021-02-28"]', "e", "null", "> e", '@"2020-02-29"', 'not(@"2020-02-29")', 'null, > @"2021-02-28"']),
}  # fmt: skip
answers = st.sampled_from(['"a"', '"b"', '"c"', "null"])
rules = st.lists(st.tuples(st.tuples(*cells.values()), answers), min_size=1, max_size=9)
# Constants only: what U, A and P can be checked for, and what makes codes, trees and lookups.
plain_cells = {
    "n": st.sampled_from(["-", "-", "< 5", ">= 5.5", "[1..18)", "5, 18", "not(5, 18)", "null", "not(null)"]),
    "s": st.sampled_from(["-", "-", '"red"', '"red", "xanh"', 'not("red")', '"Đà Nẵng"', "null", 'not(null)']),
    "b": st.sampled_from(["-", "true", "false", "null", "not(true)"]),
}  # fmt: skip
plain_rules = st.lists(st.tuples(st.tuples(*plain_cells.values()), answers), min_size=1, max_size=9)
MANY_TEXTS = [text for text in TEXTS if "\\" not in text] + [f"phường {at}" for at in range(40)]


def many_rules(seed: int, *, open_share: float, most_cuts: int) -> list[tuple[list[str], str]]:
    """Return a table of more rules than a tree takes: by a text, two numbers and a truth; some ask for any text."""
    dice = random.Random(seed)
    cuts = [*NUMBERS[:8], *(f"{at / 8}" for at in range(180))][:most_cuts]

    def by_number() -> str:
        low, high = sorted(dice.sample(cuts, 2), key=Decimal)
        return dice.choice(
            [f"< {high}", f"[{low}..{high})", f">= {low}", "-", "null", f"not({low})", f"< {low}, > {high}"]
        )

    def by_text() -> str:
        some = ", ".join(quoted(text) for text in dice.sample(MANY_TEXTS, dice.choice([1, 1, 3])))
        return some if dice.random() >= open_share else dice.choice(["-", f"not({some})", "null"])

    made = [
        (
            [by_text(), by_number(), by_number(), dice.choice(["-", "-", "true", "null"])],
            dice.choice(['"a"', '"b"', '"c"']),
        )
        for _ in range(90)
    ]
    return [*made, (["-"] * 4, '"c"')] if dice.random() < 0.5 else made


large_tables = st.builds(
    many_rules,
    st.integers(0, 2**31),
    open_share=st.sampled_from([0, 0.1, 0.6]),
    most_cuts=st.sampled_from([8, 14, 180]),
)
rows = st.lists(
    st.tuples(
        *[st.one_of(st.none(), st.sampled_from(NUMBERS).map(Decimal))] * 2,
        st.one_of(st.none(), st.sampled_from(WIDE).map(Decimal)),
        st.one_of(st.none(), st.sampled_from(WHOLE).map(int)),
        *[st.one_of(st.none(), st.sampled_from(TEXTS))] * 2,
        *[st.one_of(st.none(), st.booleans())] * 2,
        *[st.one_of(st.none(), st.sampled_from(DATES).map(date.fromisoformat))] * 2,
        st.one_of(st.none(), st.sampled_from(MOMENTS).map(datetime.fromisoformat)),
    ),
    min_size=5,
    max_size=25,
)


def quick(examples: int) -> settings:
    """Return settings of a differential test: the same examples on every run, unless more are asked for."""
    return settings(
        max_examples=int(os.environ.get("MOTCUA_EXAMPLES", examples)),
        # To shrink a failure takes minutes on a small machine; what is drawn is small already.
        phases=[Phase.generate],
        deadline=None,
        suppress_health_check=list(HealthCheck),
        derandomize="MOTCUA_EXAMPLES" not in os.environ,
        database=None,
    )


def table_model(made, policy: str, columns, declared=(), **more) -> str:
    """Return a model of one table over some of the columns; `declared` types of columns may be other than theirs."""
    body = table(list(columns), [(list(row), [answer]) for row, answer in made], policy=policy, **more)
    for kind in declared:
        body = body.replace("<inputExpression>", f'<inputExpression typeRef="{kind}">', 1)
    return one_table(COLUMNS, body, items=DECLARED)


def graph_model(first, second, last) -> str:
    """Return a model in which a table asks what two others decided."""
    inputs = "".join(input_data(name, kind) for name, kind in COLUMNS.items())

    def one(made, columns) -> str:
        return table(columns, [(list(row), [answer]) for row, answer in made], policy="FIRST")

    asked = ["one", "other", "b"]
    body = inputs + decision("one", one(first, list(plain_cells)), *COLUMNS, kind="string")
    body += decision("other", one(second, list(plain_cells)), *COLUMNS, kind="string")
    body += decision("answer", one(last, asked), "d:one", "d:other", *COLUMNS, kind="string")
    return definitions(body)


decided = st.sampled_from(
    ["-", "-", '"a"', '"b"', '"a", "c"', 'not("a")', "null", "not(null)", '"never"', "s"]
)
last_rules = st.lists(
    st.tuples(st.tuples(decided, decided, plain_cells["b"]), answers), min_size=1, max_size=9
)


def plain_value(value: object) -> object:
    """Return what a driver gives as the engine has it: whole numbers as decimals."""
    return Decimal(value) if isinstance(value, int) and not isinstance(value, bool) else value


def assert_same(source: str, values, database) -> bool:
    """Decide every row both ways; False when the model is outside the subset."""
    model = load(source)
    try:
        plan = model.over("facts", decision="answer", dialect=database.dialect, keys=("id",), numbers=WIDTHS)
    except NotInSubset:
        return False
    database.fill(values)
    by_set = {row[0]: row[1:] for row in plan.run(database.connection)}
    assert len(by_set) == len(values)
    for number, row in enumerate(values):
        case = model(dict(zip(COLUMNS, row, strict=True)), decision="answer")
        seen = from_plain(plain_value(by_set[number][0]))
        assert seen == case.feel_value, (source, row, plan.sql, case.value)
        if plan.rule_column is not None and 'hitPolicy="P' not in source:
            hits = next(one for one in case.why.tables if one.decision == "answer").hits
            alone = hits and (len(hits) == 1 or 'hitPolicy="UNIQUE"' not in source)
            assert by_set[number][-1] == (hits[0].number if alone else None), (source, row, plan.sql)
    return True


def one_answer(text: str) -> str:
    """Return a model of one expression over the columns."""
    return one_expression(text, **COLUMNS)


def literal_model(text: str) -> str:
    """Return a model whose answer is computed from another computed decision."""
    inputs = "".join(input_data(name, kind) for name, kind in COLUMNS.items())
    return definitions(
        inputs
        + decision("part", literal(text), *COLUMNS, kind="number")
        + decision("answer", literal("part * 2 - n"), "d:part", *COLUMNS, kind="number")
    )


def many_wards(columns: int, wide: int = 75):
    """Return a model of more texts than are compared one by one; `columns` more make a lookup too large."""
    wards = [f"phường {at}" for at in range(80)]
    rules = [
        ([f'"{ward}"', f"[{at}..{at + 9})", *["-"] * columns], [f'"{at}"']) for at, ward in enumerate(wards)
    ]
    rules += [([f'"{wards[3]}", "{wards[5]}"', "null", *["-"] * columns], ['"none known"'])]
    rules += [(["-", "-", *["-"] * columns], ['"rest"'])]
    kinds = {"ward": "string", "n": "number", **{f"s{at}": "string" for at in range(columns)}}
    for at in range(columns):
        for number in range(wide):
            rules[number][0][2 + at] = f'"{at} {number % 40}"'
    return load(one_table(kinds, table(list(kinds), rules, policy="FIRST")))


PASS = Path(__file__).parents[2] / "packs" / "travel_pass" / "decisions" / "travel_pass.dmn"
GRANTED = {
    "capacity": "employee", "in population register": True, "residence status": "resident", "home zone": "green",
    "work zone": "yellow", "employer registered": True, "employer status": "active", "employer sector": "utilities",
    "insured at employer": True, "insurance status": "active", "owner of business": None,
    "today": date(2021, 9, 4), "needed from": date(2021, 9, 5), "opening": "essential",
}  # fmt: skip
PASS_TYPES = {bool: "boolean", str: "string", date: "date"}


def pass_kind(name: str) -> str:
    """Return the type of an input of the travel pass."""
    return PASS_TYPES.get(type(GRANTED[name]), "boolean")


def null_probes() -> list[dict[str, object]]:
    """Return people for the travel pass: one that it is granted to, and that one with each input made null."""
    owner = {**GRANTED, "capacity": "owner", "owner of business": True}
    made = [GRANTED, owner]
    made += [{**GRANTED, name: None} for name in GRANTED]
    made += [{**owner, name: None} for name in owner]
    return [*made, dict.fromkeys(GRANTED)]


def assert_probes_agree(database, connection) -> None:
    """Decide the probes, which stand in the relation `probes`, both ways; a null must not grant."""
    model = load(PASS)
    plan = model.over("probes", decision="verdict", dialect=database, keys=("id",))
    found = {row[0]: row[1:] for row in plan.run(connection)}
    for number, facts in enumerate(null_probes()):
        answer = model(facts, decision="verdict")
        expected = (answer.value["answer"], answer.value["reason"], answer.why.rule.number)
        assert found[number] == expected, facts
    insurance = [at for at, facts in enumerate(null_probes()) if facts["insurance status"] is None and at > 1]
    assert {found[at][0] for at in insurance if null_probes()[at]["capacity"] == "employee"} == {"refer"}
