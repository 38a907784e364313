"""The doors for machines: filing a request and asking what became of it.

The contract is docs/reference/api.md; every refusal is JSON with ``error``, ``message`` and ``message_vi``.
"""

import re
from datetime import UTC, datetime

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI, Router, Schema, Status
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.security import HttpBearer
from pydantic import ConfigDict, JsonValue

from motcua.cases.queries import CaseNotFound, case_of_person
from motcua.cases.services import Filed, KeyReused, NothingLeft, SubmissionInFlight, file_case
from motcua.cases.states import Channel
from motcua.credentials.queries import standing_credential
from motcua.identity.people import NoPersonBehind, PersonView, person_of
from motcua.identity.states import Scope
from motcua.identity.tokens import Bearer, TokenRefused, bearer_of
from motcua.procedures.forms import FormRefused
from motcua.procedures.queries import NoSuchProcedure, procedure_in_force
from motcua.web.exchange.bodies import StrictParser

KEY = re.compile(r"[\x21-\x7e]{1,200}")
LONGEST_FIELD_NAME = 80
NOT_READABLE = {
    "error": "not_readable",
    "message": 'The body is JSON in UTF-8, each key once: {"procedure": code, "data": {field: value}}.',
    "message_vi": "Nội dung gửi lên phải là JSON (UTF-8), mỗi khóa một lần: "
    '{"procedure": mã thủ tục, "data": {mục: giá trị}}.',
}


class Refused(Exception):
    """A request that cannot be carried out; becomes a JSON answer with the status."""

    def __init__(self, status: int, error: str, message: str, message_vi: str, **more: object) -> None:
        self.status = status
        self.body = {"error": error, "message": message, "message_vi": message_vi, **more}
        super().__init__(message)


class Problem(Schema):
    """A refusal: a word for machines, a sentence in each language, and the fields at fault."""

    error: str
    message: str
    message_vi: str
    fields: dict[str, dict[str, str]] | None = None


class SubmissionIn(Schema):
    """A request: the code of the procedure and the values of its form."""

    model_config = ConfigDict(extra="forbid")

    procedure: str
    data: dict[str, JsonValue]


class SubmissionOut(Schema):
    """What became of a request. ``qr`` is the text of the credential, once there is one."""

    reference: str
    state: str
    answer: str
    status_url: str
    qr: str | None = None


class BearerToken(HttpBearer):
    """A token with the scope ``submissions``, issued by ``motcua tokens issue`` or the demo."""

    def authenticate(self, request: HttpRequest, token: str) -> Bearer | None:
        """Return who a usable token speaks for."""
        try:
            return bearer_of(token, scope=Scope.SUBMISSIONS, now=datetime.now(UTC))
        except TokenRefused:
            return None


api = NinjaAPI(
    title="Motcua",
    version="1",
    description="File a request once, follow it, and check what the city signed.",
    urls_namespace="exchange",
    parser=StrictParser(),
    docs_url=None,
)
router = Router(auth=BearerToken())
PROBLEMS = {401: Problem, 404: Problem, 409: Problem, 413: Problem, 422: Problem, 503: Problem}


def _applicant(request: HttpRequest) -> tuple[int, PersonView]:
    bearer: Bearer = request.auth  # type: ignore[attr-defined]  # set by ninja after authentication
    try:
        return bearer.account_id, person_of(bearer.account_id)
    except NoPersonBehind:
        raise Refused(
            422,
            "no_person",
            "This token belongs to no person; file with the token of a citizen.",
            "Mã truy cập này không gắn với người dân nào.",
        ) from None


def _key(request: HttpRequest) -> str:
    key = request.headers.get("Idempotency-Key", "")
    if not KEY.fullmatch(key):
        raise Refused(
            422,
            "key_missing",
            "Send an Idempotency-Key of 1 to 200 visible ASCII characters, new for each new request.",
            "Thiếu Idempotency-Key (1 đến 200 ký tự ASCII, mới cho mỗi yêu cầu mới).",
        )
    return key


