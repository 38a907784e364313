"""Sessions: a new key at every sign-in, and for officers an end after idling and at the end of the day."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from motcua.identity.backends import PATH
from motcua.identity.models import Account
from motcua.identity.states import AccountKind

IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=10)
# Written at most once a minute, so that not every page costs a write.
_NOTED_EVERY = timedelta(minutes=1)
_BEGAN, _SEEN = "officer_began", "officer_seen"


def begin_session(request: HttpRequest, account: Account, *, now: datetime) -> None:
    """Sign the account in to this browser under a fresh session key, with nothing left of the old session."""
    request.session.flush()
    login(request, account, backend=PATH)
    if account.kind == AccountKind.OFFICER:
        request.session[_BEGAN] = request.session[_SEEN] = now.timestamp()


def end_session(request: HttpRequest) -> None:
    """Sign out and destroy the session."""
    logout(request)


def end_if_over(request: HttpRequest, *, now: datetime) -> bool:
    """End an officer's session that idled or lasted too long, and tell whether it did."""
    began = request.session.get(_BEGAN)
    if began is None:
        return False
    seen = request.session.get(_SEEN, began)
    if now.timestamp() - began > LONGEST.total_seconds() or now.timestamp() - seen > IDLE.total_seconds():
        logout(request)
        return True
    if now.timestamp() - seen > _NOTED_EVERY.total_seconds():
        request.session[_SEEN] = now.timestamp()
    return False


def officer_session_limits(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware, after authentication: hold every page to the limits above."""

    def hold(request: HttpRequest) -> HttpResponse:
        end_if_over(request, now=timezone.now())
        return get_response(request)

    return hold
