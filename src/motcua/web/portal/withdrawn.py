"""A citizen's paper that the office took back: what they may say against it, and the notice on their list of cases."""

from datetime import datetime, timedelta

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from motcua.cases.queries import CaseNotFound, CasePage, CaseView, case_of_person
from motcua.cases.services import ObjectionTooLate
from motcua.cases.services.act import ReasonMissing
from motcua.cases.services.withdrawing import NoSuchResult, object_to_withdrawal
from motcua.documents.matters import withdrawn_lately
from motcua.documents.withdrawals import ObjectedAlready
from motcua.web.portal.access import Citizen, for_citizens
from motcua.web.portal.notices import Told
from motcua.web.ui.components import Crumb, FieldError
from motcua.web.ui.consult_words import PaperCard, paper_cards
from motcua.web.ui.withdrawal_words import ground_in_words
from motcua.web.ui.words import Bilingual

LONGEST = 2000
# As long as a person may object, and no shorter than a month: then the page of the case goes on telling it.
TOLD_FOR = timedelta(days=90)
NEW_FOR = timedelta(days=7)
EMPTY = Bilingual(
    "Viết vì sao bạn cho rằng việc thu hồi chưa đúng.", "Write why you think the withdrawal is not right."
)
TOO_LONG = Bilingual("Viết ngắn lại, nhiều nhất 2.000 ký tự.", "Make it shorter: at most 2,000 characters.")
TITLE = Bilingual("Giấy của bạn đã bị thu hồi", "A paper of yours was withdrawn")
WITHDRAWN = Bilingual(
    "{title} số {number} không còn hiệu lực. Căn cứ: {ground}. Mở hồ sơ để đọc quyết định và gửi khiếu nại nếu bạn"
    " không đồng ý.",
    "{title}, number {number}, is no longer in force. Ground: {ground}. Open the case to read the notice, and to"
    " object if you do not agree.",
)
REPLACED = Bilingual(
    "{title} số {number} không còn hiệu lực; cơ quan đã cấp giấy khác thay thế. Căn cứ: {ground}. Mở hồ sơ để tải giấy"
    " mới.",
    "{title}, number {number}, is no longer in force; the office has given another in its place. Ground: {ground}."
    " Open the case for the new one.",
)


@require_http_methods(["GET", "HEAD", "POST"])
@for_citizens
def objection(request: HttpRequest, citizen: Citizen, number: str, code: str) -> HttpResponse:
    """Take what the citizen writes against the withdrawal of their paper; a person answers."""
    try:
        found = case_of_person(number, citizen.person.id)
    except CaseNotFound:
        raise Http404(number) from None
    card = _card(found, code)
    if card is None:
        raise Http404(number)
    if card.withdrawal is None or card.withdrawal.objection is not None:
        return redirect("portal:case", number)
    if request.method != "POST":
        return _page(request, found, card, "", ())
    text = request.POST.get("text", "").strip()
    if not text or len(text) > LONGEST:
        return _page(request, found, card, text, (FieldError("text", TOO_LONG if text else EMPTY),))
    try:
        object_to_withdrawal(
            number=number,
            result_id=card.result.id,
            applicant_id=citizen.person.id,
            text=text,
            now=timezone.now(),
        )
    except ReasonMissing:
        return _page(request, found, card, text, (FieldError("text", EMPTY),))
    except (NoSuchResult, ObjectionTooLate, ObjectedAlready):
        # The page of the case tells what is possible now, and by when it was.
        return redirect("portal:case", number)
    return redirect(f"{reverse('portal:case', args=(number,))}?objected=1")


def told_of_withdrawals(cases: list[CaseView], now: datetime) -> tuple[Told, ...]:
    """Return a message for each paper of these cases that was taken back lately, newest first; two queries at most."""
    return tuple(
        Told(
            title=TITLE,
            text=(REPLACED if each.replaced else WITHDRAWN).filled(
                title=each.title, number=each.number, ground=ground_in_words(each.ground)
            ),
            numbers=(each.case_number,),
            told_at=each.at,
            unread=each.at > now - NEW_FOR,
            about_law=False,
        )
        for each in withdrawn_lately([case.number for case in cases], since=now - TOLD_FOR)
    )


def _card(found: CasePage, code: str) -> PaperCard | None:
    return next((each for each in paper_cards(found, sealed_only=True) if each.result.code == code), None)


def _page(
    request: HttpRequest, found: CasePage, card: PaperCard, text: str, errors: tuple[FieldError, ...]
) -> HttpResponse:
    number = found.case.number
    page = {
        "case": found.case,
        "card": card,
        "text": text[: LONGEST + 200],
        "longest": LONGEST,
        "errors": errors,
        "now": timezone.now(),
        "crumbs": [Crumb(Bilingual("Hồ sơ của tôi", "My cases"), "/my/"), Crumb(number, f"/my/{number}/")],
        "section": "my",
    }
    return render(request, "portal/object_to_withdrawal.html", page, status=422 if errors else 200)
