"""Numbers that are given out first come, first served: never more than there are, none twice, none left out.

A pack names the pool in ``pack.yaml`` under ``allotment``. The count of a pool is one row, changed in the
transaction that files the cases: what is rolled back was never given, so that no gap can arise.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.db import connection

from motcua.cases.models import AllottedNumber, Case
from motcua.cases.numbers import LOCAL
from motcua.procedures.content import AllotmentRule, Bilingual, Content, FormField

# One statement takes for all pools, in the order of their keys, so that two takers never wait for each other in a
# circle. A pool known to be empty is passed by without its lock: what was given is never given back.
_TAKE = """
INSERT INTO cases_allotment AS pool (key, ceiling, before, taken)
SELECT wanted.key, wanted.ceiling, 0, least(wanted.count, wanted.ceiling)
FROM unnest(%s::text[], %s::int[], %s::int[]) AS wanted (key, ceiling, count)
WHERE NOT EXISTS (
    SELECT 1 FROM cases_allotment emptied
    WHERE emptied.key = wanted.key AND emptied.taken >= wanted.ceiling
)
ORDER BY wanted.key
ON CONFLICT (key) DO UPDATE
SET before = pool.taken,
    taken = least(pool.taken + excluded.taken, excluded.ceiling),
    ceiling = excluded.ceiling
