"""The doors for machines: filing a request and asking what became of it.

The contract is docs/reference/api.md; every refusal is JSON with ``error``, ``message`` and ``message_vi``.
"""

from collections.abc import Sequence
from datetime import UTC, datetime

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI, Router, Schema, Status
from ninja.errors import AuthenticationError, HttpError, ValidationError
from pydantic import ConfigDict, JsonValue

from motcua.cases import intake
from motcua.cases.national import national_channel, national_status
from motcua.cases.queries import CaseNotFound, case_of_person
from motcua.cases.services import Filed, Requested
from motcua.cases.states import Channel, Phase
from motcua.credentials.queries import standing_credential
from motcua.credentials.standing import Standing
from motcua.procedures.queries import NoSuchProcedure, procedure_in_force
from motcua.web.exchange import refusals
from motcua.web.exchange.appointments import router as appointments_router
from motcua.web.exchange.bank import router as bank_router
from motcua.web.exchange.bearers import BearerToken, applicant_behind
from motcua.web.exchange.bodies import StrictParser
from motcua.web.exchange.checking import LONGEST_TEXT, CheckIn, CheckOut, told
from motcua.web.exchange.law import router as law_router
from motcua.web.exchange.papers import router as papers_router
from motcua.web.exchange.refusals import KEY, Refused, filing_refusal

LONGEST_FIELD_NAME = 80
NOT_READABLE = {
    "error": "not_readable",
    "message": 'The body is JSON in UTF-8, each key once: {"procedure": code, "data": {field: value}}.',
    "message_vi": "Nội dung gửi lên phải là JSON (UTF-8), mỗi khóa một lần: "
    '{"procedure": mã thủ tục, "data": {mục: giá trị}}.',
}


def not_readable(faults: Sequence[tuple[Sequence[object], str]]) -> dict[str, object]:
    """Return what is told of a body that is JSON but no request: each place at fault, and why."""
    fields = {
        ".".join(str(part) for part in place)[:LONGEST_FIELD_NAME] or "body": {"vi": why, "en": why}
        for place, why in faults
    }
    return {**NOT_READABLE, "fields": fields}


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


api = NinjaAPI(
    title="Motcua",
    version="1",
    description="File a request once, follow it, and check what the city signed.",
    urls_namespace="exchange",
    parser=StrictParser(),
    docs_url=None,
)
router = Router(auth=BearerToken())
PROBLEMS = {401: Problem, 404: Problem, 409: Problem, 413: Problem, 422: Problem, 503: Problem, 507: Problem}


@router.post("/submissions", response={200: SubmissionOut, 201: SubmissionOut, **PROBLEMS})
def submit(request: HttpRequest, body: SubmissionIn) -> Status[SubmissionOut]:
    """File a request once.

    The same key with the same body answers 200 with the first reference; with another body 422; while
    its twin is in flight 409. A first filing answers 201.
    """
    key = request.headers.get("Idempotency-Key", "")
    if not KEY.fullmatch(key):
        raise refusals.key_missing()
    account_id, person = applicant_behind(request)
    try:
        procedure = procedure_in_force(body.procedure)
    except NoSuchProcedure:
        raise refusals.no_such_procedure(body.procedure) from None
    try:
        filed = intake.submit(Requested(procedure, body.data, person, account_id, Channel.API, key))
    except Exception as fault:
        refusal = filing_refusal(fault)
        if refusal is None:
            raise
        raise refusal from None
    return Status(200 if filed.repeated else 201, answer_of(filed))


def answer_of(filed: Filed) -> SubmissionOut:
    """Return what became of a request, as it is told."""
    return SubmissionOut(
        reference=filed.number,
        state=filed.state,
        answer=filed.answer,
        status_url=f"/api/submissions/{filed.number}",
        qr=filed.qr,
    )


@router.get("/submissions/{reference}", response={200: SubmissionOut, **PROBLEMS})
def status(request: HttpRequest, reference: str) -> SubmissionOut:
    """Tell what became of the caller's own request; anyone else's is 404, as one that is not there."""
    _, person = applicant_behind(request)
    try:
        page = case_of_person(reference, person.id)
    except CaseNotFound:
        raise Refused(404, "no_such_case", "No such request of yours.", "Không có hồ sơ này.") from None
    case = page.case
    # What is held back for its fee is handed over by no door.
    credential = standing_credential(case.number) if not page.held_vnd else None
    text = credential.text if credential else None
    return answer_of(Filed(case.number, case.state_name, case.answer, repeated=True, qr=text))


class NationalOut(Schema):
    """A case as the national portal numbers it; ``due_at`` is null while nothing is due or the term stands."""

    reference: str
    procedure: str
    national_status: int
    national_status_name: str
    channel: int
    filed_at: datetime
    changed_at: datetime
    due_at: datetime | None


@router.get("/submissions/{reference}/national", response={200: NationalOut, **PROBLEMS})
def national(request: HttpRequest, reference: str) -> NationalOut:
    """Tell where the caller's own case stands by the ten statuses and three channels of the national portal."""
    _, person = applicant_behind(request)
    try:
        case = case_of_person(reference, person.id).case
    except CaseNotFound:
        raise Refused(404, "no_such_case", "No such request of yours.", "Không có hồ sơ này.") from None
    status = national_status(case.state)
    return NationalOut(
        reference=case.number,
        procedure=case.procedure.code,
        national_status=status.number,
        national_status_name=status.label.vi,
        channel=national_channel(case.channel).number,
        filed_at=case.filed_at,
        changed_at=case.changed_at,
        due_at=case.due_at if case.phase in Phase.open() else None,
    )


@router.post("/verify", auth=None, response={200: CheckOut, **PROBLEMS})
def verify(request: HttpRequest, body: CheckIn) -> CheckOut:
    """Check the text of a QR: whether we signed and issued it, and whether it is in force; no token is needed."""
    now = datetime.now(UTC)
    check = Standing().check_and_remember(body.qr[: LONGEST_TEXT + 1], now)
    return CheckOut.model_validate(told(check, now))


api.add_router("", router)
api.add_router("", law_router)
api.add_router("", bank_router)
api.add_router("", appointments_router)
api.add_router("", papers_router)


@api.exception_handler(Refused)
def _refused(request: HttpRequest, refusal: Refused) -> HttpResponse:
    answer = api.create_response(request, refusal.body, status=refusal.status)
    for name, value in refusal.headers.items():
        answer[name] = value
    return answer


@api.exception_handler(AuthenticationError)
def _not_signed_in(request: HttpRequest, _: AuthenticationError) -> HttpResponse:
    return _refused(request, refusals.not_signed_in())


@api.exception_handler(ValidationError)
def _not_readable(request: HttpRequest, error: ValidationError) -> HttpResponse:
    faults = [(fault["loc"][2:], fault["msg"]) for fault in error.errors]
    return api.create_response(request, not_readable(faults), status=422)


@api.exception_handler(HttpError)
def _not_json(request: HttpRequest, error: HttpError) -> HttpResponse:
    # Ninja raises it for nothing but a body that its parser refuses; the text may carry what was sent.
    return api.create_response(request, NOT_READABLE, status=422)
