"""The door by which a tablet sends: consent first, then papers one by one, then the dossier; repeating is harmless."""

import base64
import binascii
import uuid
from datetime import UTC, date, datetime
from typing import Annotated

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from motcua.identity.numbers import NumberRefused, PersonNumber
from motcua.teams.services import (
    Begun,
    Consent,
    NotAMember,
    Presented,
    begin_help,
    carry_paper,
    file_help,
)
from motcua.teams.services.begin import begun_under
from motcua.vault.checking.faults import FAULTS
from motcua.vault.checking.limits import MOST_BYTES
from motcua.web.teams.members import Helper, for_helpers, refusal
from motcua.web.teams.refusals import NOT_READABLE, NOT_THERE, REFUSALS, told
from motcua.web.ui.words import Bilingual

TOO_LARGE = Bilingual(FAULTS["too_large"].vi, FAULTS["too_large"].en)
# A device without a battery wakes up in 1970; beyond these years nothing can be reckoned with.
DeviceTime = Annotated[
    AwareDatetime, Field(ge=datetime(1970, 1, 1, tzinfo=UTC), le=datetime(2100, 1, 1, tzinfo=UTC))
]


class BeginIn(BaseModel):
    """A consent as the device kept it; the person as their card says."""

    model_config = ConfigDict(extra="forbid")

    procedure: str = Field(pattern=r"^[a-z][a-z0-9_]{0,59}$")
    number: str = Field(max_length=60)
    full_name: str = Field(max_length=320)
    born_on: date
    words: str = Field(min_length=1, max_length=8_000)
    seal: str = Field(max_length=80, pattern=r"^[0-9a-f]*$")
    signature: str = Field(min_length=1, max_length=280_000)
    consented_at: DeviceTime
    sent_at: DeviceTime


class FileIn(BaseModel):
    """The answers; papers stand under their ids on the device."""

    model_config = ConfigDict(extra="forbid")

    values: dict[str, str | int | float | bool | None] = Field(max_length=500)


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
@for_helpers
def begin_or_ask(request: HttpRequest, helper: Helper, key: uuid.UUID) -> HttpResponseBase:
    """Tell how far a sending has come, or take a consent."""
    if request.method == "GET":
        return _asked(helper, key)
    try:
        sent = BeginIn.model_validate_json(request.body)
        signature = base64.b64decode(sent.signature, validate=True)
        number = PersonNumber.parse(sent.number, on=helper.today)
    except NumberRefused as fault:
        # Before ValidationError: it is a ValueError too.
        wrong = Bilingual(fault.vi, fault.en)
        return refusal(422, "person", wrong, {"person.number": wrong})
    except (ValidationError, binascii.Error):
        return refusal(422, "not_readable", NOT_READABLE)
    try:
        begun = begin_help(
            key=key,
            member=helper.member,
            procedure_code=sent.procedure,
            presented=Presented(number, sent.full_name, sent.born_on),
            consent=Consent(sent.words, sent.seal, signature, sent.consented_at, sent.sent_at),
            now=helper.now,
        )
    except REFUSALS as fault:
        return told(fault, helper.now)
    return _stage(begun)


@never_cache
@require_POST
@for_helpers
def paper(request: HttpRequest, helper: Helper, key: uuid.UUID, device_id: uuid.UUID) -> HttpResponseBase:
    """Take one photograph; sent again it is the same."""
    field = request.POST.get("field", "")
    upload = request.FILES.get("file")
    if upload is None:
        # A file past the limit of all requests was not even kept.
        too_large = int(request.META.get("CONTENT_LENGTH") or 0) > MOST_BYTES
        said = TOO_LARGE if too_large else NOT_READABLE
        return refusal(422, "form", said, {field: said} if field else None)
    try:
        carry_paper(
            key=key,
            account_id=helper.member.account_id,
            device_id=device_id,
            field=field,
            file_name=str(upload.name or ""),
            content=upload.read(),
            now=helper.now,
        )
    except REFUSALS as fault:
        return told(fault, helper.now, field=field)
    return HttpResponse(status=204)


@never_cache
@require_POST
@for_helpers
def file(request: HttpRequest, helper: Helper, key: uuid.UUID) -> HttpResponseBase:
    """File the dossier, once under its key, and tell its number."""
    try:
        sent = FileIn.model_validate_json(request.body)
    except ValidationError:
        return refusal(422, "not_readable", NOT_READABLE)
    try:
        number = file_help(key=key, account_id=helper.member.account_id, values=sent.values, now=helper.now)
    except REFUSALS as fault:
        return told(fault, helper.now)
    return JsonResponse({"number": number})


def _asked(helper: Helper, key: uuid.UUID) -> HttpResponseBase:
    try:
        begun = begun_under(key, helper.member.account_id)
    except NotAMember:
        return refusal(404, "not_there", NOT_THERE)
    if begun is None:
        return JsonResponse({"begun": False, "papers": [], "number": ""})
    return _stage(begun)


def _stage(begun: Begun) -> JsonResponse:
    return JsonResponse(
        {"begun": True, "papers": [str(each) for each in begun.papers], "number": begun.case_number}
    )
