"""What the health sector knows of people: doses, tests and declarations, with the faults of such registers.

Each register dates its records: ``newest_until`` is the last day on which a record was its person's newest.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from motcua.site.demo.samples import Sample

HEADERS = {
    "vaccinations": ["record", "person", "dose", "vaccine", "given_on", "place", "newest_until"],
    "tests": ["record", "person", "taken_on", "method", "result", "newest_until"],
    "health_declarations": ["record", "person", "declared_on", "symptoms", "contact", "newest_until"],
}
VACCINES = ("astrazeneca", "pfizer", "moderna", "vero_cell")
# Which share of people got none but the vaccines up to this one.
_SHARES = (0.46, 0.70, 0.84)
# From this age on the campaign had reached people on the day of the demo; below, no dose is given.
YOUNGEST = 12
# What the samples of the demo are in these registers; the others of them are fully vaccinated.
_STORIES = {
    "nhan-vien-sieu-thi": "protected",
    "chu-ho-kinh-doanh": "one_dose",
    "y-ta-vung-do": "protected",
    "nguoi-giao-hang": "tested",
    "o-vung-do": "protected",
    "het-bao-hiem": "nothing_known",
    "cong-ty-dong-cua": "positive",
    "nganh-khong-thiet-yeu": "contact",
    "lam-o-vung-do": "tested_long_ago",
    "khong-phai-chu": "too_recent",
    "bao-hiem-trai-nguoc": "contradiction",
}

Write = Callable[[str, list[str]], None]


@dataclass(slots=True)
class HealthRegisters:
    """Writes what the three registers know of one person after another, each from a stream of its own."""

    write: Write
    doses: Random
    tests: Random
    declarations: Random
    today: date
    records: int = 0

    def examine(self, number: str, age: int, place: str) -> None:
        """Write the records of one resident."""
        if age >= YOUNGEST:
            self._vaccinate(number, age, place)
        self._test(number)
        self._declare(number)

    def examine_sample(self, sample: Sample) -> None:
        """Write the records that the story of a sample wants."""
        story = _STORIES.get(sample.slug, "protected")
        number, place = sample.number, sample.place
        if story in ("protected", "contact", "positive", "contradiction"):
            self._dose((number, 1, "astrazeneca"), 75, place, 33)
            self._dose((number, 2, "astrazeneca"), 32, place)
        elif story in ("one_dose", "tested", "tested_long_ago"):
            self._dose((number, 1, "pfizer"), 24, place)
        elif story == "too_recent":
            self._dose((number, 1, "pfizer"), 5, place)
        if story == "tested":
            self._result(number, 1, "pcr", "negative")
        elif story == "tested_long_ago":
            self._result(number, 30, "rapid", "negative")
        elif story == "positive":
            self._result(number, 2, "pcr", "positive")
        elif story == "contradiction":
            self._result(number, 1, "rapid", "positive")
            self._result(number, 1, "pcr", "negative")
        if story == "contact":
            self._declaration(number, 1, symptoms="false", contact="true")

    def _vaccinate(self, number: str, age: int, place: str) -> None:
        chance = self.doses.random()
        if chance > (0.35 if age < 18 else 0.93 if age < 65 else 0.82):
            return
        kind = self.doses.random()
        vaccine = VACCINES[sum(kind > share for share in _SHARES)]
        first = self.doses.randint(3, 130)
        second = max(
            0, first - (28 if vaccine in ("moderna", "vero_cell") else 21) - self.doses.randrange(35)
        )
        fault = self.doses.random()
        if fault < 0.03:
            return  # given at a factory or in another province and never reported here
        if fault < 0.036:
            number = number[1:]  # a sheet that took the number for a number, and its leading zero away
        elif fault < 0.042:
            vaccine = ""
        dose = "" if 0.042 <= fault < 0.05 else "1"
        if not second or 0.05 <= fault < 0.07:  # the second one is missing in the register
            self._dose((number, dose, vaccine), first, place)
            return
        # Where the first record was not closed, two count at once and contradict each other.
        closed = None if 0.07 <= fault < 0.078 else second + 1
        self._dose((number, dose, vaccine), first, place, closed)
        self._dose((number, 2, vaccine), second, place if fault < 0.98 else "")
        if 0.078 <= fault < 0.083:  # reported twice, with another day
            self._dose((number, 2, vaccine), max(1, second - 3), place)

    def _test(self, number: str) -> None:
        chance = self.tests.random()
        if chance > 0.55:
            return
        ago = 1 + self.tests.randrange(40 if chance < 0.30 else 5)
        fault = self.tests.random()
        if fault < 0.02:
            return  # a laboratory that has not reported yet
        method = "rapid" if fault < 0.7 else "pcr"
        result = "positive" if fault > 0.988 else "" if fault > 0.98 else "negative"
        if chance < 0.12:
            before = ago + 1 + self.tests.randrange(20)
            self._result(number, before, "rapid", "negative", ago + 1)
        self._result(number, ago, method, result)
        if fault > 0.985 and result == "positive":  # a second test of the same day denies the first
            self._result(number, ago, "pcr", "negative" if fault > 0.994 else "positive")

    def _declare(self, number: str) -> None:
        chance = self.declarations.random()
        if chance > 0.52:
            return
        ago = 1 + self.declarations.randrange(30)
        fault = self.declarations.random()
        symptoms = "" if fault < 0.01 else "true" if fault < 0.022 else "false"
        contact = "" if 0.022 <= fault < 0.03 else "true" if 0.03 <= fault < 0.05 else "false"
        if chance < 0.2:
            before = ago + 1 + self.declarations.randrange(20)
            self._declaration(number, before, symptoms="false", contact="false", until=ago + 1)
        self._declaration(number, ago, symptoms=symptoms, contact=contact)
        if fault > 0.995:  # told twice on one day, once otherwise
            self._declaration(number, ago, symptoms="true", contact=contact)

    def _dose(self, shot: tuple[str, int | str, str], ago: int, place: str, until: int | None = None) -> None:
        number, dose, vaccine = shot
        cells = [str(dose), vaccine, self._day(ago), place, self._day(until)]
        self._write("vaccinations", "V", number, cells)

    def _result(self, number: str, ago: int, method: str, result: str, until: int | None = None) -> None:
        self._write("tests", "X", number, [self._day(ago), method, result, self._day(until)])

    def _declaration(
        self, number: str, ago: int, *, symptoms: str, contact: str, until: int | None = None
    ) -> None:
        cells = [self._day(ago), symptoms, contact, self._day(until)]
        self._write("health_declarations", "K", number, cells)

    def _write(self, register: str, letter: str, number: str, cells: list[str]) -> None:
        self.records += 1
        self.write(register, [f"{letter}{self.records:09d}", number, *cells])

    def _day(self, ago: int | None) -> str:
        return "" if ago is None else (self.today - timedelta(days=ago)).isoformat()
