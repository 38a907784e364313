"""Households: who lives together, how old they are, and the citizen numbers they would have."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from motcua.site.demo.areas import Area
from motcua.site.demo.names import MOUNTAIN_SURNAMES, SURNAMES, person_name

# Serials from here on belong to the sample people of the demo.
FIRST_SAMPLE_SERIAL = 990_000
# A step without a common divisor walks through every serial once before it repeats.
_STEP = 611_953
# Where those come from who moved to the city: neighbors first.
_ELSEWHERE = (
    "046",
    "051",
    "045",
    "044",
    "042",
    "040",
    "038",
    "001",
    "079",
    "052",
    "054",
    "066",
    "064",
    "056",
)


@dataclass(frozen=True, slots=True)
class Resident:
    """Someone who lives in the city, whether a register knows it or not."""

    number: str
    name: str
    born_on: date
    sex: str
    age: int


@dataclass(frozen=True, slots=True)
class Household:
    """People under one roof."""

    code: str
    place: str
    residents: list[Resident]


class Numbers:
    """Gives citizen numbers, none twice: province, century and sex, year, and a serial that looks random."""

    def __init__(self, seed: int) -> None:
        self._offset = Random(f"{seed} numbers").randrange(FIRST_SAMPLE_SERIAL)  # noqa: S311 - no secret
        self._given: dict[str, int] = {}
        self._samples = 0

    def take(self, *, province: str, sex: str, year: int) -> str:
        """Return the next number for someone born that year and registered in that province."""
        head = _head(province, sex, year)
        given = self._given.get(head, 0)
        self._given[head] = given + 1
        return f"{head}{(self._offset + given * _STEP) % FIRST_SAMPLE_SERIAL:06d}"

    def take_for_sample(self, *, province: str, sex: str, year: int) -> str:
        """Return a number that depends on nothing but the order of the samples."""
        self._samples += 1
        return f"{_head(province, sex, year)}{FIRST_SAMPLE_SERIAL + self._samples:06d}"


def _head(province: str, sex: str, year: int) -> str:
    # Decree 137/2015/ND-CP, article 13: 0 and 1 for the 20th century, 2 and 3 for the 21st, odd for women.
    century = (2 if year >= 2000 else 0) + (1 if sex == "female" else 0)
    return f"{province}{century}{year % 100:02d}"


def make_household(
    random: Random, numbers: Numbers, area: Area, code: int, today: date, *, at_most: int
) -> Household:
    """Return a household of the area with at most that many people."""
    surnames = MOUNTAIN_SURNAMES if area.mountain else SURNAMES
    surname = surnames.draw(random)
    residents = []
    for age, sex, family in _members(random)[:at_most]:
        born_on = today - timedelta(days=age * 365 + age // 4 + random.randrange(365))
        own = surname if family else surnames.draw(random)
        # The census of 2019 counted about one in eight as born elsewhere.
        province = area.province if random.random() < 0.87 else random.choice(_ELSEWHERE)
        residents.append(
            Resident(
                number=numbers.take(province=province, sex=sex, year=born_on.year),
                name=person_name(random, surname=own, sex=sex, birth_year=born_on.year),
                born_on=born_on,
                sex=sex,
                age=age,
            )
        )
    return Household(f"H{code:07d}", area.code, residents)


def _members(random: Random) -> list[tuple[int, str, bool]]:
    """Return age, sex and whether the head's surname is borne, the head first."""
    kind = random.random()
    if kind < 0.11:
        return [
            (random.randint(19, 34) if random.random() < 0.55 else random.randint(55, 88), _sex(random), True)
        ]
    if kind < 0.20:
        old = random.randint(60, 84)
        return [(old, "male", True), (max(56, old - random.randint(0, 6)), "female", False)]
    head = random.randint(25, 58)
    members = [(head, "male", True)]
    if random.random() < 0.90:
        members.append((max(20, head - random.randint(-2, 7)), "female", False))
    eldest = min(head - 21, 34)
    for _ in range(random.choices((0, 1, 2, 3, 4), (12, 27, 42, 15, 4))[0]):
        if eldest < 0:
            break
        members.append((eldest, _sex(random), True))
        eldest -= random.randint(1, 5)
    if random.random() < 0.28:
        members.append((min(98, head + random.randint(21, 33)), "female", False))
        if random.random() < 0.45:
            members.append((min(99, head + random.randint(22, 35)), "male", True))
    return members


def _sex(random: Random) -> str:
    return "male" if random.random() < 0.505 else "female"
