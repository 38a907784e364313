"""The door for banks: a signed notice of each payment; docs/reference/fees.md says how it is signed."""

from datetime import UTC, datetime

from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import ValidationError

from motcua.fees.queries import account_named
from motcua.fees.secrets import secrets_of
from motcua.fees.services import ReferenceReused, take_payment
from motcua.fees.states import Channel
from motcua.fees.webhook import Notice, NoticeNotSigned, NoticeTooOld, check
from motcua.web.exchange.refusals import Refused

LONGEST_BODY = 16_384


class NoticeOut(Schema):
    """What became of a notice: ``taken``, or ``known`` when the reference had been told before."""

    status: str


class BankProblem(Schema):
    """A refusal: a word for machines and a sentence in each language."""

    error: str
    message: str
    message_vi: str


router = Router()
PROBLEMS = {401: BankProblem, 409: BankProblem, 413: BankProblem, 422: BankProblem}


@router.post(
    "/banks/{account}/payments",
    auth=None,
    response={200: NoticeOut, 201: NoticeOut, **PROBLEMS},
    openapi_extra={"requestBody": {"content": {"application/json": {"schema": Notice.model_json_schema()}}}},
)
def notice(request: HttpRequest, account: str) -> Status[NoticeOut]:
    """Take a payment once.

    ``X-Motcua-Timestamp`` is the second since 1970 at which it was sent, ``X-Motcua-Signature`` is
    ``v1=`` and HMAC-SHA256 over timestamp, a dot and the body. The same reference again answers 200 and
    changes nothing.
    """
    now = datetime.now(UTC)
    if int(request.headers.get("Content-Length") or 0) > LONGEST_BODY:
        raise Refused(413, "too_long", "A notice has at most 16 KB.", "Thông báo dài quá 16 KB.")
    body = request.body
    _check_signature(request, account, body, now)
    found = account_named(account)
    if found is None:
        raise _not_signed()
    try:
        told = Notice.model_validate_json(body)
    except ValidationError as error:
        fields = ", ".join(sorted({".".join(map(str, each["loc"])) or "body" for each in error.errors()}))
        raise Refused(
            422, "not_readable", f"Not a notice: {fields}.", f"Thông báo chưa đúng: {fields}."
        ) from None
    try:
        taken = take_payment(
            account_id=found.id, transferred=told.transferred(), channel=Channel.NOTICE, now=now
        )
    except ReferenceReused:
        raise Refused(
            409,
            "reference_reused",
            "This reference was told before with another amount.",
            "Số tham chiếu này đã được báo với một số tiền khác.",
        ) from None
    return Status(201 if taken.fresh else 200, NoticeOut(status="taken" if taken.fresh else "known"))


def _check_signature(request: HttpRequest, account: str, body: bytes, now: datetime) -> None:
    try:
        check(
            secrets_of(account),
            sent_at=request.headers.get("X-Motcua-Timestamp", ""),
            signature=request.headers.get("X-Motcua-Signature", ""),
            body=body,
            now=now,
        )
    except NoticeNotSigned:
        raise _not_signed() from None
    except NoticeTooOld:
        raise Refused(
            401,
            "too_old",
            "The notice was signed more than five minutes ago or lies ahead; sign it anew.",
            "Thông báo được ký cách đây hơn năm phút, hoặc ở tương lai; hãy ký lại.",
        ) from None


def _not_signed() -> Refused:
    # The same for an account that is not there: who cannot sign learns nothing.
    return Refused(
        401,
        "not_signed",
        "The signature is missing or does not fit.",
        "Thiếu chữ ký hoặc chữ ký không khớp.",
    )
