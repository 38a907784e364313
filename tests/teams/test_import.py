"""A list of teams and members: all of it or nothing, every wrong line told, and again it changes nothing."""

import argparse
from pathlib import Path

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher
from garden import NOW, WARD

from motcua.agencies.models import Team
from motcua.identity.models import Account, Appointment
from motcua.procedures.queries import ProcedureView
from motcua.teams.commands import run_import
from motcua.teams.queries import membership_of
from motcua.teams.services.importing import ListRefused, import_teams, read_list

HEAD = "team,team_name,place,agency,login,name\n"
GOOD = f"{HEAD}to_1,Tổ 1,{WARD},garden,sen.nguyen,Nguyễn Thị Sen\nto_1,Tổ 1,{WARD},garden,lan.vo,Võ Lan\n"


@pytest.fixture(autouse=True)
def _quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Argon2PasswordHasher, "time_cost", 1)
    monkeypatch.setattr(Argon2PasswordHasher, "memory_cost", 8)
    monkeypatch.setattr(Argon2PasswordHasher, "parallelism", 1)


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ("", ["line 1: the columns are"]),
        ("team,login\n", ["line 1: the columns are"]),
        (HEAD, ["line 2: the list has no member"]),
        (f"{HEAD}to_1,Tổ 1,99001,garden,sen,\n", ["line 2: name is empty"]),
        (f"{HEAD}Tổ-1,Tổ 1,99001,garden,sen,Sen\n", ["line 2: team 'Tổ-1' is no code"]),
        (f"{HEAD}to_1,Tổ 1,99001,garden,Sen Ng,Sen\n", ["line 2: login 'Sen Ng' is none"]),
        (f"{HEAD}to_1,Tổ 1,99001,garden,sen,Sen,more\n", ["line 2: more cells than columns"]),
        (
            f"{HEAD}to_1,Tổ 1,99001,garden,sen,Sen\nto_1,Tổ một,99001,garden,sen,Sen\n,,,,,\n",
            [
                "line 4: team, team_name",
                "line 3: team to_1 has another name",
                "line 3: login sen stands in line 2",
            ],
        ),
    ],
)
def test_every_line_that_is_wrong_is_told(text: str, faults: list[str]) -> None:
    with pytest.raises(ListRefused) as refusal:
        read_list(text)

    assert len(refusal.value.faults) == len(faults)
    assert all(said.startswith(wanted) for said, wanted in zip(refusal.value.faults, faults, strict=True))


def test_members_are_made_with_a_way_in_and_again_nothing_changes(procedure: ProcedureView) -> None:
    first = import_teams(text=GOOD, now=NOW, today=NOW.date())
    again = import_teams(text=GOOD, now=NOW, today=NOW.date())

    assert (first.teams, first.members, [each.login for each in first.fresh]) == (
        1,
        2,
        ["sen.nguyen", "lan.vo"],
    )
    assert all(each.otpauth_uri.startswith("otpauth://") for each in first.fresh)
    assert again.fresh == ()
    assert (Team.objects.count(), Appointment.objects.count()) == (1, 2)
    found = membership_of(Account.objects.get(login="sen.nguyen").pk, NOW.date())
    assert found is not None
    assert (found.team, found.place_path) == ("Tổ 1", f"vn.p99.w{WARD}")


def test_the_command_writes_the_ways_in_for_its_owner_only_and_nothing_after_a_refusal(
    procedure: ProcedureView, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad, good = tmp_path / "bad.csv", tmp_path / "good.csv"
    bad.write_text(GOOD + "to_2,Tổ 2,00000,nowhere,ha.le,Lê Hà\n", encoding="utf-8")
    good.write_text("\ufeff" + GOOD, encoding="utf-8")
    ways = tmp_path / "ways.csv"

    refused = run_import(argparse.Namespace(file=bad, ways_in=ways))

    said = capsys.readouterr().err
    assert refused == 1
    assert "line 4: no place has the code 00000 today" in said
    assert "line 4: no agency has the code nowhere" in said
    assert not ways.exists()
    assert not Team.objects.exists()
    assert run_import(argparse.Namespace(file=good, ways_in=ways)) == 0
    assert "1 teams, 2 members, 2 of them new" in capsys.readouterr().out
    assert ways.stat().st_mode & 0o777 == 0o600
    assert len(ways.read_text(encoding="utf-8").splitlines()) == 3
    assert run_import(argparse.Namespace(file=good, ways_in=ways)) == 1
