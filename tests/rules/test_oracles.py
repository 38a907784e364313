"""The language beside independent judges: Python's decimal, datetime and re, and brute force."""

import datetime
import itertools
import re
from decimal import ROUND_HALF_EVEN, Context, Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from motcua.rules import evaluate_feel, load

from .models import one_table, table

# How long one example takes is no property of the language.
AT_EASE = settings(deadline=None, max_examples=60)
DECIMAL128 = Context(prec=34, rounding=ROUND_HALF_EVEN, Emin=-6143, Emax=6144, traps=[])
NUMBERS = st.decimals(allow_nan=False, allow_infinity=False, places=6, min_value=-(10**20), max_value=10**20) | st.builds(
    lambda digits, exponent: Decimal(digits).scaleb(exponent), st.integers(-(10**34) + 1, 10**34 - 1), st.integers(-60, 60)
)  # fmt: skip
DAYS = st.dates(datetime.date(1, 1, 2), datetime.date(9999, 12, 30))
ENDS = st.integers(0, 6)
PATTERNS = st.recursive(
    st.sampled_from(["a", "b", "c", ".", "[ab]", "[^a]", "\\d", "(a|b)", "(?:ab)"]),
    lambda inner: st.builds(
        lambda one, mark, other: f"(?:{one}){mark}{other}",
        inner,
        st.sampled_from(["*", "+", "?", "{2}", "{1,2}", "*?", ""]),
        inner,
    ),
    max_leaves=5,
)


def as_python(value: Decimal) -> Decimal | None:
    return value if value.is_finite() else None


@AT_EASE
@given(NUMBERS, NUMBERS)
def test_arithmetic_is_that_of_decimal128(one, other):
    scope = {"a": one, "b": other}
    left, right = DECIMAL128.plus(one), DECIMAL128.plus(other)

    seen = evaluate_feel("[a + b, a - b, a * b, if b = 0 then null else a / b, a < b, a = b]", scope)

    assert seen == [
        as_python(DECIMAL128.add(left, right)),
        as_python(DECIMAL128.subtract(left, right)),
        as_python(DECIMAL128.multiply(left, right)),
        as_python(DECIMAL128.divide(left, right)) if right else None,
        left < right,
        left == right,
    ]


@AT_EASE
@given(st.integers(-(10**9), 10**9), st.integers(-1000, 1000).filter(bool))
def test_modulo_is_floored(one, other):
    assert evaluate_feel("modulo(a, b)", {"a": one, "b": other}) == one % other


@AT_EASE
@given(
    st.decimals(allow_nan=False, allow_infinity=False, places=5, min_value=-1000, max_value=1000),
    st.integers(0, 4),
)
def test_rounding_goes_where_its_name_says(number, scale):
    step = Decimal(1).scaleb(-scale)
    names = {"decimal": "ROUND_HALF_EVEN", "round up": "ROUND_UP", "round down": "ROUND_DOWN",
             "round half up": "ROUND_HALF_UP", "round half down": "ROUND_HALF_DOWN", "floor": "ROUND_FLOOR",
             "ceiling": "ROUND_CEILING"}  # fmt: skip

    seen = {name: evaluate_feel(f"{name}(a, b)", {"a": number, "b": scale}) for name in names}

    assert seen == {name: number.quantize(step, rounding=rounding) for name, rounding in names.items()}


@AT_EASE
@given(DAYS, DAYS, st.integers(-3000, 3000))
def test_days_are_counted_as_the_calendar_of_python_counts(one, other, days):
    scope = {"a": one, "b": other, "n": days}
    moved = one.toordinal() + days

    seen = evaluate_feel(
        '[(a - b) / @"P1D", a.weekday, day of year(a), week of year(a), a < b, a + n * @"P1D"]', scope
    )

    assert seen[:5] == [
        (one - other).days, one.isoweekday(), one.timetuple().tm_yday, one.isocalendar().week, one < other,
    ]  # fmt: skip
    if 1 <= moved <= datetime.date.max.toordinal():
        assert seen[5] == datetime.date.fromordinal(moved)


