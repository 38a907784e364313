"""A dossier is destroyed past its term only, when one person proposed it and another decided; the minutes stay."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from django.db import IntegrityError, InternalError, transaction
from dossier import INSTALLED, ONE_STOP, Dossier, at, officer

import motcua.archives.services.archive as archiving
import motcua.archives.services.destroy as destroying
from motcua.archives.models import ArchivedDossier, ArchivedPackage, Destruction
from motcua.archives.queries import destruction, minutes_of, past_term
from motcua.archives.services import (
    DestructionDecidedAlready,
    DossierWaits,
    NothingChosen,
    NotPastTerm,
    PackageGone,
    SamePersonTwice,
    archive_ended,
    decide_destruction,
    open_package,
    propose_destruction,
)
from motcua.archives.states import Outcome
from motcua.cases.models import Case, CaseEntry, Submission
from motcua.cases.states import Phase
from motcua.documents.models import SignatureKey
from motcua.documents.results import NoKeyToSignWith
from motcua.documents.signing.check import check
from motcua.documents.signing.report import Why
from motcua.documents.stores import trust_now
from motcua.events.models import LedgerEntry
from motcua.events.values import Event
from motcua.identity.models import Account
from motcua.identity.rights import Grant, Rights
from motcua.identity.states import AccountKind, Role
from motcua.registers.models import RegisterAccess
from motcua.vault.models import Component

ARCHIVED = at("16 09:00") + timedelta(days=200)
PAST = datetime(2028, 3, 1, 3, 0, tzinfo=UTC)
COUNCIL = "Bà A, chủ tịch\nÔng B, ủy viên"


def acting(role: Role, login: str) -> Rights:
    account, _ = Account.objects.get_or_create(
        login=login,
        defaults={"kind": AccountKind.OFFICER, "name": f"Cán bộ {login}", "created_at": INSTALLED},
    )
    return Rights(account.pk, (Grant(role, "ttpvhcc", "vn.p99"),))


@pytest.fixture
def archivist(db: None) -> Rights:
    return acting(Role.ARCHIVIST, "luutru")


@pytest.fixture
def leader(office: None) -> Rights:
    # The office has its seal.
    officer(ONE_STOP)
    return acting(Role.LEADER, "lanhdao")


@pytest.fixture
def kept(dossier: Dossier, monkeypatch: pytest.MonkeyPatch) -> ArchivedDossier:
    """Ended in 2026 and kept for one year, while the keys of the office still sign: to the end of 2027."""
    monkeypatch.setattr(archiving, "years_of", lambda rule: 1)
    dossier.file()
    dossier.act("decline", ONE_STOP, "16 09:00", reason="Nơi cư trú không thuộc thành phố.")
    archive_ended(now=ARCHIVED, after_days=180)
    return ArchivedDossier.objects.get()


def proposed(kept: ArchivedDossier, archivist: Rights, now: datetime = PAST) -> UUID:
    return propose_destruction(
        dossier_ids=[kept.pk], reason="Hết thời hạn bảo quản.", council=COUNCIL, rights=archivist, now=now
    )


def decide(found: UUID, rights: Rights, outcome: Outcome = Outcome.DESTROYED, words: str = "Đồng ý.") -> None:
    decide_destruction(destruction_id=found, outcome=outcome, words=words, rights=rights, now=PAST)


def test_two_persons_destroy_and_number_heading_hash_and_minutes_are_left(
    kept: ArchivedDossier, archivist: Rights, leader: Rights
) -> None:
    found = proposed(kept, archivist)
    assert open_package(dossier_id=kept.pk, rights=archivist, now=PAST)

    decide(found, leader)

    with pytest.raises(PackageGone):
        open_package(dossier_id=kept.pk, rights=archivist, now=PAST)
    for model in (Case, CaseEntry, Submission, Component):
        assert not model.objects.exists()
    row = ArchivedDossier.objects.get()
    assert (row.case_number, row.sha256) == (kept.case_number, kept.sha256)
    minutes = minutes_of(found, leader)
    assert minutes is not None
    report = check(minutes, trust=trust_now(PAST), at=PAST)
    assert (report.why, [each.field for each in report.signatures]) == (Why.GOOD, ["CoQuan"])
    changed = minutes.replace(b"/Type /Page\n", b"/Type /Page ", 1).replace(b"obj", b"obJ", 1)
    assert check(changed, trust=trust_now(PAST), at=PAST).why is not Why.GOOD
    assert check(minutes + minutes[-9:], trust=trust_now(PAST), at=PAST).why is not Why.GOOD
    told = list(LedgerEntry.objects.filter(name__startswith="De").values_list("name", "actor"))
    assert set(told) == {
        ("DestructionProposed", f"account:{archivist.account_id}"),
        ("DestructionDecided", f"account:{leader.account_id}"),
    }
    assert LedgerEntry.objects.filter(name="DossierDestroyed", subject=kept.case_number).count() == 1


def test_kept_is_kept_and_can_be_proposed_again(
    kept: ArchivedDossier, archivist: Rights, leader: Rights
) -> None:
    found = proposed(kept, archivist)

    decide(found, leader, Outcome.KEPT, "Còn tranh chấp.")

    assert open_package(dossier_id=kept.pk, rights=archivist, now=PAST)
    assert Case.objects.exists()
    view = destruction(found, leader)
    assert view is not None
    assert view[0].words == "Còn tranh chấp."
    assert [each.id for each in past_term(archivist, PAST.date())] == [kept.pk]


def test_nobody_decides_on_their_own_proposal(kept: ArchivedDossier, archivist: Rights) -> None:
    both = Rights(archivist.account_id, (*archivist.grants, Grant(Role.LEADER, "ttpvhcc", "vn.p99")))
    found = proposed(kept, both)

    with pytest.raises(SamePersonTwice):
        decide(found, both)

    assert ArchivedPackage.objects.exists()
    assert Destruction.objects.get().outcome == ""


@pytest.mark.parametrize("role", [Role.ARCHIVIST, Role.APPROVER, Role.AUDITOR])
def test_only_who_is_appointed_for_it_decides(kept: ArchivedDossier, archivist: Rights, role: Role) -> None:
    found = proposed(kept, archivist)

    with pytest.raises(Destruction.DoesNotExist):
        decide(found, acting(role, "khac"))

    assert ArchivedPackage.objects.exists()


def test_decision_is_made_once_and_with_words(
    kept: ArchivedDossier, archivist: Rights, leader: Rights
) -> None:
    found = proposed(kept, archivist)
    with pytest.raises(NothingChosen):
        decide(found, leader, words=" ")
    decide(found, leader, Outcome.KEPT)

    with pytest.raises(DestructionDecidedAlready):
        decide(found, leader)

    assert ArchivedPackage.objects.exists()


def test_dossier_within_its_term_is_not_proposed(kept: ArchivedDossier, archivist: Rights) -> None:
    with pytest.raises(NotPastTerm):
        proposed(kept, archivist, now=datetime(2027, 12, 31, 12, 0, tzinfo=UTC))

    assert not Destruction.objects.exists()


def test_dossier_is_proposed_once_at_a_time_and_by_its_own_archivist(
    kept: ArchivedDossier, archivist: Rights
) -> None:
    elsewhere = Rights(archivist.account_id, (Grant(Role.ARCHIVIST, "cong_an", "vn.p99"),))
    with pytest.raises(NotPastTerm):
        proposed(kept, elsewhere)
    proposed(kept, archivist)

    with pytest.raises(NotPastTerm):
        proposed(kept, archivist)

    assert Destruction.objects.count() == 1


def test_database_lets_no_package_go_without_the_second_person(
    kept: ArchivedDossier, archivist: Rights, leader: Rights
) -> None:
    found = proposed(kept, archivist)

    for breach in (
        lambda: ArchivedPackage.objects.all().delete(),
        lambda: ArchivedPackage.objects.update(content_sealed=b""),
        lambda: ArchivedDossier.objects.update(keep_until=ARCHIVED.date()),
        lambda: Destruction.objects.filter(pk=found).delete(),
        lambda: Destruction.objects.filter(pk=found).update(
            outcome="destroyed",
            words="x",
            decided_by=archivist.account_id,
            decided_at=PAST,
            minutes_sha256="0" * 64,
        ),
    ):
        with pytest.raises((IntegrityError, InternalError)), transaction.atomic():
            breach()

    decide(found, leader)
    assert not ArchivedPackage.objects.exists()


def test_reading_a_package_is_noted_for_its_applicant(kept: ArchivedDossier, archivist: Rights) -> None:
    before = RegisterAccess.objects.count()

    open_package(dossier_id=kept.pk, rights=archivist, now=PAST)

    noted = RegisterAccess.objects.order_by("-asked_at").first()
    assert RegisterAccess.objects.count() == before + 1
    assert noted is not None
    assert (noted.purpose, noted.asker_label, noted.case_number) == (
        "keep_archives",
        "Văn thư lưu trữ",
        kept.case_number,
    )


@pytest.mark.parametrize("name", ["reason", "council", "words"])
def test_a_character_that_no_database_keeps_is_left_out(
    kept: ArchivedDossier, archivist: Rights, leader: Rights, name: str
) -> None:
    said = {"reason": "Hết\0 hạn.", "council": "Bà\0 A", "words": "Đồng\0 ý."}
    found = propose_destruction(
        dossier_ids=[kept.pk], reason=said["reason"], council=said["council"], rights=archivist, now=PAST
    )

    decide(found, leader, Outcome.KEPT, said["words"])

    assert getattr(Destruction.objects.get(), name) == said[name].replace("\0", "")


def a_state(kept: ArchivedDossier) -> None:
    Case.objects.filter(number=kept.case_number).update(phase=Phase.PERSON, changed_at=PAST)


def an_act(kept: ArchivedDossier) -> None:
    CaseEntry.objects.create(
        case_number=kept.case_number, happened_at=PAST, act="apologize", to_state="x", actor="machine"
    )


@pytest.mark.parametrize("happens", [a_state, an_act])
def test_dossier_that_moves_on_after_it_was_proposed_is_not_destroyed(
    kept: ArchivedDossier, archivist: Rights, leader: Rights, happens: Callable[[ArchivedDossier], None]
) -> None:
    found = proposed(kept, archivist)
    happens(kept)

    with pytest.raises(DossierWaits, match=kept.case_number):
        decide(found, leader)
    assert ArchivedPackage.objects.exists()
    decide(found, leader, Outcome.KEPT)
    with pytest.raises(DossierWaits, match=kept.case_number):
        proposed(kept, archivist)

    assert Destruction.objects.count() == 1


def test_nothing_is_destroyed_while_the_office_has_no_seal_for_the_minutes(
    kept: ArchivedDossier, archivist: Rights, leader: Rights
) -> None:
    found = proposed(kept, archivist)
    SignatureKey.objects.update(retired_at=PAST)

    with pytest.raises(NoKeyToSignWith, match="have no seal"):
        decide(found, leader)

    assert ArchivedPackage.objects.exists()
    assert Destruction.objects.get().outcome == ""


def test_destruction_that_dies_in_the_middle_destroys_nothing(
    kept: ArchivedDossier, archivist: Rights, leader: Rights, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = proposed(kept, archivist)

    def dies(event: Event) -> None:
        # The package and the case are deleted by then, in the same transaction.
        assert not Case.objects.exists()
        raise KeyboardInterrupt

    with monkeypatch.context() as killed:
        killed.setattr(destroying, "publish", dies)
        with pytest.raises(KeyboardInterrupt):
            decide(found, leader)

    assert open_package(dossier_id=kept.pk, rights=archivist, now=PAST)
    assert Case.objects.exists()
    assert Destruction.objects.get().outcome == ""
    decide(found, leader)
