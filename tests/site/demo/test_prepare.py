"""Preparing the demo: every sample person meets what the note promises, and a second run changes nothing."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import transaction
from django.test import override_settings
from pytest_django import DjangoDbBlocker, Settings

from motcua.agencies.queries import agency
from motcua.archives.models import ArchivedDossier, ArchivedStamp
from motcua.archives.queries import Wanted, archived, past_term
from motcua.archives.services import verify_package
from motcua.cases.models import Case
from motcua.cases.services import file_case
from motcua.cases.states import Channel
from motcua.directives.queries import directives
from motcua.directives.services import discard
from motcua.documents.results import draft_result, seal_result, sign_result
from motcua.documents.states import Signatory
from motcua.documents.values import ResultText
from motcua.events.models import LedgerEntry
from motcua.fees.models import FeeReceipt
from motcua.identity.models import Account, Appointment
from motcua.identity.officers import sign_in_officer
from motcua.identity.people import person_of
from motcua.identity.rights import rights_of
from motcua.identity.states import Role, Scope
from motcua.identity.tokens import bearer_of
from motcua.procedures.queries import procedure_in_force
from motcua.ratings.models import Rating
from motcua.registers.models import RegisterLoad
from motcua.registers.queries import accesses_of
from motcua.site.demo.accounts import NotADemo, accounts, citizen_account
from motcua.site.demo.history import sample_values
from motcua.site.demo.law import draft_next_law
from motcua.site.demo.offices import SERVICE_CENTRE
from motcua.site.demo.prepare import folder, prepare

NOW = datetime(2026, 10, 1, 3, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def prepared(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[None]:
    """Prepare one city for all tests of this file; each test then works in a savepoint of its own."""
    data = tmp_path_factory.mktemp("data")
    changes = {
        "DEMO": True,
        "TIME_STAMPS": "own",
        "DATA_DIR": data,
        "SECRETS_DIR": data / "secrets",
        "OIDC_ISSUER": "http://127.0.0.1:8001",
        "PASSWORD_HASHERS": ["django.contrib.auth.hashers.MD5PasswordHasher"],
    }
    with django_db_blocker.unblock(), override_settings(**changes), transaction.atomic():
        prepare(now=NOW, people=1500, submissions=20)
        yield
        transaction.set_rollback(True)


@pytest.fixture
def demo(prepared: None, db: None) -> None:
    """The prepared city, with whatever a test adds undone after it."""


def samples() -> list[dict[str, str]]:
    return json.loads((folder() / "samples.json").read_text(encoding="utf-8"))


def test_every_sample_meets_what_its_note_promises(demo: None) -> None:
    travel = procedure_in_force("travel_pass")
    met = {}
    for sample in samples():
        account = citizen_account(sample, now=NOW)
        filed = file_case(
            procedure=travel,
            values=sample_values(sample, at=NOW, days=7),
            applicant=person_of(account),
            account_id=account.pk,
            channel=Channel.ONLINE,
            key=f"test-{sample['slug']}",
            now=NOW,
        )
        met[sample["slug"]] = Case.objects.get(number=filed.number).reason_code

    assert met == {sample["slug"]: sample["expect"] for sample in samples()}


def test_a_second_run_adds_nothing(demo: None) -> None:
    def counts() -> tuple[int, ...]:
        models = (Case, Account, Appointment, RegisterLoad, LedgerEntry)
        return tuple(model.objects.count() for model in models)

    before, listed = counts(), accounts(folder(), now=NOW)

    prepare(now=NOW + timedelta(hours=1), people=1500, submissions=20)

    assert counts() == before
    assert accounts(folder(), now=NOW) == listed


def test_a_leader_finds_the_next_directive_as_a_draft_and_may_give_it_up(demo: None) -> None:
    chair = Account.objects.get(login="lanhdao")
    (draft,) = [each for each in directives(NOW) if each.begun_at is None]

    assert (draft.number, draft.state, draft.prepared_by) == ("08/CT-UBND", "draft", chair.pk)
    assert draft.from_at <= NOW
    assert draft_next_law(author=chair.pk, now=NOW) is None
    discard(directive_id=draft.id, account_id=chair.pk, now=NOW)
    prepare(now=NOW + timedelta(hours=1), people=1500, submissions=20)
    assert len(directives(NOW)) == 2


def test_the_past_is_filed_and_some_of_it_waits(demo: None) -> None:
    cases = Case.objects.filter(filed_on__gte=NOW - timedelta(days=30))

    assert cases.count() == 23
    assert max(case.filed_at for case in cases) < NOW
    assert cases.filter(phase="person").exists()
    assert cases.filter(state="granted").exists()
    assert cases.filter(state="refused").exists()
    assert 0 < Rating.objects.count() < 20


def test_the_archive_has_something_to_find_to_check_and_to_propose(demo: None) -> None:
    archivist = rights_of(Account.objects.get(login="luutru"), NOW)

    lines, many = archived(archivist, Wanted())

    assert many == Case.objects.exclude(filed_on__gte=NOW - timedelta(days=30)).count() == 6
    assert sorted(line.keep_years or 0 for line in lines) == [2, 2, 2, 2, 2, 20]
    assert len(past_term(archivist, NOW.date())) == 3
    checked = [verify_package(row, now=NOW).faults for row in ArchivedDossier.objects.all()]
    assert checked == [()] * 6
    assert ArchivedStamp.objects.count() == 2
    assert FeeReceipt.objects.count() == 2


def test_a_sample_sees_who_looked(demo: None) -> None:
    person = person_of(citizen_account(samples()[0], now=NOW))

    assert {access.register for access in accesses_of(person.key)} >= {"population", "social_insurance"}


def test_officers_of_every_role_can_sign_in(demo: None) -> None:
    listing = accounts(folder(), now=NOW)

    assert {officer.role for officer in listing.officers} == set(Role.values)
    officer = listing.officers[0]
    account = sign_in_officer(
        login=officer.login, password=officer.password, code=officer.code_now, address="127.0.0.1", now=NOW
    )
    assert account.login == officer.login


def test_the_token_speaks_for_the_first_sample(demo: None) -> None:
    listing = accounts(folder(), now=NOW)

    bearer = bearer_of(listing.token, scope=Scope.SUBMISSIONS, now=NOW)

    assert bearer.person_key == person_of(citizen_account(samples()[0], now=NOW)).key


def test_the_way_in_is_readable_by_its_owner_only(demo: None) -> None:
    assert (folder() / "accounts.json").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("demo_mode", "site"),
    [
        (False, "http://127.0.0.1:8000"),
        (True, "https://motcua.danang.gov.vn"),
        (True, "http://10.0.0.4:8000"),
    ],
)
def test_accounts_for_anyone_exist_only_in_the_demo_on_this_machine(
    db: None, settings: Settings, tmp_path: Path, demo_mode: bool, site: str
) -> None:
    accounts_before = Account.objects.count()
    settings.DEMO, settings.SITE_URL, settings.DATA_DIR = demo_mode, site, tmp_path

    with pytest.raises(NotADemo):
        prepare(now=NOW, people=1500)
    with pytest.raises(NotADemo):
        accounts(tmp_path, now=NOW)

    assert Account.objects.count() == accounts_before
    assert not any(tmp_path.iterdir())


def test_officers_of_the_service_center_hold_the_keys_that_make_a_result(demo: None) -> None:
    specialist, leader, clerk = (
        Account.objects.get(login=login) for login in ("hotich", "kyhoso", "tiepnhan")
    )
    text = ResultText(title="Giấy xác nhận", signing_post="Giám đốc")
    with override_settings(TIME_STAMPS="own"):
        drafted = draft_result(
            case_number="H17-1",
            agency_path=agency(SERVICE_CENTRE).path,
            place_name="Đà Nẵng",
            notation="GXN-TTPVHCC",
            text=text,
            account=specialist,
            now=NOW,
        )
        for signatory, account in ((Signatory.SPECIALIST, specialist), (Signatory.LEADER, leader)):
            sign_result(result_id=drafted.id, signatory=signatory, account=account, now=NOW)
        number = seal_result(result_id=drafted.id, account=clerk, now=NOW)

    assert number == "01/2026/GXN-TTPVHCC"