WHERE pool.taken < excluded.ceiling
RETURNING key, before, taken
"""
_DAYS = {"day": "ngày {day}", "month": "tháng {month}", "year": "năm {year}"}
_DAYS_EN = {"day": "for {day}", "month": "for {month}", "year": "for {year}"}


@dataclass(frozen=True, slots=True)
class Pool:
    """What a number is taken from: a key, how many there are, the words for it, and when the next are given."""

    key: str
    ceiling: int = field(compare=False)
    label: Bilingual = field(compare=False)
    opens_again_at: datetime | None = field(compare=False)


class NothingLeft(RuntimeError):
    """Every number of the pool has been given; ``told`` says so to a citizen, with the next chance if there is one."""

    def __init__(self, pool: Pool) -> None:
        self.pool = pool
        self.opens_again_at = pool.opens_again_at
        self.told = _told(pool)
        super().__init__(f"all {pool.ceiling} numbers of {pool.key} have been given")


def pool_of(content: Content, values: Mapping[str, object], now: datetime) -> Pool | None:
    """Return the pool that a request with these values takes its number from; None if its pack has none."""
    rule = content.manifest.allotment
    if rule is None:
        return None
    today = now.astimezone(LOCAL).date()
    fields = {each.name: each for each in content.form.fields}
    chosen = [values.get(name.partition(".")[2]) for name in rule.per]
    named = [fields[name.partition(".")[2]] for name in rule.per]
    parts = [content.manifest.code, *chosen, *([_period(rule, today)] if rule.every else [])]
    return Pool(
        key=json.dumps(parts, ensure_ascii=False, separators=(",", ":"), default=str),
        ceiling=rule.ceiling,
        label=_label(rule, named, chosen, today),
        opens_again_at=_next_period(rule, today),
    )


def take(wanted: Mapping[Pool, int]) -> dict[Pool, range]:
    """Take as many numbers of each pool as are left, up to the count wanted, in the caller's transaction.

    A range is empty when nothing is left. The pools stay locked until the transaction ends: take last, then
    commit. One statement. A ceiling that a later revision lowers takes back nothing.
    """
    pools = {pool.key: pool for pool in wanted}
    with connection.cursor() as cursor:
        cursor.execute(
            _TAKE,
            [list(pools), [pool.ceiling for pool in pools.values()], [wanted[p] for p in pools.values()]],
        )
        taken = {key: range(before + 1, last + 1) for key, before, last in cursor.fetchall()}
    return {pool: taken.get(key, range(0)) for key, pool in pools.items()}


def allot(cases: Sequence[tuple[str, Pool]]) -> list[int | NothingLeft]:
    """Give each case, by its number, the next of its pool, in the order of the cases; refusals stand in the list.

    Runs in the transaction that files the cases, of which those refused must be left out. Two statements.
    """
    counts: dict[Pool, int] = {}
    for _, pool in cases:
        counts[pool] = counts.get(pool, 0) + 1
    left = {pool: iter(numbers) for pool, numbers in take(counts).items()} if counts else {}
    given = [next(left[pool], None) for _, pool in cases]
    AllottedNumber.objects.bulk_create(
        AllottedNumber(allotment_key=pool.key, number=number, case_number=case)
        for (case, pool), number in zip(cases, given, strict=True)
        if number is not None
    )
    return [
        NothingLeft(pool) if number is None else number
        for (_, pool), number in zip(cases, given, strict=True)
    ]


def give_number(case: Case, *, content: Content, now: datetime) -> None:
    """Give the case a number if its pack gives any and it has none yet; raises ``NothingLeft``."""
    pool = pool_of(content, case.values, now)
    if pool is None or allotted_number(case.number) is not None:
        return
    (given,) = allot([(case.number, pool)])
    if isinstance(given, NothingLeft):
        raise given


def allotted_number(case_number: str) -> int | None:
    """Return the number that was given to the case, or None; one query."""
    found = AllottedNumber.objects.filter(case_number=case_number).values_list("number", flat=True)
    return found.first()


def _period(rule: AllotmentRule, today: date) -> str:
    return {"day": f"{today:%Y-%m-%d}", "month": f"{today:%Y-%m}", "year": f"{today:%Y}"}[rule.every or "day"]


def _next_period(rule: AllotmentRule, today: date) -> datetime | None:
    match rule.every:
        case "day":
            first = today + timedelta(days=1)
        case "month":
            first = (today.replace(day=1) + timedelta(days=32)).replace(day=1)
        case "year":
            first = date(today.year + 1, 1, 1)
        case None:
            return None
    return datetime.combine(first, time.min, LOCAL)


def _label(
    rule: AllotmentRule, fields: Sequence[FormField], chosen: Sequence[object], today: date
) -> Bilingual:
    """Return what is given, for which choice and period, in words: ``phiếu đi chợ, Chợ: Chợ Cồn, ngày 22/11/2026``."""
    vi, en = [rule.label.vi], [rule.label.en]
    for asked, value in zip(fields, chosen, strict=True):
        option = next((each.label for each in asked.options if each.value == value), None)
        shown = (
            f"{date.fromisoformat(value):%d/%m/%Y}"
            if asked.widget == "date" and isinstance(value, str)
            else value
        )
        vi.append(f"{asked.label.vi}: {option.vi if option else shown}")
        en.append(f"{asked.label.en}: {option.en if option else shown}")
    if rule.every:
        words = {"day": f"{today:%d/%m/%Y}", "month": f"{today:%m/%Y}", "year": f"{today:%Y}"}
        vi.append(_DAYS[rule.every].format(**words))
        en.append(_DAYS_EN[rule.every].format(**words))
    return Bilingual(vi=", ".join(vi), en=", ".join(en))


def _told(pool: Pool) -> Bilingual:
    vi = f"Đã phát hết {pool.ceiling} số ({pool.label.vi})."
    en = f"All {pool.ceiling} have been given out ({pool.label.en})."
    if pool.opens_again_at is None:
        return Bilingual(
            vi=f"{vi} Không có đợt phát nào nữa; hãy chọn ngày hoặc nơi khác nếu biểu mẫu có.",
            en=f"{en} No more will be given; choose another day or place if the form offers one.",
        )
    when = pool.opens_again_at.astimezone(LOCAL)
    return Bilingual(
        vi=f"{vi} Đợt tiếp theo được phát từ {when:%H:%M} ngày {when:%d/%m/%Y}.",
        en=f"{en} The next are given from {when:%H:%M} on {when:%d/%m/%Y}.",
    )
