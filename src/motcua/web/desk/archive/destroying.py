"""Destruction on the desk: what is past its term, proposals, and the decision of another person."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from motcua.archives.models import Destruction
from motcua.archives.queries import destruction as found_destruction
from motcua.archives.queries import destructions as found_destructions
from motcua.archives.queries import minutes_of, past_term
from motcua.archives.services import (
    DestructionDecidedAlready,
    DossierWaits,
    NothingChosen,
    NotPastTerm,
    SamePersonTwice,
    decide_destruction,
    propose_destruction,
)
from motcua.archives.states import Outcome
from motcua.documents.results import NoKeyToSignWith
from motcua.documents.signing.acts import CertificateNotGood, TimeStampsSilent
from motcua.documents.signing.keystore import KeyMissing
from motcua.documents.stores import TimeStampsNotChosen
from motcua.identity.states import Purpose
from motcua.web.desk.archive.shelf import term_of
from motcua.web.ui.attachments import attachment
from motcua.web.ui.components import FieldError
from motcua.web.ui.officers import Officer, for_officers
from motcua.web.ui.words import Bilingual

LONGEST = 2000
CHOOSE = Bilingual("Chọn ít nhất một hồ sơ.", "Choose at least one dossier.")
REASON = Bilingual("Viết lý do đề nghị hủy.", "Write why they should be destroyed.")
COUNCIL = Bilingual("Ghi thành phần hội đồng đã xét danh mục.", "Name the council that looked at the list.")
MOVED_ON = Bilingual(
    "Có hồ sơ không còn trong danh sách, hoặc đã có người đề nghị. Xem lại danh sách rồi chọn lại.",
    "A dossier is not on the list any more, or somebody proposed it. Look at the list and choose again.",
)
WAITS = Bilingual(
    "Chưa hủy được: {numbers} còn việc chưa xong (khiếu nại, giấy chờ ký, tiền hoàn trả, hoặc hồ sơ đang được xử lý"
    " tiếp). Bỏ ra khỏi danh sách, hoặc chờ xong.",
    "Not to be destroyed yet: about {numbers} something is open (an objection, a paper to sign, money to give back, or"
    " the case goes on). Leave it out of the list, or wait.",
)
NO_SEAL = Bilingual(
    "Chưa đóng dấu được biên bản nên chưa có gì bị hủy. Cơ quan chưa có khóa đóng dấu còn hiệu lực, hoặc dịch vụ dấu"
    " thời gian không trả lời. Báo quản trị hệ thống, rồi thử lại.",
    "The minutes could not be sealed, so nothing was destroyed: the office has no seal in force, or the authority of"
    " time stamps does not answer. Tell the operator, then try again.",
)
WORDS = Bilingual("Viết lý do quyết định; lý do nằm trong biên bản.", "Write why; it stands in the minutes.")
TWO_PERSONS = Bilingual(
    "Bạn là người đề nghị, nên người khác phải quyết định.",
    "You proposed it, so somebody else has to decide.",
)
DECIDED = Bilingual("Đã có người quyết định.", "Somebody decided on it.")


@require_http_methods(["GET", "HEAD", "POST"])
@for_officers(Purpose.KEEP_ARCHIVES, Purpose.DESTROY_RECORDS)
def destructions(request: HttpRequest, officer: Officer) -> HttpResponse:
    """List what is past its term and what was proposed, or take a proposal."""
    if request.method != "POST":
        return _listed(request, officer, ())
    if not officer.keeps_archives:
        raise Http404
    chosen = _ids(request.POST.getlist("dossier"))
    reason, council = (request.POST.get(name, "").strip()[:LONGEST] for name in ("reason", "council"))
    missing = (("dossier", chosen, CHOOSE), ("reason", reason, REASON), ("council", council, COUNCIL))
    errors = tuple(FieldError(name, message) for name, given, message in missing if not given)
    if errors:
        return _listed(request, officer, errors)
    try:
        made = propose_destruction(
            dossier_ids=chosen, reason=reason, council=council, rights=officer.rights, now=officer.now
        )
    except (NotPastTerm, NothingChosen):
        return _listed(request, officer, (FieldError("dossier", MOVED_ON),))
    except DossierWaits as refusal:
        return _listed(request, officer, (FieldError("dossier", _waits(refusal)),))
    return redirect("desk:destruction", made)


@require_http_methods(["GET", "HEAD", "POST"])
@for_officers(Purpose.KEEP_ARCHIVES, Purpose.DESTROY_RECORDS)
def destruction(request: HttpRequest, officer: Officer, destruction_id: UUID) -> HttpResponse:
    """Show a proposal with its list, or decide on it."""
    if request.method != "POST":
        return _one(request, officer, destruction_id, ())
    answer, words = request.POST.get("answer", ""), request.POST.get("words", "").strip()[:LONGEST]
    if answer not in Outcome.values or not words:
        return _one(request, officer, destruction_id, (FieldError("words", WORDS),))
    try:
        decide_destruction(
            destruction_id=destruction_id,
            outcome=Outcome(answer),
            words=words,
            rights=officer.rights,
            now=officer.now,
        )
    except Destruction.DoesNotExist:
        raise Http404 from None
    except SamePersonTwice:
        return _one(request, officer, destruction_id, (FieldError("words", TWO_PERSONS),))
    except (NoKeyToSignWith, KeyMissing, CertificateNotGood, TimeStampsSilent, TimeStampsNotChosen):
        return _one(request, officer, destruction_id, (FieldError("", NO_SEAL),))
    except DossierWaits as refusal:
        return _one(request, officer, destruction_id, (FieldError("words", _waits(refusal)),))
    except DestructionDecidedAlready:
        return _one(request, officer, destruction_id, (FieldError("", DECIDED),))
    return redirect(f"{reverse('desk:destruction', args=(destruction_id,))}?done=1")


@require_safe
@for_officers(Purpose.KEEP_ARCHIVES, Purpose.DESTROY_RECORDS)
def minutes(request: HttpRequest, officer: Officer, destruction_id: UUID) -> HttpResponse:
    """Give out the minutes of a decision."""
    content = minutes_of(destruction_id, officer.rights)
    if content is None:
        raise Http404
    name = f"bien-ban-huy-{str(destruction_id)[:8]}.pdf"
    return attachment(content, media_type="application/pdf", file_name=name)


def _waits(refusal: DossierWaits) -> Bilingual:
    shown = ", ".join(refusal.numbers[:10])
    return WAITS.filled(numbers=f"{shown} …" if len(refusal.numbers) > 10 else shown)


def _listed(request: HttpRequest, officer: Officer, errors: tuple[FieldError, ...]) -> HttpResponse:
    today = timezone.localdate(officer.now)
    chosen = request.POST.getlist("dossier")
    page = {
        "officer": officer,
        "section": "archive",
        "part": "destruction",
        "lines": [(line, term_of(line), str(line.id) in chosen) for line in past_term(officer.rights, today)],
        "proposals": found_destructions(officer.rights),
        "errors": errors,
        "no_choice": next((each.message for each in errors if each.name == "dossier"), ""),
        "reason": request.POST.get("reason", ""),
        "council": request.POST.get("council", ""),
        "longest": LONGEST,
    }
    return render(request, "desk/archive/destructions.html", page, status=422 if errors else 200)


def _one(
    request: HttpRequest, officer: Officer, destruction_id: UUID, errors: tuple[FieldError, ...]
) -> HttpResponse:
    found = found_destruction(destruction_id, officer.rights)
    if found is None:
        raise Http404
    proposal, lines = found
    page = {
        "officer": officer,
        "section": "archive",
        "proposal": proposal,
        "lines": [(line, term_of(line)) for line in lines],
        "mine": proposal.proposed_by_id == officer.account_id,
        "done": "done" in request.GET,
        "errors": errors,
        "words": request.POST.get("words", ""),
        "longest": LONGEST,
    }
    return render(request, "desk/archive/destruction.html", page, status=422 if errors else 200)


def _ids(given: list[str]) -> list[UUID]:
    try:
        return [UUID(each) for each in given]
    except ValueError:
        raise Http404 from None
