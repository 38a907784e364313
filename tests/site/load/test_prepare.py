"""Senders for a load test: only in the demo, each with a token that works, in a file that only we can read."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.test import override_settings

from motcua.events.services import create_months
from motcua.identity.models import ApiToken
from motcua.identity.people import person_of
from motcua.identity.states import Scope
from motcua.identity.tokens import bearer_of
from motcua.site.demo.accounts import NotADemo
from motcua.site.load.prepare import TooFewPeople, prepare
from motcua.site.load.senders import read_senders

NOW = datetime(2026, 10, 1, 3, 0, tzinfo=UTC)


@pytest.fixture
def demo(db: None, tmp_path: Path):
    applicants = [
        {
            "number": f"04818000000{n}",
            "name": "Nguyễn Thị Hạnh",
            "born_on": "1980-03-08",
            "sex": "female",
            "capacity": "employee",
            "tax_code": "0400101234",
            "work_place": "20242",
        }
        for n in range(3)
    ]
    (tmp_path / "demo").mkdir()
    (tmp_path / "demo" / "applicants.json").write_text(json.dumps(applicants), encoding="utf-8")
    changes = {
        "DEMO": True,
        "DATA_DIR": tmp_path,
        "SECRETS_DIR": tmp_path / "secrets",
        "SITE_URL": "http://127.0.0.1:8000",
        "OIDC_ISSUER": "http://127.0.0.1:8001",
    }
    create_months(now=NOW)
    with override_settings(**changes):
        yield


def test_each_sender_is_another_person_with_a_token_that_works(demo: None, tmp_path: Path) -> None:
    path = tmp_path / "senders.json"

    prepare(path=path, people=3, seed=1, now=NOW)

    made = read_senders(path)
    bearers = [bearer_of(sender.token, scope=Scope.SUBMISSIONS, now=NOW) for sender in made.senders]
    assert len({person_of(bearer.account_id).id for bearer in bearers}) == 3
    assert len({sender.tenant for sender in made.senders}) == 3
    assert made.senders[0].values["work_place"] == "20242"
    assert path.stat().st_mode & 0o777 == 0o600


def test_second_preparation_finds_the_accounts_again(demo: None, tmp_path: Path) -> None:
    path = tmp_path / "senders.json"
    prepare(path=path, people=2, seed=1, now=NOW)
    first = read_senders(path)

    prepare(path=path, people=2, seed=1, now=NOW)

    accounts = {
        bearer_of(sender.token, scope=Scope.SUBMISSIONS, now=NOW).account_id
        for sender in (*first.senders, *read_senders(path).senders)
    }
    assert len(accounts) == 2


def test_more_people_than_the_city_has_are_refused(demo: None, tmp_path: Path) -> None:
    with pytest.raises(TooFewPeople, match="has 3 people"):
        prepare(path=tmp_path / "senders.json", people=4, seed=1, now=NOW)

    assert not (tmp_path / "senders.json").exists()
    assert not ApiToken.objects.exists()


def test_a_site_that_is_no_demo_gets_no_senders(demo: None, tmp_path: Path) -> None:
    with override_settings(DEMO=False), pytest.raises(NotADemo):
        prepare(path=tmp_path / "senders.json", people=1, seed=1, now=NOW)

    assert not (tmp_path / "senders.json").exists()
    assert not ApiToken.objects.exists()
