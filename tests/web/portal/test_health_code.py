"""The health code on the citizen's page: why it is green or yellow, what would change it, and that it changes by itself."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from directing import leader
from django.test import Client
from django.utils import timezone

from motcua.cases.conditions import Conditions
from motcua.cases.models import Case, CaseEntry
from motcua.cases.services import file_case, follow_part
from motcua.cases.services.move import move
from motcua.cases.states import Channel, open_acts
from motcua.credentials.queries import standing_credential
from motcua.directives.services import confirm, prepare, schedule
from motcua.identity.people import person_of
from motcua.packs.reading import read_pack
from motcua.procedures.queries import procedure_in_force
from motcua.procedures.services import install_revision
from motcua.registers.services import load_csv
from motcua.site.demo.law import NEXT
from motcua.switching.dryrun import run, start
from motcua.switching.switch import execute, start_due
from motcua.switching.switch_models import Switch
from motcua.switching.undo import undo

CHANGES = "Điều gì sẽ làm kết quả khác đi"
ROOT = Path(__file__).resolve().parents[3]
Declare = Callable[..., str]


@pytest.fixture
def declares(town: dict[str, Any], db: None) -> Declare:
    """File the declaration of a sample and return the number of the case."""
    pack = read_pack(ROOT / "packs" / "health_code")
    install_revision(content=pack.content, sha256=pack.sha256, now=timezone.now())

    def declared(slug: str, **changes: str) -> str:
        citizen = town[slug]
        return file_case(
            procedure=procedure_in_force("health_code"),
            values={"symptoms": "no", "contact": "no", "truthful": True, **changes},
            applicant=person_of(citizen.account),
            account_id=citizen.account.pk,
            channel=Channel.ONLINE,
            key=f"health {slug} {changes}",
            now=timezone.now(),
        ).number

    return declared


def page(browser: Client, number: str) -> str:
    return browser.get(f"/my/{number}/").content.decode()


@pytest.mark.parametrize(
    ("slug", "answer", "reason"),
    [
        ("nhan-vien-sieu-thi", "green", "protected"),
        ("nguoi-giao-hang", "green", "tested_negative"),
        ("chu-ho-kinh-doanh", "yellow", "too_few_doses"),
        ("lam-o-vung-do", "yellow", "too_few_doses"),
        ("o-vung-do", "yellow", "home_in_red_zone"),
        ("cong-ty-dong-cua", "yellow", "tested_positive"),
        ("nganh-khong-thiet-yeu", "yellow", "signs_declared"),
        ("het-bao-hiem", "refer", "doses_unknown"),
        ("bao-hiem-trai-nguoc", "refer", "test_unknown"),
        ("noi-o-chua-xep-mau", "refer", "home_zone_unknown"),
        ("chua-dang-ky-cu-tru", "refuse", "not_registered_here"),
    ],
)
def test_each_sample_gets_the_code_of_its_story(
    declares: Declare, slug: str, answer: str, reason: str
) -> None:
    case = Case.objects.get(number=declares(slug))

    assert (case.answer, case.reason_code) == (answer, reason)


def test_a_green_code_is_shown_without_reasons(declares: Declare, signed_in: Callable[[str], Client]) -> None:
    shown = page(signed_in("nhan-vien-sieu-thi"), declares("nhan-vien-sieu-thi"))

    assert "XANH" in shown
    assert CHANGES not in shown
    assert "mc-verdict--granted" in shown


def test_a_yellow_code_says_why_and_what_would_make_it_green(
    declares: Declare, signed_in: Callable[[str], Client]
) -> None:
    shown = page(signed_in("chu-ho-kinh-doanh"), declares("chu-ho-kinh-doanh"))

    assert "VÀNG" in shown
    assert "mc-verdict--waiting" in shown
    assert "Bạn đã tiêm 1 mũi; chỉ thị cần 2 mũi" in shown
    assert CHANGES in shown
    assert "xét nghiệm: kết quả âm tính làm mã xanh trong 3 ngày" in shown


def test_missing_data_are_told_and_are_not_yellow(
    declares: Declare, signed_in: Callable[[str], Client]
) -> None:
    number = declares("het-bao-hiem")

    shown = page(signed_in("het-bao-hiem"), number)

    assert "Chưa đủ dữ liệu" in shown
    assert "VÀNG" not in shown
    assert "kết quả âm tính sẽ làm mã xanh" in shown
    assert standing_credential(number) is None


def test_the_letter_of_a_yellow_code_names_the_reason(
    declares: Declare, signed_in: Callable[[str], Client]
) -> None:
    number = declares("o-vung-do")

    letter = signed_in("o-vung-do").get(f"/my/{number}/letter.pdf")

    assert letter.status_code == 200
    assert letter.content.startswith(b"%PDF")


def test_a_code_turns_green_by_itself_with_a_negative_test_and_is_told_once(
    declares: Declare, signed_in: Callable[[str], Client], town: dict[str, Any], tmp_path: Path
) -> None:
    number = declares("chu-ho-kinh-doanh")
    old = standing_credential(number)
    now = timezone.now() + timedelta(minutes=1)
    tests = tmp_path / "tests.csv"
    today = timezone.localdate(now).isoformat()
    tests.write_text(
        "record,person,taken_on,method,result,newest_until\n"
        f"X1,{town['chu-ho-kinh-doanh'].story['number']},{today},pcr,negative,\n"
    )
    load_csv(register="tests", path=tests, as_of=now, now=now)

    for _ in range(2):
        follow_part(procedure_code="health_code", after="", now=now)

    new = standing_credential(number)
    case = Case.objects.get(number=number)
    assert old is not None
    assert new is not None
    assert (case.answer, case.reason_code) == ("green", "tested_negative")
    assert new.id != old.id
    assert CaseEntry.objects.filter(case_number=number, act="renew").count() == 1
    shown = page(signed_in("chu-ho-kinh-doanh"), number)
    assert "XANH" in shown
    assert CHANGES not in shown
    assert shown.count("Đổi mã theo dữ liệu mới") == 1


def test_a_directive_that_wants_fewer_doses_turns_the_code_green_and_its_undoing_yellow_again(
    declares: Declare, signed_in: Callable[[str], Client], settings: Any, tmp_path: Path
) -> None:
    settings.PUBLISHED_DIR = tmp_path / "published"
    number = declares("chu-ho-kinh-doanh")
    old = standing_credential(number)
    chair, deputy = leader("lanhdao"), leader("lanhdao.hai")
    now = timezone.now()
    at = now + timedelta(minutes=2)
    text = NEXT.read_text(encoding="utf-8").replace(
        "2026-09-30T00:00", timezone.localtime(now).isoformat(timespec="seconds")
    )
    directive_id = prepare(text=text, account_id=chair, now=now)
    run_id = start(directive_id=directive_id, account_id=chair, now=now)
    run(run_id=run_id, now=now)
    schedule(directive_id=directive_id, dry_run_id=run_id, at=at, account_id=chair, now=now)
    confirm(directive_id=directive_id, account_id=deputy, now=now)
    start_due(now=at)
    switch = Switch.objects.get(directive_id=directive_id)

    execute(switch.pk, at)

    turned = page(signed_in("chu-ho-kinh-doanh"), number)
    assert (Case.objects.get(number=number).answer, "XANH" in turned) == ("green", True)
    undo(switch_id=switch.pk, account_id=chair, now=at + timedelta(hours=1))
    execute(switch.pk, at + timedelta(hours=1))
    back = standing_credential(number)
    assert old is not None
    assert back is not None
    assert back.id == old.id
    assert Case.objects.get(number=number).answer == "yellow"


def test_a_yellow_code_is_objected_to_and_stands_until_an_officer_gives_green_or_keeps_it(
    declares: Declare, signed_in: Callable[[str], Client]
) -> None:
    browser, number = signed_in("chu-ho-kinh-doanh"), declares("chu-ho-kinh-doanh")
    old = standing_credential(number)
    assert old is not None
    assert f"/my/{number}/objection/" in page(browser, number)

    browser.post(f"/my/{number}/objection/", {"text": "Tôi đã tiêm mũi hai ở Quảng Nam."})

    waiting = page(browser, number)
    case = Case.objects.get(number=number)
    assert (case.state, case.objected) == ("objected", True)
    assert "giấy bạn đang có vẫn dùng được" in waiting
    assert "mc-pass__qr" in waiting
    assert standing_credential(number) == old
    workflow = procedure_in_force("health_code").content.workflow
    officer = open_acts(workflow, "objected", "approver", Conditions(case))
    assert set(officer) == {"give_green", "refuse", "keep"}
    move(
        case,
        content=procedure_in_force("health_code").content,
        act_name="keep",
        act=officer["keep"],
        actor="account:1",
        reason="Sổ tiêm chủng của tỉnh bạn chưa xác nhận mũi hai.",
        now=timezone.now(),
    )
    kept = page(browser, number)
    assert "VÀNG" in kept
    assert standing_credential(number) == old


def test_a_green_code_offers_no_objection(declares: Declare, signed_in: Callable[[str], Client]) -> None:
    number = declares("nhan-vien-sieu-thi")

    assert "/objection/" not in page(signed_in("nhan-vien-sieu-thi"), number)


def test_who_was_refused_has_no_code_to_keep(declares: Declare, signed_in: Callable[[str], Client]) -> None:
    number = declares("chua-dang-ky-cu-tru")
    signed_in("chua-dang-ky-cu-tru").post(f"/my/{number}/objection/", {"text": "Tôi ở trọ tại đây."})

    case = Case.objects.get(number=number)
    workflow = procedure_in_force("health_code").content.workflow
    assert case.state == "objected"
    assert set(open_acts(workflow, "objected", "approver", Conditions(case))) == {"give_green", "refuse"}
