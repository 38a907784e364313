"""Who is listed for social protection: confirmed disabilities, poor and nearly poor households, with a few gaps."""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from motcua.site.demo.households import Household
from motcua.site.demo.samples import Sample

REGISTER = "social_protection"
HEADERS = {REGISTER: ["person", "disability", "household_status"]}
_NONE = "none"
# What the samples of the demo are in this register; the others of them are not listed.
_STORIES = {
    "o-vung-do": ("severe", _NONE),
    "cong-ty-chua-ro": ("mild", _NONE),
    "khong-phai-chu": (_NONE, "poor"),
    "bao-hiem-bo-trong": ("", "near_poor"),
}

Write = Callable[[str, list[str]], None]


@dataclass(slots=True)
class ProtectionRegister:
    """Writes the row of each listed person, from a stream of its own."""

    write: Write
    chances: Random

    def list_household(self, home: Household) -> None:
        """Write everyone of the household who is listed."""
        chance = self.chances.random()
        status = "poor" if chance < 0.012 else "near_poor" if chance < 0.035 else _NONE
        for resident in home.residents:
            degree = self._degree()
            if status != _NONE or degree != _NONE:
                self.write(REGISTER, [resident.number, degree, status])

    def list_sample(self, sample: Sample) -> None:
        """Write the row that the story of a sample wants."""
        story = _STORIES.get(sample.slug)
        if story is not None:
            self.write(REGISTER, [sample.number, *story])

    def _degree(self) -> str:
        chance = self.chances.random()
        if chance > 0.022:
            return _NONE
        # A confirmation whose degree nobody typed in is not known.
        return (
            "" if chance < 0.001 else "exceptionally_severe" if chance < 0.004 else
            "severe" if chance < 0.013 else "mild"
        )  # fmt: skip
