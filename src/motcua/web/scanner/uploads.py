"""The door by which a scanner sends its scans."""

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_POST
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from motcua.credentials.services import NotAnInspector, ScanSeen, ScanUpload, record_scans
from motcua.credentials.states import Answer
from motcua.identity.models import Account

# A device without a battery wakes up in 1970; beyond these years nothing can be reckoned with.
DeviceTime = Annotated[
    AwareDatetime, Field(ge=datetime(1970, 1, 1, tzinfo=UTC), le=datetime(2100, 1, 1, tzinfo=UTC))
]


class ScanIn(BaseModel):
    """One scan as the device wrote it; ``reason`` is the code of the device's answer."""

    model_config = ConfigDict(extra="forbid")

    key: UUID
    text: str = Field(min_length=1, max_length=4296)
    scanned_at: DeviceTime
    answer: Answer
    reason: str = Field(max_length=40, pattern=r"^[a-z_]*$")
    checkpoint: str = Field(max_length=80, pattern=r"^[^\x00-\x1f\x7f]*$")


class UploadIn(BaseModel):
    """Scans of one device; ``sent_at`` is its clock at the moment of sending."""

    model_config = ConfigDict(extra="forbid")

    device: UUID
    sent_at: DeviceTime
    scans: list[ScanIn] = Field(min_length=1, max_length=200)


@require_POST
def receive(request: HttpRequest) -> JsonResponse:
    """Keep the scans and answer which of them show a pass used twice; sending again is harmless."""
    account = request.user
    if not isinstance(account, Account):
        return _refusal(401, "sign_in", "Đăng nhập bằng tài khoản kiểm tra để gửi lượt quét.")
    try:
        upload = UploadIn.model_validate_json(request.body)
    except ValidationError as fault:
        first = fault.errors(include_input=False, include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or "body"
        return _refusal(422, "not_readable", f"{where}: {first['msg']}")
    try:
        outcome = record_scans(account=account, upload=_seen(upload), now=timezone.now())
    except NotAnInspector:
        return _refusal(403, "not_an_inspector", "Tài khoản này không được giao việc kiểm tra giấy.")
    return JsonResponse(
        {
            "recorded": outcome.recorded,
            "known_already": outcome.known_already,
            "double_uses": [str(key) for key in outcome.double_uses],
        }
    )


def _seen(upload: UploadIn) -> ScanUpload:
    return ScanUpload(
        upload.device,
        upload.sent_at,
        tuple(
            ScanSeen(
                key=scan.key,
                text=scan.text,
                scanned_at=scan.scanned_at,
                answer=scan.answer,
                reason=scan.reason,
                checkpoint=scan.checkpoint.strip(),
            )
            for scan in upload.scans
        ),
    )


def _refusal(status: int, error: str, message: str) -> JsonResponse:
    return JsonResponse({"error": error, "message": message}, status=status)