@router.post("/submissions", response={200: SubmissionOut, 201: SubmissionOut, **PROBLEMS})
def submit(request: HttpRequest, body: SubmissionIn) -> Status[SubmissionOut]:
    """File a request once.

    The same key with the same body answers 200 with the first reference; with another body 422; while
    its twin is in flight 409. A first filing answers 201.
    """
    key = _key(request)
    account_id, person = _applicant(request)
    try:
        procedure = procedure_in_force(body.procedure)
        filed = file_case(
            procedure=procedure,
            values=body.data,
            applicant=person,
            account_id=account_id,
            channel=Channel.API,
            key=key,
            now=datetime.now(UTC),
        )
    except NoSuchProcedure:
        raise Refused(
            404, "no_such_procedure", f"No procedure {body.procedure[:60]}.", "Không có thủ tục này."
        ) from None
    except KeyReused:
        raise Refused(
            422,
            "key_reused",
            "This Idempotency-Key was used for another body; take a new key.",
            "Idempotency-Key này đã dùng cho nội dung khác; hãy dùng khoá mới.",
        ) from None
    except SubmissionInFlight:
        raise Refused(
            409,
            "in_flight",
            "The same key is being submitted now; ask again in a second.",
            "Yêu cầu cùng khoá đang được xử lý; hãy gửi lại sau một giây.",
        ) from None
    except NothingLeft as refusal:
        again = refusal.opens_again_at
        raise Refused(
            409,
            "nothing_left",
            refusal.told.en,
            refusal.told.vi,
            opens_again_at=again.isoformat() if again else None,
        ) from None
    except FormRefused as refusal:
        fields = {name: {"vi": text.vi, "en": text.en} for name, text in refusal.errors.items()}
        raise Refused(
            422, "form_refused", "Some fields need mending.", "Một số mục cần sửa.", fields=fields
        ) from None
    return Status(200 if filed.repeated else 201, _answer(filed))


def _answer(filed: Filed) -> SubmissionOut:
    credential = standing_credential(filed.number)
    return SubmissionOut(
        reference=filed.number,
        state=filed.state,
        answer=filed.answer,
        status_url=f"/api/submissions/{filed.number}",
        qr=credential.text if credential else None,
    )


@router.get("/submissions/{reference}", response={200: SubmissionOut, **PROBLEMS})
def status(request: HttpRequest, reference: str) -> SubmissionOut:
    """Tell what became of the caller's own request; anyone else's is 404, as one that is not there."""
    _, person = _applicant(request)
    try:
        case = case_of_person(reference, person.id).case
    except CaseNotFound:
        raise Refused(404, "no_such_case", "No such request of yours.", "Không có hồ sơ này.") from None
    return _answer(Filed(case.number, case.state_name, case.answer, repeated=True))


api.add_router("", router)


@api.exception_handler(Refused)
def _refused(request: HttpRequest, refusal: Refused) -> HttpResponse:
    return api.create_response(request, refusal.body, status=refusal.status)


@api.exception_handler(AuthenticationError)
def _not_signed_in(request: HttpRequest, _: AuthenticationError) -> HttpResponse:
    body = {
        "error": "not_signed_in",
        "message": "Send a bearer token with the scope submissions.",
        "message_vi": "Cần mã truy cập có quyền nộp hồ sơ.",
    }
    answer = api.create_response(request, body, status=401)
    answer["WWW-Authenticate"] = "Bearer"
    return answer


@api.exception_handler(ValidationError)
def _not_readable(request: HttpRequest, error: ValidationError) -> HttpResponse:
    fields = {
        ".".join(str(part) for part in fault["loc"][2:])[:LONGEST_FIELD_NAME] or "body": {
            "vi": fault["msg"],
            "en": fault["msg"],
        }
        for fault in error.errors
    }
    return api.create_response(request, {**NOT_READABLE, "fields": fields}, status=422)


@api.exception_handler(HttpError)
def _not_json(request: HttpRequest, error: HttpError) -> HttpResponse:
    # Ninja raises it for nothing but a body that its parser refuses; the text may carry what was sent.
    return api.create_response(request, NOT_READABLE, status=422)
