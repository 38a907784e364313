"""A hall is opened from one file, and a file with a mistake changes nothing."""

from argparse import Namespace
from pathlib import Path

import pytest
from hall_room import HALL, Room

from motcua.appointments.commands import run_open
from motcua.appointments.queries import counters_of, hall

GOOD = f"""
agency: {HALL}
address: 24 Trần Phú
most_open: 3
groups:
  - {{code: hotich, vi: Hộ tịch, en: Civil status, services: [marital_status, birth_registration]}}
  - {{code: thue, vi: Thuế, en: Taxes}}
counters:
  - {{number: 1, groups: [hotich, thue]}}
"""


def test_file_opens_the_hall_and_changes_it(room: Room, tmp_path: Path) -> None:
    file = tmp_path / "hall.yaml"
    file.write_text(GOOD, encoding="utf-8")

    assert run_open(Namespace(file=file)) == 0

    found = hall(HALL)
    assert (found.most_open, found.tickets_per_day) == (3, None)
    assert found.group_for("birth_registration") == found.group("hotich")
    assert counters_of(found.id)[0].groups == ("hotich", "thue")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("groups: [hotich, thue]", "groups: [nhadat]"), "nhadat"),
        (("most_open: 3", "most_open: many"), "most_open"),
        (("address:", "adress:"), "adress"),
        ((f"agency: {HALL}", "agency: nobody"), "nobody"),
    ],
)
def test_mistake_is_named_and_changes_nothing(
    room: Room, tmp_path: Path, capsys: pytest.CaptureFixture[str], change: tuple[str, str], said: str
) -> None:
    file = tmp_path / "hall.yaml"
    file.write_text(GOOD.replace(*change), encoding="utf-8")

    assert run_open(Namespace(file=file)) == 1

    assert said in capsys.readouterr().err
    assert hall(HALL).most_open == 2
