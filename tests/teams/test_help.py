"""Help from consent to case: what is kept, what happens once, and who may not."""

import uuid
from dataclasses import replace
from datetime import timedelta

import pytest
from garden import MEMBER, NOW, STRANGER, WARD, Cite
from garden_team import NAME, PRESENTED, TODAY, member_of
from papers import photograph

from motcua.cases.models import Case
from motcua.events.models import LedgerEntry
from motcua.identity.models import Appointment, Person
from motcua.identity.numbers import PersonNumber
from motcua.identity.presented import SomebodyElses
from motcua.procedures.forms import FormRefused
from motcua.teams.models import Assistance
from motcua.teams.queries import Membership, help_with, membership_of, own_filings, signature_on
from motcua.teams.services import (
    AlreadyFiled,
    Consent,
    ConsentNotOurs,
    HelpNotBegun,
    NotAMember,
    NotAPaperField,
    PaperNotCarried,
    Presented,
    SignatureRefused,
    begin_help,
    carry_paper,
    file_help,
    hear_of_filings,
)
from motcua.teams.services.forget import forget_unfiled
from motcua.teams.states import Clock
from motcua.vault.models import Paper
from motcua.vault.services import keep_upload

pytestmark = pytest.mark.django_db
PHOTO = uuid.UUID(int=5)


def begin(key: uuid.UUID, member: Membership, consent: Consent, presented: Presented = PRESENTED) -> None:
    begin_help(
        key=key, member=member, procedure_code="garden_key", presented=presented, consent=consent, now=NOW
    )


def carry(key: uuid.UUID, member: Membership, *, field: str = "proof", device_id: uuid.UUID = PHOTO) -> None:
    carry_paper(
        key=key,
        account_id=member.account_id,
        device_id=device_id,
        field=field,
        file_name="the.jpg",
        content=photograph((300, 400)),
        now=NOW,
    )


def file(key: uuid.UUID, member: Membership, proof: object = PHOTO) -> str:
    return file_help(
        key=key, account_id=member.account_id, values={"ward": WARD, "proof": str(proof)}, now=NOW
    )


@pytest.fixture
def begun(key: uuid.UUID, member: Membership, consent: Consent) -> uuid.UUID:
    begin(key, member, consent)
    return key


def test_the_person_has_the_case_and_reads_who_helped_with_which_words(
    begun: uuid.UUID, member: Membership, consent: Consent, drawn: bytes
) -> None:
    carry(begun, member)
    number = file(begun, member)

    case = Case.objects.get(number=number)
    person = Person.objects.get(key=PersonNumber.parse(MEMBER).key())
    assert (case.applicant_id, case.account_id, case.channel) == (person.pk, member.account_id, "online")
    assert person.name == NAME
    helped = help_with(number)
    assert helped is not None
    assert (helped.member, helped.team, helped.place) == ("Nguyễn Thị Sen", "Tổ số 1", f"Phường {WARD}")
    assert helped.words == tuple(consent.words.split("\n"))
    assert (helped.consented_at, helped.clock) == (NOW - timedelta(hours=3), Clock.GOOD)
    kept = signature_on(number)
    assert kept is not None
    assert kept.startswith(b"\x89PNG")
    assert kept not in bytes(Assistance.objects.get().signature_sealed)
    assert [each.number for each in own_filings(member.account_id)] == [number]
    told = LedgerEntry.objects.filter(name__in=("HelpConsented", "HelpFiled")).order_by("pk")
    assert [(entry.subject, entry.actor) for entry in told] == [
        (f"help:{begun}", f"account:{member.account_id}"),
        (number, f"account:{member.account_id}"),
    ]


def test_everything_sent_twice_happens_once(key: uuid.UUID, member: Membership, consent: Consent) -> None:
    for _ in range(2):
        begin(key, member, consent)
        carry(key, member)
    number = file(key, member)

    assert file(key, member) == number
    assert Case.objects.count() == Assistance.objects.count() == Paper.objects.count() == 1
    assert LedgerEntry.objects.filter(name__in=("HelpConsented", "HelpFiled")).count() == 2
    with pytest.raises(AlreadyFiled):
        carry(key, member, device_id=uuid.UUID(int=6))


def test_a_wrong_clock_is_noticed_and_reckoned_out(key: uuid.UUID, member: Membership, late: Consent) -> None:
    begin(key, member, late)

    row = Assistance.objects.get()
    assert (row.clock, row.clock_error_seconds) == (Clock.CORRECTED, 600)
    assert row.consented_at == NOW - timedelta(hours=3)
    assert row.device_said_at == late.said_at


