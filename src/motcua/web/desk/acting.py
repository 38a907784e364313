"""The last look before an act: what is still to be found out, and the paper that it drafts, signs or seals."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from motcua.agencies.queries import AgencyNotKnown, PlaceNotKnown
from motcua.calendars.clock import EventRefused
from motcua.cases.plans import LayoutNotUsable
from motcua.cases.queries import CasePage
from motcua.cases.result_papers import PaperMissing, PaperToSign
from motcua.cases.services.act import FeeNotPaid, NewDateMissing, ReasonMissing
from motcua.cases.services.paper import paper_before_act
from motcua.documents.results import NoKeyToSignWith, ResultExists, SamePersonTwice
from motcua.documents.signing.acts import (
    CertificateNotGood,
    NotItsTurn,
    PaperNotSignable,
    TimeStampsSilent,
)
from motcua.documents.stores import TimeStampsNotChosen
from motcua.web.desk.found import FoundOut, found_views, read_found
from motcua.web.desk.pages import before_act
from motcua.web.desk.wishes import GIVE_DATE, GIVE_REASON, NOT_PAID, Wish, refused_date
from motcua.web.ui.components import FieldError
from motcua.web.ui.consult_words import finding_rows
from motcua.web.ui.fee_words import dong
from motcua.web.ui.officers import Officer
from motcua.web.ui.words import Bilingual

NO_PAPER = Bilingual(
    "Không lập được giấy từ dữ liệu của hồ sơ này, nên chưa có gì thay đổi. Báo cho người phụ trách dịch vụ.",
    "No paper can be made from the data of this case, so nothing was changed. Tell the service's owner.",
)
NO_AGENCY = Bilingual(
    "Cơ quan ở bước này chưa được khai báo, nên chưa có gì thay đổi. Báo cho người phụ trách dịch vụ.",
    "The agency of this step is not registered, so nothing was changed. Tell the service's owner.",
)
NO_KEY = Bilingual(
    "Bạn chưa có chữ ký số để ký giấy này (hoặc cơ quan chưa có con dấu số), nên chưa có gì thay đổi."
    " Người quản trị cấp chữ ký số cho bạn, rồi bạn làm lại việc này.",
    "You hold no key to sign this paper (or the agency has no seal), so nothing was changed."
    " Ask your administrator for one, then do this again.",
)
SAME_PERSON = Bilingual(
    "Bạn là người lập giấy này, nên người khác phải ký duyệt. Chưa có gì thay đổi.",
    "You drew this paper up, so another person has to sign it. Nothing was changed.",
)
OUT_OF_TURN = Bilingual(
    "Giấy kết quả chưa được lập hoặc còn thiếu chữ ký trước, nên chưa có gì thay đổi. Trả hồ sơ về người lập giấy.",
    "The paper is not drawn up yet or lacks an earlier signature, so nothing was changed. Send the case back.",
)
SEALED = Bilingual(
    "Giấy của hồ sơ này đã ký và đóng dấu, không lập lại được. Chưa có gì thay đổi.",
    "The paper of this case is sealed already and cannot be drawn up again. Nothing was changed.",
)
CERTIFICATE = Bilingual(
    "Chứng thư số đã hết hạn hoặc bị thu hồi, nên giấy chưa được ký và chưa có gì thay đổi. Báo người quản trị.",
    "The certificate has expired or was revoked, so nothing was signed or changed. Tell your administrator.",
)
NO_TIME = Bilingual(
    "Dịch vụ cấp dấu thời gian không trả lời, nên giấy chưa được ký và chưa có gì thay đổi. Thử lại sau ít phút.",
    "The time-stamp authority does not answer, so nothing was signed or changed. Try again in some minutes.",
)
# What an act may be refused for beside what moves a case.
REFUSALS = (
    ReasonMissing,
    NewDateMissing,
    FeeNotPaid,
    EventRefused,
    LayoutNotUsable,
    AgencyNotKnown,
    PlaceNotKnown,
    PaperMissing,
    ResultExists,
    NoKeyToSignWith,
    SamePersonTwice,
    NotItsTurn,
    PaperNotSignable,
    CertificateNotGood,
    TimeStampsSilent,
    TimeStampsNotChosen,
)
_SAID: dict[type[Exception], Bilingual] = {
    LayoutNotUsable: NO_PAPER,
    PaperNotSignable: NO_PAPER,
    AgencyNotKnown: NO_AGENCY,
    PlaceNotKnown: NO_AGENCY,
    PaperMissing: OUT_OF_TURN,
    NotItsTurn: OUT_OF_TURN,
    ResultExists: SEALED,
    NoKeyToSignWith: NO_KEY,
    SamePersonTwice: SAME_PERSON,
    CertificateNotGood: CERTIFICATE,
    TimeStampsSilent: NO_TIME,
    TimeStampsNotChosen: NO_TIME,
}


def mistake(refusal: Exception) -> FieldError:
    """Return what an act was refused for, at the field that mends it."""
    match refusal:
        case EventRefused():
            return refused_date(refusal)
        case ReasonMissing():
            return FieldError("reason", GIVE_REASON)
        case NewDateMissing():
            return FieldError("until", GIVE_DATE)
        case FeeNotPaid():
            return FieldError("act", NOT_PAID.filled(amount=dong(refusal.left_vnd)))
    return FieldError(
        "act", next((said for kind, said in _SAID.items() if isinstance(refusal, kind)), NO_PAPER)
    )


def last_look(
    request: HttpRequest, officer: Officer, found: CasePage, wish: Wish, *, changed: bool = False
) -> HttpResponse:
    """Ask what the act wants to know, then show what it will bring about, with the paper word for word.

    ``changed`` says that the paper is another than the officer read before. Raises what
    :func:`motcua.cases.services.paper.paper_before_act` raises.
    """
    act = found.acts[wish.act]
    given = read_found(act.findings, request.POST)
    answering = request.POST.get("step") == "found" or changed
    if act.findings and (not answering or given.errors):
        return findings_page(request, officer, found, wish, given, asked=answering)
    paper = paper_before_act(
        number=found.case.number,
        act=wish.act,
        rights=officer.rights,
        findings=given.values,
        now=officer.now,
    )
    page = {
        "officer": officer,
        "section": "queue",
        "case": found.case,
        "wish": wish,
        "act": act,
        "typed": given.typed,
        "found_out": finding_rows(found.case.procedure.content, given.values),
        "paper": paper,
        "signs": _signs(act.effect, paper),
        "changed": changed,
        **before_act(found, act, wish),
    }
    return render(request, "desk/confirm.html", page, status=409 if changed else 200)


def _signs(effects: tuple[str, ...], paper: PaperToSign | None) -> bool:
    return paper is not None and bool({"sign_result", "seal_result"} & set(effects))


def findings_page(
    request: HttpRequest,
    officer: Officer,
    found: CasePage,
    wish: Wish,
    given: FoundOut,
    *,
    asked: bool,
) -> HttpResponse:
    """Ask what the act wants to know; ``asked`` says that answers were sent and are to be mended."""
    act = found.acts[wish.act]
    errors = given.errors if asked else ()
    page = {
        "officer": officer,
        "section": "queue",
        "case": found.case,
        "wish": wish,
        "act": act,
        "fields": found_views(act.findings, given.typed, errors, timezone.localdate()),
        "errors": errors,
        "back": reverse("desk:case", args=(found.case.number,)),
    }
    return render(request, "desk/findings.html", page, status=422 if errors else 200)
