"""Doors for machines to signed papers: whether one stands, and how the papers of one's own case stand."""

from datetime import UTC, datetime
from typing import Literal

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import ConfigDict, Field

from motcua.cases.queries import CaseNotFound, case_of_person
from motcua.documents.queries import PaperNamed, SealedPaper, paper_of_digest, sealed_paper
from motcua.identity.access import address_behind
from motcua.identity.throttle import TooManyTries, spend_checking
from motcua.web.exchange.bearers import BearerToken, applicant_behind
from motcua.web.exchange.refusals import Refused
from motcua.web.ui.consult_words import paper_cards

Standing = Literal["stands", "withdrawn", "not_ours"]


class PaperIn(Schema):
    """One of both: the code on the paper, or the SHA-256 of its file."""

    model_config = ConfigDict(extra="forbid")

    code: str = Field(default="", max_length=40)
    sha256: str = Field(default="", max_length=64)


class PaperProblem(Schema):
    """A refusal: a word for machines and a sentence in each language."""

    error: str
    message: str
    message_vi: str


class Named(Schema):
    """Another paper by its number and moment."""

    number: str
    issued_at: datetime


class PaperOut(Schema):
    """How a paper stands, nothing of whom it is for; ``ground`` is a word of a list, the reason is on the notice."""

    standing: Standing
    number: str = ""
    title: str = ""
    agency: str = ""
    issued_at: datetime | None = None
    sha256: str = ""
    withdrawn_at: datetime | None = None
    ground: str = ""
    notice: Named | None = None
    replaced_by: Named | None = None
    replaces: Named | None = None
    withdraws: Named | None = None
    checked_at: datetime


class OwnPaper(Schema):
    """A paper of one's own case; ``kind`` is ``result`` or ``notice`` (a notice that takes another back)."""

    code: str
    kind: str
    number: str
    title: str
    standing: Standing
    issued_at: datetime
    sha256: str
    withdrawn_at: datetime | None = None
    ground: str = ""
    reason: str = ""
    replaced_by: str = ""


router = Router()
_OWN = BearerToken()


@router.post("/verify/paper", auth=None, response={200: PaperOut, 422: PaperProblem, 429: PaperProblem})
def verify_paper(request: HttpRequest, body: PaperIn) -> PaperOut:
    """Tell whether a signed paper stands, by its code or its file's SHA-256; no token is needed.

    A number is not enough: numbers run in sequence. 429 ``too_many`` after 240 questions in a quarter of an hour.
    """
    now = datetime.now(UTC)
    if bool(body.code.strip()) == bool(body.sha256.strip()):
        raise Refused(
            422,
            "code_or_sha256",
            "Send the code of the paper or the SHA-256 of its file, one of both.",
            "Gửi mã xác minh của giấy hoặc mã băm SHA-256 của tệp, một trong hai.",
        )
    try:
        spend_checking(address=address_behind(request), now=now)
    except TooManyTries as refusal:
        seconds = max(1, int((refusal.until - now).total_seconds()))
        raise Refused(
            429,
            "too_many",
            "Too many papers were asked about from this address.",
            "Từ địa chỉ này đã hỏi quá nhiều giấy.",
        ).with_header("Retry-After", str(seconds)) from None
    found = sealed_paper(body.code) if body.code.strip() else paper_of_digest(body.sha256)
    return _told(found, now)


@router.get(
    "/submissions/{reference}/papers",
    auth=_OWN,
    response={200: list[OwnPaper], 401: PaperProblem, 404: PaperProblem},
)
def own_papers(request: HttpRequest, reference: str) -> list[OwnPaper]:
    """Tell how the sealed papers of the caller's own case stand, newest first; anyone else's case is 404."""
    _, person = applicant_behind(request)
    try:
        page = case_of_person(reference, person.id)
    except CaseNotFound:
        raise Refused(404, "no_such_case", "No such request of yours.", "Không có hồ sơ này.") from None
    return [
        OwnPaper(
            code=card.result.code,
            kind=card.result.kind.value,
            number=card.result.number,
            title=card.result.title,
            standing="withdrawn" if card.withdrawal else "stands",
            issued_at=card.result.sealed_at,
            sha256=card.result.sha256,
            withdrawn_at=card.withdrawal.at if card.withdrawal else None,
            ground=card.result.withdrawal.ground.value if card.withdrawal and card.result.withdrawal else "",
            reason=card.withdrawal.reason if card.withdrawal else "",
            replaced_by=card.withdrawal.replaced_by.number
            if card.withdrawal and card.withdrawal.replaced_by
            else "",
        )
        for card in paper_cards(page, sealed_only=True)
        if card.result.sealed_at is not None
    ]


def _told(found: SealedPaper | None, now: datetime) -> PaperOut:
    if found is None:
        return PaperOut(standing="not_ours", checked_at=now)
    done = found.withdrawn
    return PaperOut(
        standing="withdrawn" if done else "stands",
        number=found.number,
        title=found.title,
        agency=found.agency,
        issued_at=found.sealed_at,
        sha256=found.sha256,
        withdrawn_at=done.at if done else None,
        ground=done.ground.value if done else "",
        notice=_named(done.notice) if done else None,
        replaced_by=_named(done.replaced_by) if done else None,
        replaces=_named(found.replaces),
        withdraws=_named(found.withdraws),
        checked_at=now,
    )


def _named(paper: PaperNamed | None) -> Named | None:
    return Named(number=paper.number, issued_at=paper.sealed_at) if paper else None