def test_what_the_form_refuses_is_mended_under_the_same_key(begun: uuid.UUID, member: Membership) -> None:
    with pytest.raises(FormRefused) as refusal:
        file_help(key=begun, account_id=member.account_id, values={"ward": WARD}, now=NOW)
    assert list(refusal.value.errors) == ["proof"]
    assert not Case.objects.exists()

    carry(begun, member)

    assert file(begun, member)


def test_data_may_stand_in_for_the_paper(begun: uuid.UUID, member: Membership) -> None:
    assert file(begun, member, proof="data")


def test_a_paper_of_the_person_that_the_device_did_not_send_is_not_a_helpers_to_hand_in(
    begun: uuid.UUID, member: Membership
) -> None:
    carry(begun, member)

    with pytest.raises(PaperNotCarried):
        file(begun, member, proof=Paper.objects.get().pk)

    assert not Case.objects.exists()


def test_a_case_that_was_filed_while_nobody_heard_of_it_is_found(
    begun: uuid.UUID, member: Membership
) -> None:
    carry(begun, member)
    number = file(begun, member)
    Assistance.objects.update(case_number="", filed_at=None)

    assert hear_of_filings(now=NOW + timedelta(minutes=2)) == 0
    assert hear_of_filings(now=NOW + timedelta(minutes=4)) == 1

    assert Assistance.objects.get().case_number == number
    assert hear_of_filings(now=NOW + timedelta(minutes=8)) == 0


def test_without_a_consent_nothing_is_taken(key: uuid.UUID, member: Membership) -> None:
    with pytest.raises(HelpNotBegun):
        carry(key, member)
    with pytest.raises(HelpNotBegun):
        file(key, member)

    assert not Paper.objects.exists()


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"words": "Tôi đồng ý mọi việc."}, ConsentNotOurs),
        ({"seal": "0" * 64}, ConsentNotOurs),
        ({"signature": b"no picture"}, SignatureRefused),
        ({"signature": photograph((640, 240))}, SignatureRefused),
        ({"signature": bytes(200_001)}, SignatureRefused),
    ],
    ids=["other words", "other seal", "no picture", "not drawn", "too large"],
)
def test_a_consent_that_is_none_keeps_nothing(
    key: uuid.UUID,
    member: Membership,
    consent: Consent,
    changes: dict[str, object],
    refusal: type[Exception],
) -> None:
    with pytest.raises(refusal):
        begin(key, member, replace(consent, **changes))  # type: ignore[arg-type]  # named above

    assert not Assistance.objects.exists()
    assert not Person.objects.exists()


def test_a_number_that_belongs_to_another_name_is_refused(
    key: uuid.UUID, member: Membership, consent: Consent, citizen: Cite
) -> None:
    citizen(STRANGER)
    other = replace(
        PRESENTED, number=PersonNumber.parse(STRANGER), born_on=PRESENTED.born_on.replace(year=1991)
    )

    with pytest.raises(SomebodyElses):
        begin(key, member, consent, other)

    assert not Assistance.objects.exists()


def test_another_member_has_nothing_under_the_key(begun: uuid.UUID, consent: Consent) -> None:
    other = member_of("garden", "lan", "to_2")

    for act in (
        lambda: begin(begun, other, consent),
        lambda: carry(begun, other),
        lambda: file(begun, other),
    ):
        with pytest.raises(NotAMember):
            act()


def test_a_paper_that_no_question_asks_for_is_not_taken(begun: uuid.UUID, member: Membership) -> None:
    with pytest.raises(NotAPaperField):
        carry(begun, member, field="note")

    assert not Paper.objects.exists()


def test_who_left_the_team_helps_no_more(member: Membership) -> None:
    Appointment.objects.update(valid_to=TODAY)

    assert membership_of(member.account_id, TODAY) is None


def test_what_was_never_filed_is_forgotten_with_its_papers(begun: uuid.UUID, member: Membership) -> None:
    person_id = Assistance.objects.get().person_id
    own = keep_upload(
        person_id=person_id,
        kind="other",
        title="",
        file_name="own.jpg",
        content=photograph((320, 400)),
        now=NOW - timedelta(days=1),
        today=TODAY,
    )
    carry(begun, member)
    carry_paper(
        key=begun,
        account_id=member.account_id,
        device_id=uuid.UUID(int=6),
        field="proof",
        file_name="own.jpg",
        content=photograph((320, 400)),
        now=NOW,
    )

    assert forget_unfiled(now=NOW + timedelta(days=60)) == 0
    assert forget_unfiled(now=NOW + timedelta(days=61)) == 1

    assert not Assistance.objects.exists()
    assert [paper.pk for paper in Paper.objects.all()] == [own.id]


def test_what_was_filed_is_never_forgotten(begun: uuid.UUID, member: Membership) -> None:
    number = file(begun, member, proof="data")

    assert forget_unfiled(now=NOW + timedelta(days=900)) == 0
    assert help_with(number) is not None
