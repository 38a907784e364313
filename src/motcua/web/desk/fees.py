"""Money on the desk: payments that named no case, refunds by two persons, bank statements, the payments of a case."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from motcua.cases.bulk.check import lines_of
from motcua.cases.bulk.lists import FileRefused, format_of
from motcua.cases.queries import CaseNotFound
from motcua.cases.services.open import open_case
from motcua.fees.models import BankAccount, Demand, Payment, Refund
from motcua.fees.queries import (
    DemandView,
    PaymentView,
    accounts_of,
    demand_to_pay,
    demands_due_back,
    demands_of_case,
    refunds_waiting,
    unmatched_payments,
)
from motcua.fees.services import (
    AlreadyAssigned,
    DemandSettled,
    MoreThanPaid,
    RefundClosed,
    SecondPersonNeeded,
    ask_refund,
    assign_payment,
    cancel_demand,
    confirm_refund,
    decline_refund,
    import_statement,
)
from motcua.fees.statements import StatementRefused, amount_vnd
from motcua.identity.states import Purpose
from motcua.web.ui.components import FieldError
from motcua.web.ui.fee_words import CHANNELS, COLORS, MATCHES, OCCASIONS, STATES
from motcua.web.ui.officers import Officer, for_officers
from motcua.web.ui.words import Bilingual, InTwoLanguages

LONGEST_REASON = 500
LARGEST_STATEMENT_BYTES = 5 * 1024 * 1024
MOST_FAULTS = 50
GIVE_REASON = Bilingual("Viết lý do; lý do được lưu vào sổ cái.", "Write the reason; the ledger keeps it.")
NO_SUCH_CASE = Bilingual(
    "Hồ sơ này không có khoản nào phải nộp trong phạm vi của bạn. Kiểm tra lại từng chữ số.",
    "This case has nothing to pay within your place and office. Check each digit.",
)
NOT_LEFT = Bilingual(
    "Số tiền phải lớn hơn 0 và không quá phần còn lại của khoản chuyển.",
    "The amount must be above zero and not more than what is left of the payment.",
)
MOVED_ON = Bilingual(
    "Khoản này vừa được xử lý. Danh sách dưới đây là hiện tại.",
    "This was settled meanwhile. The list below is as of now.",
)
SECOND_PERSON = Bilingual(
    "Người đề nghị không tự xác nhận; cần một người khác.",
    "Who asked does not confirm; another person has to.",
)
CHOOSE_FILE = Bilingual(
    "Chọn tài khoản và tệp sao kê (CSV hoặc XLSX).", "Choose an account and a CSV or XLSX file."
)
TOO_LARGE = Bilingual(
    "Tệp lớn hơn 5 MB; hãy xuất sao kê theo từng ngày.", "The file is larger than 5 MB; export day by day."
)
LINE = Bilingual("Dòng {line}: {what}", "Line {line}: {what}")
BROUGHT = Bilingual(
    "Đã nhập: {lines} khoản có, {fresh} khoản mới, {unmatched} khoản chưa rõ hồ sơ.",
    "Imported: {lines} credits, {fresh} of them new, {unmatched} that name no case.",
)
AGAIN = Bilingual(
    "Tệp này đã nhập trước đây; không có gì thay đổi.", "This file was imported before; nothing changed."
)


@dataclass(frozen=True, slots=True)
class Said:
    """What the page says on top: mistakes, or what was done."""

    errors: tuple[FieldError, ...] = ()
    done: Bilingual | None = None


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed about a payment and has to be mended: nothing of it is typed twice."""

    number: str = ""
    reason: str = ""
    refund_reason: str = ""
    amount: str = ""
    wrong: Mapping[str, InTwoLanguages | str] = field(default_factory=dict)


def _typed(request: HttpRequest, payment: int, errors: tuple[FieldError, ...]) -> Typed:
    """Return what was sent about this payment, with what is wrong by the name of the field."""
    match = request.resolver_match
    if request.method != "POST" or match is None or match.kwargs.get("payment") != payment:
        return Typed()
    wrong = {each.name.rpartition("-")[0].replace("-", "_"): each.message for each in errors}
    if match.url_name == "refund":
        amount = request.POST.get("amount", "")[:30]
        return Typed(refund_reason=_reason(request), amount=amount, wrong=wrong)
    return Typed(number=_number(request), reason=_reason(request), wrong=wrong)


@require_safe
@for_officers(Purpose.HANDLE_CASES, Purpose.DECIDE_CASES)
def fees(request: HttpRequest, officer: Officer) -> HttpResponse:
    """List what an officer has to look at."""
    return _page(request, officer, Said())