@AT_EASE
@given(
    st.datetimes(datetime.datetime(2, 1, 1), datetime.datetime(9998, 1, 1)),
    st.integers(-(10**9), 10**9),
    st.integers(-14, 14),
)
def test_moments_move_as_in_python(moment, seconds, hours):
    zoned = moment.replace(tzinfo=datetime.timezone(datetime.timedelta(hours=hours)))
    scope = {"a": zoned, "u": zoned.astimezone(datetime.UTC), "d": datetime.timedelta(seconds=seconds)}

    seen = evaluate_feel("[a = u, (a + d) - a = d, (a - d) - a = -d]", scope)

    assert seen == [True, True, True]


@AT_EASE
@given(PATTERNS, st.text("abc1", max_size=8))
def test_patterns_match_as_in_python_where_both_speak_one_language(pattern, text):
    scope = {"t": text, "p": pattern}

    seen = evaluate_feel("matches(t, p)", scope)

    assert seen == (re.search(pattern, text, re.ASCII) is not None)
    if re.search(pattern, "") is None:
        assert evaluate_feel('replace(t, p, "<$0>")', scope) == re.sub(pattern, r"<\g<0>>", text)


def inside(point: Decimal, ends: tuple[int, int, bool, bool]) -> bool:
    low, high, with_low, with_high = ends
    return (low < point or (with_low and low == point)) and (point < high or (with_high and point == high))


def written(ends: tuple[int, int, bool, bool]) -> str:
    low, high, with_low, with_high = ends
    return f"{'[' if with_low else '('}{low}..{high}{']' if with_high else ')'}"


RANGES = st.tuples(ENDS, ENDS, st.booleans(), st.booleans()).filter(lambda ends: ends[0] < ends[1])
# Every end and one point between each two tell all ranges over whole ends apart.
POINTS = [Decimal(at) / 2 for at in range(-1, 14)]


@AT_EASE
@given(RANGES, RANGES)
def test_relations_of_ranges_hold_point_by_point(one, other):
    ours, theirs = ([point for point in POINTS if inside(point, ends)] for ends in (one, other))
    names = ["before", "after", "overlaps", "includes", "during", "coincides"]

    seen = [evaluate_feel(f"{name}({written(one)}, {written(other)})") for name in names]

    assert seen == [
        max(ours) < min(theirs), min(ours) > max(theirs), bool(set(ours) & set(theirs)),
        set(theirs) <= set(ours), set(ours) <= set(theirs), set(ours) == set(theirs),
    ]  # fmt: skip


@AT_EASE
@given(RANGES)
def test_a_range_holds_the_points_between_its_ends(ends):
    seen = [evaluate_feel(f"{point} in {written(ends)}") for point in POINTS]

    assert seen == [inside(point, ends) for point in POINTS]


CELLS = st.one_of(
    st.just("-"),
    st.builds(lambda sign, end: f"{sign} {end}", st.sampled_from(["<", "<=", ">", ">="]), ENDS),
    st.builds(str, ENDS),
    RANGES.map(written),
    st.builds(lambda end: f"not({end})", ENDS),
)
ROWS = st.lists(st.tuples(CELLS, st.sampled_from(["-", "true", "false"])), min_size=1, max_size=5)


@AT_EASE
@given(ROWS)
def test_overlaps_and_gaps_are_those_that_trying_all_cases_finds(rows):
    model = load(
        one_table({"x": "number", "y": "boolean"}, table(["x", "y"], [([*cells], ["1"]) for cells in rows]))
    )
    one_each = [
        load(one_table({"x": "number", "y": "boolean"}, table(["x", "y"], [([*cells], ["true"])])))
        for cells in rows
    ]
    hits = [
        [at for at, one in enumerate(one_each, 1) if one({"x": x, "y": y}).value is True]
        for x, y in itertools.product(POINTS, (True, False))
    ]
    pairs = {pair for hit in hits for pair in itertools.combinations(hit, 2)}

    found = model.check()

    told = {one.rules for one in found if one.kind == "overlap"}
    assert pairs <= told
    assert any(one.kind == "gap" for one in found) is any(not hit for hit in hits)
    for one in found:
        if one.kind in ("overlap", "gap"):
            x, y = (evaluate_feel(one.example[name]) for name in ("x", "y"))
            hit = {at for at, each in enumerate(one_each, 1) if each({"x": x, "y": y}).value is True}
            assert hit >= set(one.rules) if one.rules else not hit
