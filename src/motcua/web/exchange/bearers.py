"""Who a request of a machine speaks for."""

from datetime import UTC, datetime

from django.http import HttpRequest
from ninja.security import HttpBearer

from motcua.identity.people import NoPersonBehind, PersonView, person_of
from motcua.identity.states import Scope
from motcua.identity.tokens import Bearer, TokenRefused, bearer_of
from motcua.web.exchange import refusals


class BearerToken(HttpBearer):
    """A token with the scope ``submissions``, issued by ``motcua tokens issue`` or the demo."""

    def authenticate(self, request: HttpRequest, token: str) -> Bearer | None:
        """Return who a usable token speaks for."""
        try:
            return bearer_of(token, scope=Scope.SUBMISSIONS, now=datetime.now(UTC))
        except TokenRefused:
            return None


def applicant_behind(request: HttpRequest) -> tuple[int, PersonView]:
    """Return account and person that the token speaks for; raises ``Refused`` for a machine of nobody."""
    bearer: Bearer = request.auth  # type: ignore[attr-defined]  # set by ninja after authentication
    try:
        return bearer.account_id, person_of(bearer.account_id)
    except NoPersonBehind:
        raise refusals.no_person() from None