@require_POST
@for_officers(Purpose.HANDLE_CASES)
def assign(request: HttpRequest, officer: Officer, payment: int) -> HttpResponse:
    """Show what would be given to which case, then do it: a receipt has its number for good."""
    number, reason, step = _number(request), _reason(request), request.POST.get("step", "")
    if step == "mend":
        return _page(request, officer, Said())
    if not reason:
        return _mistake(request, officer, f"reason-{payment}", GIVE_REASON)
    wanted = demand_to_pay(number, officer.rights) if number else None
    if wanted is None:
        return _mistake(request, officer, f"number-{payment}", NO_SUCH_CASE)
    if step != "confirmed":
        return _assignment(request, officer, payment, wanted)
    try:
        assign_payment(
            payment_id=payment, demand_id=wanted, reason=reason, rights=officer.rights, now=officer.now
        )
    except (Payment.DoesNotExist, Demand.DoesNotExist):
        raise Http404 from None
    except AlreadyAssigned:
        return _mistake(request, officer, "list", MOVED_ON)
    return redirect("desk:case_fees", number)


@require_POST
@for_officers(Purpose.HANDLE_CASES)
def refund(request: HttpRequest, officer: Officer, payment: int) -> HttpResponse:
    """Ask that part or all of a payment be given back; a second person confirms."""
    reason, amount = _reason(request), amount_vnd(request.POST.get("amount", "")[:30])
    if not reason:
        return _mistake_beside(request, officer, f"refund-reason-{payment}", GIVE_REASON)
    try:
        ask_refund(
            payment_id=payment, amount_vnd=amount or 0, reason=reason, rights=officer.rights, now=officer.now
        )
    except Payment.DoesNotExist:
        raise Http404 from None
    except MoreThanPaid:
        return _mistake_beside(request, officer, f"amount-{payment}", NOT_LEFT)
    return redirect(f"{reverse('desk:fees')}#refunds")


@require_POST
@for_officers(Purpose.DECIDE_CASES)
def answer_refund(request: HttpRequest, officer: Officer, refund: int) -> HttpResponse:
    """Confirm a refund as the second person, or decline it."""
    act = confirm_refund if request.POST.get("answer") == "confirm" else decline_refund
    try:
        act(refund_id=refund, rights=officer.rights, now=officer.now)
    except Refund.DoesNotExist:
        raise Http404 from None
    except RefundClosed:
        return _mistake(request, officer, "refunds", MOVED_ON)
    except SecondPersonNeeded:
        return _mistake(request, officer, "refunds", SECOND_PERSON)
    return redirect(f"{reverse('desk:fees')}#refunds")


@require_http_methods(["POST"])
@for_officers(Purpose.HANDLE_CASES)
def statement(request: HttpRequest, officer: Officer) -> HttpResponse:
    """Import a bank statement; a bad line leaves everything as it was."""
    file, account = request.FILES.get("file"), request.POST.get("account", "")
    if not isinstance(file, UploadedFile) or not account.isdecimal() or len(account) > 9:
        return _mistake(request, officer, "file", CHOOSE_FILE)
    if (file.size or 0) > LARGEST_STATEMENT_BYTES:
        return _mistake(request, officer, "file", TOO_LARGE)
    content = file.read()
    try:
        lines = lines_of(content, format_of(content))
        rows = [(line.number, tuple(cell.text for cell in line.cells)) for line in lines if not line.empty]
        brought = import_statement(
            account_id=int(account),
            rows=rows,
            sha256=hashlib.sha256(content).hexdigest(),
            rights=officer.rights,
            now=officer.now,
        )
    except BankAccount.DoesNotExist:
        return _mistake(request, officer, "file", CHOOSE_FILE)
    except FileRefused as refusal:
        return _mistake(request, officer, "file", Bilingual(refusal.words.vi, refusal.words.en))
    except StatementRefused as refusal:
        told = [
            FieldError("file", LINE.filled(line=fault.line, what=Bilingual(fault.vi, fault.en)))
            for fault in refusal.faults[:MOST_FAULTS]
        ]
        return _page(request, officer, Said(errors=tuple(told)))
    if brought.again:
        return _page(request, officer, Said(done=AGAIN))
    return _page(
        request,
        officer,
        Said(done=BROUGHT.filled(lines=brought.lines, fresh=brought.fresh, unmatched=brought.unmatched)),
    )


