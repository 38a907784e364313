"""Carries the paper of a case through its acts: drafted, signed, sealed; given up where the case ends otherwise."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings

from motcua.agencies.queries import AgencyView, agency, place_of_path
from motcua.cases.credential import whole_scope
from motcua.cases.models import Case
from motcua.cases.numbers import LOCAL
from motcua.cases.plans import plan_of
from motcua.cases.result_texts import digest_of, result_text
from motcua.documents.queries import ResultOfCase, results_of_case
from motcua.documents.results import abandon_result, draft_result, holds_key, seal_result, sign_result
from motcua.documents.services import render_pdf
from motcua.documents.states import OPEN, ResultKind, Signatory
from motcua.documents.values import ResultPaper, ResultText
from motcua.identity.models import Account
from motcua.identity.people import person
from motcua.procedures.content import OF_RESULT, Act, Content, ResultLayout
from motcua.procedures.queries import revision

REDRAFTED = "drafted anew"
ENDED = "the case ended without it"


class PaperMissing(RuntimeError):
    """There is no paper to sign or seal: nobody has drafted one, or it was given up."""


class PaperNotSeen(PermissionError):
    """Who acts has not read the paper as it would be signed now; show it and ask again."""


@dataclass(frozen=True, slots=True)
class PaperToSign:
    """A paper as it will be signed: its words, and what names exactly them; ``result_id`` where it is drafted."""

    text: ResultText
    digest: str
    result_id: UUID | None = None


def paper_to_sign(
    case: Case, act: Act, *, now: datetime, found: Mapping[str, object] | None = None
) -> PaperToSign | None:
    """Return the paper that the act drafts, signs or seals; None for an act that has to do with none.

    ``found`` is what who acts has found out. Raises ``LayoutNotUsable`` and ``PaperMissing``.
    """
    if not OF_RESULT & set(act.effect):
        return None
    content = revision(case.revision_id).content
    if "draft_result" in act.effect:
        text = text_of(case, content, now=now, found=found)
        return PaperToSign(text, digest_of(text))
    standing = _standing(case, content)
    if standing.text is None:
        raise PaperMissing(f"{case.number}: the paper has no words to show")
    return PaperToSign(standing.text, standing.sha256, standing.id)


def text_of(
    case: Case, content: Content, *, now: datetime, found: Mapping[str, object] | None = None
) -> ResultText:
    """Return the words of the paper as of now; raises ``LayoutNotUsable`` and ``AgencyNotKnown``."""
    applicant, today = person(case.applicant_id), now.astimezone(LOCAL)
    names = {
        "applicant": applicant.name,
        "birth_year": str(applicant.birth_year),
        "number": case.number,
        "service": content.manifest.title.vi,
        "agency": agency(content.manifest.agency).name,
        "filed_on": f"{case.filed_on:%d/%m/%Y}",
        "today": f"{today:%d/%m/%Y}",
    }
    scope = whole_scope(case, plan_of(revision(case.revision_id)), now, found=found)
    return result_text(content, scope, names)


def preview_pdf(case: Case, text: ResultText, *, now: datetime) -> bytes:
    """Typeset the paper as it would be drafted, under a code that says that it is none."""
    content = revision(case.revision_id).content
    assert content.result is not None
    paper = ResultPaper(
        **text.model_dump(),
        agency=_office(content, content.result).name,
        case_number=case.number,
        code="BẢN XEM TRƯỚC",
        verify_address=f"{settings.SITE_URL}/verify/paper/",
    )
    return render_pdf("result", paper, made_at=now)


def carry_result(
    case: Case, *, content: Content, act: Act, ended: bool, account: Account | None, now: datetime
) -> None:
    """Do with the paper what the act says, in the transaction that moves the case.

    The case is moved first: who comes second at the same moment signs nothing. A crash before the commit leaves
    neither a signature nor a number. Raises ``PaperMissing``, ``LayoutNotUsable``, ``ResultExists`` for one that is
    sealed already, and what signing raises.
    """
    layout = content.result
    if layout is None:
        return
    if ended or "draft_result" in act.effect:
        _give_up(case, REDRAFTED if not ended else ENDED, account, now)
    if "draft_result" in act.effect:
        office = _office(content, layout)
        draft_result(
            case_number=case.number,
            agency_path=office.path,
            place_name=place_of_path(office.place_path, now.astimezone(LOCAL).date()).short_name,
            notation=layout.notation,
            text=text_of(case, content, now=now),
            account=account,
            now=now,
        )
    if "sign_result" in act.effect:
        sign_result(
            result_id=_standing(case, content).id,
            signatory=_by_hand(act),
            account=_signer(account),
            now=now,
        )
    if "seal_result" in act.effect:
        seal_result(result_id=_standing(case, content).id, account=_signer(account), now=now)


def _by_hand(act: Act) -> Signatory:
    return Signatory.SPECIALIST if "specialist" in act.by else Signatory.LEADER


def keys_missing(
    content: Content, acts: Mapping[str, Act], *, account_id: int, now: datetime
) -> list[tuple[str, Signatory]]:
    """Return the acts that the officer could not carry out for want of a key, each with the signature that it gives.

    Two queries for each signature.
    """
    if content.result is None:
        return []
    signing = [(name, _by_hand(act)) for name, act in acts.items() if "sign_result" in act.effect]
    signing += [(name, Signatory.AGENCY) for name, act in acts.items() if "seal_result" in act.effect]
    path = _office(content, content.result).path if signing else ""
    return [
        (name, signatory)
        for name, signatory in signing
        if not holds_key(account_id=account_id, signatory=signatory, agency_path=path, now=now)
    ]


def _standing(case: Case, content: Content) -> ResultOfCase:
    notation = content.result.notation if content.result else ""
    for each in results_of_case(case.number):
        if each.notation == notation and each.kind is ResultKind.RESULT and each.state in OPEN:
            return each
    raise PaperMissing(f"{case.number} has no paper on its way; draft one first")


def _give_up(case: Case, reason: str, account: Account | None, now: datetime) -> None:
    # A notice that takes a paper back goes its own way, beside the workflow.
    for each in results_of_case(case.number):
        if each.state in OPEN and each.kind is ResultKind.RESULT:
            abandon_result(result_id=each.id, reason=reason, account=account, now=now)


def _signer(account: Account | None) -> Account:
    if account is None:
        raise PermissionError("a person signs: no account acts here")
    return account


def _office(content: Content, layout: ResultLayout) -> AgencyView:
    return agency(layout.agency or content.manifest.agency)
