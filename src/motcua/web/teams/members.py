"""Lets a member of a team in, as a device asks: with a sentence and a status instead of a page."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import wraps
from typing import Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.utils import timezone

from motcua.identity.access import account_behind
from motcua.identity.rights import rights_of
from motcua.identity.states import Purpose
from motcua.teams.queries import Membership, membership_of
from motcua.web.ui.words import Bilingual

Rest = ParamSpec("Rest")
SIGN_IN = Bilingual("Đăng nhập lại để gửi.", "Sign in again to send.")
NOT_A_MEMBER = Bilingual(
    "Tài khoản này không thuộc tổ công nghệ số cộng đồng nào. Báo cho người phụ trách tổ.",
    "This account belongs to no community digital team. Tell who is in charge of the team.",
)


@dataclass(frozen=True, slots=True)
class Helper:
    """Who is signed in, their team, and the moment at which that was found out."""

    member: Membership
    now: datetime
    today: date


HelperView = Callable[Concatenate[HttpRequest, Helper, Rest], HttpResponseBase]


def helper_behind(request: HttpRequest) -> Helper | None:
    """Return the member who is signed in, or null; three queries."""
    account = account_behind(request)
    now = timezone.now()
    if account is None or not rights_of(account, now).serves(Purpose.HELP_CITIZENS):
        return None
    today = timezone.localdate(now)
    member = membership_of(account.pk, today)
    return None if member is None else Helper(member, now, today)


def for_helpers(view: HelperView[Rest]) -> Callable[Concatenate[HttpRequest, Rest], HttpResponseBase]:
    """Call the view with the member; anyone else gets 401 or 403, and nothing is done."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: Rest.args, **kwargs: Rest.kwargs) -> HttpResponseBase:
        if account_behind(request) is None:
            return refusal(401, "sign_in", SIGN_IN)
        helper = helper_behind(request)
        if helper is None:
            return refusal(403, "not_a_member", NOT_A_MEMBER)
        return view(request, helper, *args, **kwargs)

    return guarded


def refusal(
    status: int, error: str, said: Bilingual, fields: dict[str, Bilingual] | None = None, *, retry: int = 0
) -> JsonResponse:
    """Say no: a code for the device, a sentence for its bearer, and what is wrong with which field."""
    body = {
        "error": error,
        "message": {"vi": said.vi, "en": said.en},
        "fields": {name: {"vi": text.vi, "en": text.en} for name, text in (fields or {}).items()},
    }
    return JsonResponse(body, status=status, headers={"Retry-After": str(retry)} if retry else None)