@require_safe
@for_officers(Purpose.READ_CASES)
def case_fees(request: HttpRequest, officer: Officer, number: str) -> HttpResponse:
    """Show what a case has to pay and paid; the applicant sees that it was opened."""
    return _case_page(request, officer, number, ())


@require_POST
@for_officers(Purpose.DECIDE_CASES)
def cancel(request: HttpRequest, officer: Officer, demand: int) -> HttpResponse:
    """Take a demand back that is not settled."""
    reason = _reason(request)
    if not reason:
        return _mistake_beside(request, officer, f"cancel-{demand}", GIVE_REASON)
    try:
        number = cancel_demand(demand_id=demand, reason=reason, rights=officer.rights, now=officer.now)
    except Demand.DoesNotExist:
        raise Http404 from None
    except DemandSettled:
        return _mistake(request, officer, "list", MOVED_ON)
    return redirect("desk:case_fees", number)


def _number(request: HttpRequest) -> str:
    return request.POST.get("number", "").replace("\0", "").strip().upper()[:40]


def _reason(request: HttpRequest) -> str:
    return request.POST.get("reason", "").replace("\0", "").strip()[:LONGEST_REASON]


def _mistake(request: HttpRequest, officer: Officer, field: str, message: Bilingual) -> HttpResponse:
    return _page(request, officer, Said(errors=(FieldError(field, message),)))


def _mistake_beside(request: HttpRequest, officer: Officer, field: str, message: Bilingual) -> HttpResponse:
    """Show a mistake on the page that the form stands on: that of the case, or the list."""
    number = _number(request)
    if number:
        return _case_page(request, officer, number, (FieldError(field, message),))
    return _mistake(request, officer, field, message)


def _payments(
    request: HttpRequest, demand: DemandView, errors: tuple[FieldError, ...]
) -> list[tuple[PaymentView, Bilingual | None, int, Typed]]:
    """Return the payments with how each was matched, how much would be given back first, and what was typed."""
    return [
        (
            each,
            MATCHES[each.match] if each.match else None,
            min(demand.due_back_vnd or each.left_vnd, each.left_vnd),
            _typed(request, each.id, errors),
        )
        for each in demand.payments
    ]


def _case_page(
    request: HttpRequest, officer: Officer, number: str, errors: tuple[FieldError, ...]
) -> HttpResponse:
    try:
        found = open_case(number=number, rights=officer.rights, now=officer.now)
    except CaseNotFound:
        raise Http404 from None
    page = {
        "officer": officer,
        "section": "fees",
        "case": found.case,
        "title": found.case.procedure.content.manifest.title,
        "errors": errors,
        "demands": [
            (
                each,
                OCCASIONS[each.occasion],
                STATES[each.state],
                COLORS[each.state],
                _payments(request, each, errors),
            )
            for each in demands_of_case(number)
        ],
    }
    return render(request, "desk/case_fees.html", page, status=422 if errors else 200)


def _assignment(request: HttpRequest, officer: Officer, payment: int, wanted: int) -> HttpResponse:
    """Show the payment beside the case that it would go to; the applicant sees that the case was opened."""
    number = _number(request)
    unmatched = next((one for one in unmatched_payments(officer.rights) if one.payment.id == payment), None)
    demand = next((one for one in demands_of_case(number) if one.id == wanted), None)
    if unmatched is None or demand is None:
        return _mistake(request, officer, "list", MOVED_ON)
    try:
        found = open_case(number=number, rights=officer.rights, now=officer.now)
    except CaseNotFound:
        raise Http404 from None
    differs = unmatched.payment.amount_vnd - demand.left_vnd
    page = {
        "officer": officer,
        "section": "fees",
        "payment": unmatched.payment,
        "demand": demand,
        "case": found.case,
        "case_of": found.applicant.name,
        "title": found.case.procedure.content.manifest.title,
        "differs": differs,
        "missing": -differs,
        "reason": _reason(request),
    }
    return render(request, "desk/assign_confirm.html", page)


def _page(request: HttpRequest, officer: Officer, said: Said) -> HttpResponse:
    handles = officer.rights.serves(Purpose.HANDLE_CASES)
    page = {
        "officer": officer,
        "section": "fees",
        "handles": handles,
        "errors": said.errors,
        "done": said.done,
        "accounts": accounts_of(officer.rights),
        "unmatched": [
            (each, CHANNELS[each.payment.channel], _typed(request, each.payment.id, said.errors))
            for each in unmatched_payments(officer.rights)
        ],
        "due_back": demands_due_back(officer.rights),
        "refunds": refunds_waiting(officer.rights),
    }
    return render(request, "desk/fees.html", page, status=422 if said.errors else 200)
