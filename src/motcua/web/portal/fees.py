"""What a case has to pay, on its page: amounts, the code to scan, the account to copy, receipts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from motcua.cases.queries import CaseNotFound, CasePage, CaseView, case_of_person
from motcua.cases.services.paid import PAID
from motcua.documents.services import render_pdf
from motcua.documents.values import FeeReceiptPage, ReceiptLine, Words, moment_in_words
from motcua.fees.queries import DemandView, ReceiptNotFound, ReceiptView, demands_of_case, receipt_of
from motcua.fees.schedule import fee_lines
from motcua.fees.states import DemandState
from motcua.fees.wording import amount_in_words
from motcua.web.portal.access import Citizen, for_citizens
from motcua.web.portal.passes import issuer_of, qr_picture
from motcua.web.ui.components import Crumb, Row
from motcua.web.ui.fee_words import COLORS, OCCASIONS, STATES, dong
from motcua.web.ui.words import Bilingual, InTwoLanguages, number_in_words

LOOK_EVERY_SECONDS = 5
WAITS_FOR_MONEY = Bilingual(
    "Đang chờ bạn nộp {amount}. Ngân hàng báo tiền về thì hồ sơ tự chuyển sang “{next}”, bạn không phải báo lại.",
    "Waiting for your payment of {amount}. As soon as the bank reports it, the case moves on by itself to “{next}”; you"
    " need not tell us.",
)
NOTHING_TO_PAY = Bilingual(
    "Bạn không còn khoản nào phải nộp; hồ sơ sẽ tự chuyển sang “{next}” trong ít phút.",
    "Nothing is left to pay; the case moves on by itself to “{next}” within minutes.",
)
WAITS_FOR_ANSWER = Bilingual(
    "Đang chờ bạn bổ sung. Bổ sung xong, cán bộ xem tiếp và trả lời bạn.",
    "Waiting for what you were asked to supply. Once you have, an officer continues and answers you.",
)


@dataclass(frozen=True, slots=True)
class FeeCard:
    """A demand in words, with the picture to scan while something is left to pay."""

    demand: DemandView
    title: Bilingual
    state: Bilingual
    color: str
    picture: SafeString | None
    account: tuple[Row, ...]
    late: bool


@dataclass(frozen=True, slots=True)
class Fees:
    """Every demand of a case; ``mark`` changes when money arrives, so that a page can ask whether it did."""

    cards: tuple[FeeCard, ...]
    mark: str

    @property
    def waits(self) -> bool:
        """Tell whether something is left to pay."""
        return self.left_vnd > 0

    @property
    def left_vnd(self) -> int:
        """Return what is left to pay."""
        return sum(card.demand.left_vnd for card in self.cards)


def fees_of(case: CaseView, now: datetime) -> Fees:
    """Return what the case has to pay; no query for a service without fees."""
    demands = demands_of_case(case.number) if fee_lines(case.procedure.content) else ()
    return Fees(tuple(_card(demand, now) for demand in demands), mark_of(demands))


def waits_for(found: CasePage, fees: Fees) -> InTwoLanguages | None:
    """Return what a case waits for that stands still until its applicant does something, and what happens next.

    None where no such thing is waited for, and for a service with a legal clock, whose story tells it.
    """
    state = found.case.state
    if found.clock is not None or not state.paused:
        return None
    if state.clock != "payment":
        return WAITS_FOR_ANSWER
    workflow = found.case.procedure.content.workflow
    paid = workflow.acts.get(PAID)
    following = workflow.states[paid.target].label if paid else state.label
    words = WAITS_FOR_MONEY if fees.waits else NOTHING_TO_PAY
    return words.filled(amount=dong(fees.left_vnd), next=following)


def mark_of(demands: Sequence[DemandView]) -> str:
    """Return a text that is another one after each payment, refund or new demand."""
    return "-".join(f"{demand.id}.{demand.state.value}.{demand.kept_vnd}" for demand in demands)


@require_safe
@for_citizens
def fees(request: HttpRequest, citizen: Citizen, number: str) -> HttpResponse:
    """Show what the case has to pay on a page of its own, to be printed or shown at a counter."""
    found = _own(number, citizen)
    page = {
        "case": found.case,
        "fees": fees_of(found.case, timezone.now()),
        "every_seconds": LOOK_EVERY_SECONDS,
        "crumbs": [Crumb(Bilingual("Hồ sơ của tôi", "My cases"), "/my/"), Crumb(number, f"/my/{number}/")],
        "section": "my",
    }
    return render(request, "portal/fees_page.html", page)


@require_safe
@for_citizens
def fees_live(request: HttpRequest, citizen: Citizen, number: str) -> HttpResponse:
    """Have the page loaded anew if money arrived since; otherwise leave the reader alone."""
    _own(number, citizen)
    if mark_of(demands_of_case(number)) == request.GET.get("mark", ""):
        return HttpResponse(status=204)
    return HttpResponse(status=200, headers={"HX-Refresh": "true"})


@require_safe
@for_citizens
def fee_receipt(request: HttpRequest, citizen: Citizen, number: str, demand: int) -> HttpResponse:
    """Show the receipt of a demand."""
    found = _own(number, citizen)
    receipt = _receipt(number, demand)
    page = {
        "case": found.case,
        "receipt": receipt,
        "total_in_words": amount_in_words(receipt.demand.total_vnd),
        "crumbs": [Crumb(Bilingual("Hồ sơ của tôi", "My cases"), "/my/"), Crumb(number, f"/my/{number}/")],
        "section": "my",
    }
    return render(request, "portal/fee_receipt.html", page)


@require_safe
@for_citizens
def fee_receipt_file(request: HttpRequest, citizen: Citizen, number: str, demand: int) -> HttpResponse:
    """Give the receipt as a PDF to print."""
    pdf = receipt_pdf(_own(number, citizen), _receipt(number, demand))
    response = HttpResponse(pdf, content_type="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="bien-lai-{number}.pdf"'
    return response


def receipt_pdf(found: CasePage, receipt: ReceiptView) -> bytes:
    """Typeset the receipt; the same at every call, since it says only what stood when it was given."""
    office = issuer_of(found)
    title = found.case.procedure.content.manifest.title
    paid = [
        each for each in receipt.demand.payments if each.paid_at <= receipt.issued_at
    ] or receipt.demand.payments
    payers = list(dict.fromkeys(each.payer_name for each in paid if each.payer_name))
    page = FeeReceiptPage(
        agency=Words(vi=office.vi, en=office.en),
        number=receipt.name,
        issued_at=moment_in_words(receipt.issued_at),
        case_number=found.case.number,
        service=Words(vi=title.vi, en=title.en),
        payer=", ".join(payers)[:300] or None,
        lines=tuple(
            ReceiptLine(
                label=Words(vi=line.label_vi, en=line.label_en),
                legal_basis=line.legal_basis[:300],
                amount=number_in_words(line.amount_vnd, "vi"),
                exempt=Words(vi=line.exempt_vi, en=line.exempt_en) if line.exempt_vi else None,
            )
            for line in receipt.demand.lines
        ),
        total=dong(receipt.demand.total_vnd).vi,
        total_in_words=amount_in_words(receipt.demand.total_vnd),
        payments=tuple(
            f"{dong(each.amount_vnd).vi}, {moment_in_words(each.paid_at)}, {each.reference}" for each in paid
        ),
    )
    return render_pdf("fee_receipt", page, made_at=receipt.issued_at)


def _card(demand: DemandView, now: datetime) -> FeeCard:
    return FeeCard(
        demand=demand,
        title=OCCASIONS[demand.occasion],
        state=STATES[demand.state],
        color=COLORS[demand.state],
        picture=qr_picture(demand.qr_text) if demand.qr_text else None,
        account=_account(demand),
        late=demand.is_late(now) and demand.state in (DemandState.OPEN, DemandState.PART_PAID),
    )


def _account(demand: DemandView) -> tuple[Row, ...]:
    account = demand.account
    if account is None:
        return ()
    bank = Bilingual(f"{account.bank_name} ({account.bank_bin})", f"{account.bank_name} ({account.bank_bin})")
    return (
        Row(Bilingual("Số tiền", "Amount"), dong(demand.left_vnd)),
        Row(Bilingual("Số tài khoản", "Account"), account.number),
        Row(Bilingual("Ngân hàng", "Bank"), bank),
        Row(Bilingual("Chủ tài khoản", "Account holder"), account.holder),
        Row(Bilingual("Nội dung chuyển khoản", "Transfer message"), demand.purpose),
    )


def _receipt(number: str, demand: int) -> ReceiptView:
    try:
        return receipt_of(number, demand)
    except ReceiptNotFound:
        raise Http404(number) from None


def _own(number: str, citizen: Citizen) -> CasePage:
    try:
        return case_of_person(number, citizen.person.id)
    except CaseNotFound:
        raise Http404(number) from None
