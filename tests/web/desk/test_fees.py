"""Money on the desk: what an officer sees, and who may do what with it."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from garden_fees import paid_service, pay
from openpyxl import Workbook

from motcua.cases.charging import ask_fees_of_new_case
from motcua.fees.models import Demand, Payment, Refund
from motcua.fees.queries import demands_of_case
from motcua.fees.states import DemandState
from motcua.identity.models import Account
from motcua.identity.states import Role
from motcua.registers.queries import accesses_of

from .conftest import NOW, UNSURE, SignIn, garden

__all__ = ["paid_service"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def number(paid_service: object, file: "garden.File", clock: object) -> str:
    number = file(UNSURE).number
    ask_fees_of_new_case(number=number, now=NOW)
    return number


def statement(*lines: str) -> SimpleUploadedFile:
    heading = "Ngày,Số tham chiếu,Số tiền,Nội dung\n"
    return SimpleUploadedFile("saoke.csv", (heading + "\n".join(lines)).encode())


def test_unmatched_payment_is_assigned_with_a_reason(sign_in: SignIn, number: str) -> None:
    payment = pay(number, 100_000, now=NOW, purpose="le phi").payment_id
    desk = sign_in(Role.SPECIALIST)
    page = desk.get("/desk/fees/").content.decode()
    assert "TRAN THI THU" in page
    assert number in page

    without = desk.post(f"/desk/fees/payments/{payment}/assign/", {"number": number, "reason": ""})
    wrong = desk.post(f"/desk/fees/payments/{payment}/assign/", {"number": "H17-1", "reason": "x"})
    sure = {"number": f" {number} ", "reason": "đúng tên", "step": "confirmed"}
    done = desk.post(f"/desk/fees/payments/{payment}/assign/", sure)
    again = desk.post(f"/desk/fees/payments/{payment}/assign/", sure)

    assert (without.status_code, wrong.status_code, done.status_code) == (422, 422, 302)
    assert again.status_code == 422
    assert demands_of_case(number)[0].state is DemandState.PAID


@pytest.mark.parametrize(
    ("amount", "said"),
    [(100_000, ""), (150_000, "phần thừa phải hoàn lại"), (40_000, "vẫn còn thiếu 60.000")],
)
def test_payment_is_shown_beside_its_case_before_it_is_assigned(
    sign_in: SignIn, number: str, amount: int, said: str
) -> None:
    payment = pay(number, amount, now=NOW, purpose="le phi").payment_id
    desk, typed = sign_in(Role.SPECIALIST), {"number": number, "reason": "Đúng tên"}

    shown = desk.post(f"/desk/fees/payments/{payment}/assign/", typed).content.decode()
    mend = desk.post(f"/desk/fees/payments/{payment}/assign/", {**typed, "step": "mend"}).content.decode()

    assert "TRAN THI THU" in shown
    assert number in shown
    assert "Đúng tên" in shown
    assert said in shown.replace("\xa0", " ")
    assert ("govuk-warning-text" in shown.split("không gỡ ra được", 1)[1]) is bool(said)
    assert 'value="Đúng tên"' in mend
    assert Payment.objects.get().demand is None


def test_mistake_about_money_loses_nothing_that_was_typed(sign_in: SignIn, number: str) -> None:
    payment = pay(number, 100_000, now=NOW, purpose="le phi").payment_id
    desk = sign_in(Role.SPECIALIST)
    address = f"/desk/fees/payments/{payment}"

    wrong = desk.post(f"{address}/assign/", {"number": "H17-1", "reason": "Đúng tên người nộp"})
    refund = desk.post(f"{address}/refund/", {"amount": "900.000", "reason": "Chuyển nhầm"})

    assert 'value="H17-1"' in wrong.content.decode()
    assert 'value="Đúng tên người nộp"' in wrong.content.decode()
    assert wrong.content.decode().count("Kiểm tra lại từng chữ số.") == 2
    assert 'value="900.000"' in refund.content.decode()
    assert 'value="Chuyển nhầm"' in refund.content.decode()


def test_refund_is_asked_by_one_and_confirmed_by_another(sign_in: SignIn, number: str) -> None:
    pay(number, 100_000, now=NOW)
    payment = pay(number, 100_000, now=NOW, reference="FT2").payment_id
    asking = sign_in(Role.SPECIALIST)
    assert number in asking.get("/desk/fees/").content.decode()

    too_much = asking.post(f"/desk/fees/payments/{payment}/refund/", {"amount": "200.000", "reason": "x"})
    asked = asking.post(
        f"/desk/fees/payments/{payment}/refund/", {"amount": "100.000", "reason": "nộp hai lần"}
    )
    refund = Refund.objects.get()
    own = asking.post(f"/desk/fees/refunds/{refund.pk}/", {"answer": "confirm"})
    confirming = sign_in(Role.APPROVER)
    assert "nộp hai lần" in confirming.get("/desk/fees/").content.decode()
    confirmed = confirming.post(f"/desk/fees/refunds/{refund.pk}/", {"answer": "confirm"})

    assert (too_much.status_code, asked.status_code, own.status_code) == (422, 302, 422)
    assert confirmed.status_code == 302
    assert demands_of_case(number)[0].state is DemandState.PAID
    again = confirming.post(f"/desk/fees/refunds/{refund.pk}/", {"answer": "decline"})
    assert again.status_code == 422


def test_statement_is_imported_or_refused_with_its_lines(sign_in: SignIn, number: str) -> None:
    desk = sign_in(Role.ONE_STOP_OFFICER)
    page = desk.get("/desk/fees/").content.decode()
    account = page.split('<option value="')[1].split('"')[0]

    bad = statement(f"20/11/2026,A1,100.000,{number}", "20/11/2026,A2,mười,x")
    refused = desk.post("/desk/fees/statement/", {"account": account, "file": bad})
    assert refused.status_code == 422
    assert "Dòng 3" in refused.content.decode()
    assert not Payment.objects.exists()

    good = f"20/11/2026,A1,100.000,{number}"
    first = desk.post("/desk/fees/statement/", {"account": account, "file": statement(good)})
    again = desk.post("/desk/fees/statement/", {"account": account, "file": statement(good)})
    assert "1 khoản mới" in first.content.decode()
    assert "không có gì thay đổi" in again.content.decode()
    assert demands_of_case(number)[0].state is DemandState.PAID


@pytest.mark.parametrize("sent", [{}, {"account": "x"}, {"account": "999999"}, {"account": "1", "file": ""}])
def test_statement_without_file_or_account_is_a_mistake(
    sign_in: SignIn, number: str, sent: dict[str, str]
) -> None:
    whole = {"file": statement("x"), **sent} if sent.get("account") == "999999" else sent

    assert sign_in(Role.SPECIALIST).post("/desk/fees/statement/", whole).status_code == 422


def test_page_of_a_case_shows_its_payments_and_is_noted_for_the_applicant(
    sign_in: SignIn, number: str, citizen: "garden.Cite"
) -> None:
    pay(number, 60_000, now=NOW)

    page = sign_in(Role.SPECIALIST).get(f"/desk/{number}/fees/")

    text = page.content.decode()
    assert page.status_code == 200
    for words in ("Phí thẩm định", "Nộp thiếu", "FT1", "Thôi thu"):
        assert words in text, words
    assert len(accesses_of(citizen(UNSURE).person.key)) >= 1


def test_demand_is_taken_back_for_a_reason_only(sign_in: SignIn, number: str) -> None:
    demand = Demand.objects.get()
    desk = sign_in(Role.SPECIALIST)

    without = desk.post(f"/desk/fees/demands/{demand.pk}/cancel/", {"number": number, "reason": " "})
    assert without.status_code == 422
    desk.post(f"/desk/fees/demands/{demand.pk}/cancel/", {"number": number, "reason": "tính sai"})

    demand.refresh_from_db()
    assert demand.cancel_reason == "tính sai"


ACTS = [
    "/desk/fees/payments/{payment}/assign/",
    "/desk/fees/payments/{payment}/refund/",
    "/desk/fees/refunds/{refund}/",
    "/desk/fees/demands/{demand}/cancel/",
]


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("who", [{"role": Role.INSPECTOR}, {"role": Role.SPECIALIST, "agency": "harbour"}])
def test_money_of_another_office_is_not_there(
    sign_in: SignIn, number: str, other_office: str, act: str, who: dict[str, object]
) -> None:
    payment = pay(number, 100_000, now=NOW, purpose="x").payment_id
    asking = Account.objects.create(kind="officer", login="asks", name="A", created_at=NOW)
    refund = Refund.objects.create(
        payment_id=payment, amount_vnd=1, reason="x", asked_by=asking, asked_at=NOW
    )
    address = act.format(payment=payment, refund=refund.pk, demand=Demand.objects.get().pk)

    answer = sign_in(**who).post(
        address, {"number": number, "reason": "x", "amount": "1", "answer": "confirm", "step": "confirmed"}
    )

    assert answer.status_code in (404, 422)
    refund.refresh_from_db()
    assert refund.confirmed_at is None
    assert Refund.objects.count() == 1
    assert Payment.objects.get().demand is None
    assert Demand.objects.get().cancelled_at is None


def test_officer_of_another_office_sees_no_payment(sign_in: SignIn, number: str, other_office: str) -> None:
    pay(number, 100_000, now=NOW, purpose="x")

    page = sign_in(Role.SPECIALIST, agency="harbour").get("/desk/fees/").content.decode()

    assert "TRAN THI THU" not in page


def test_workbook_is_imported_like_a_csv(sign_in: SignIn, number: str) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Ngân hàng Mẫu"])
    sheet.append(["Ngày", "Số tham chiếu", "Số tiền", "Nội dung"])
    sheet.append(["20/11/2026", "A1", 100_000, f"nop phi {number}"])
    file = io.BytesIO()
    book.save(file)
    desk = sign_in(Role.SPECIALIST)
    account = desk.get("/desk/fees/").content.decode().split('<option value="')[1].split('"')[0]

    desk.post(
        "/desk/fees/statement/",
        {"account": account, "file": SimpleUploadedFile("saoke.xlsx", file.getvalue())},
    )

    assert demands_of_case(number)[0].state is DemandState.PAID


def test_mistake_in_a_refund_is_shown_beside_the_case(sign_in: SignIn, number: str) -> None:
    payment = pay(number, 150_000, now=NOW).payment_id
    desk = sign_in(Role.SPECIALIST)

    page = desk.post(
        f"/desk/fees/payments/{payment}/refund/", {"amount": "50.000", "reason": "", "number": number}
    )

    text = page.content.decode()
    assert page.status_code == 422
    assert f'href="#field-refund-reason-{payment}"' in text
    assert 'value="50.000"' in text
