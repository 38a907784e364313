"""The door of officers' pages, and where a page may lead after signing in."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from motcua.identity.addresses import client_address
from motcua.identity.models import Account
from motcua.identity.states import AccountKind

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def officers_only(view: View[P]) -> View[P]:
    """Let only signed-in officers see the page; lead others to the desk's sign-in and back."""

    @wraps(view)
    def door(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        account = account_behind(request)
        if account is None or account.kind != AccountKind.OFFICER:
            # Only a page that can be read again is worth coming back to: what was sent leads to where it was written.
            back = request.get_full_path() if request.method in {"GET", "HEAD"} else _sent_from(request)
            query = f"?{urlencode({'next': back})}" if back else ""
            return HttpResponseRedirect(reverse("desk:sign_in") + query)
        return view(request, *args, **kwargs)

    return door


def _sent_from(request: HttpRequest) -> str:
    """Return the page of this site on which a form was sent, or nothing where the browser does not say."""
    page = urlsplit(request.headers.get("Referer", ""))
    return page.path if page.netloc == request.get_host() else ""


def account_behind(request: HttpRequest) -> Account | None:
    """Return the account that is signed in, or null."""
    return request.user if isinstance(request.user, Account) else None


def address_behind(request: HttpRequest) -> str:
    """Return the network address to count tries against; forged forwarding headers are not believed."""
    return client_address(
        peer=request.META.get("REMOTE_ADDR", ""),
        forwarded_for=request.META.get("HTTP_X_FORWARDED_FOR", ""),
        trusted_proxies=settings.TRUSTED_PROXIES,
    )


def local_address(wanted: str, *, request: HttpRequest, otherwise: str) -> str:
    """Return the wanted page if it is one of this site, else the other one."""
    is_local = wanted.startswith("/") and url_has_allowed_host_and_scheme(
        wanted, allowed_hosts=None, require_https=request.is_secure()
    )
    return wanted if is_local and wanted.isprintable() else otherwise
