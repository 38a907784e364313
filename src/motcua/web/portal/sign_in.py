"""Citizens sign in at the national identity and come back; ``urlpatterns`` is part of the portal's."""

import logging

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from motcua.identity.access import account_behind, local_address
from motcua.identity.citizens import AccountClosed, AnotherPerson, account_from_claims
from motcua.identity.issuer import IssuerSilent
from motcua.identity.oidc import Pending, SignInNotFinished, finish_sign_in, sign_out_address, start_sign_in
from motcua.identity.sessions import begin_session, end_session
from motcua.identity.states import AccountKind
from motcua.web.ui.words import Bilingual

logger = logging.getLogger(__name__)

# Sign-ins under way in other tabs of the same browser; older ones are forgotten.
_UNDER_WAY = "sign_ins_under_way"
_MOST_UNDER_WAY = 4

SILENT = Bilingual(
    "Hệ thống định danh quốc gia hiện không trả lời. Hãy thử lại sau ít phút; thông tin bạn đã nhập vẫn được giữ.",
    "The national identity system does not answer at present. Try again in a few minutes; "
    "what you entered is kept.",
)
NOT_FINISHED = Bilingual(
    "Chưa đăng nhập được: lượt đăng nhập đã quá hạn, bị hủy hoặc không khớp với trình duyệt này. "
    "Hãy đăng nhập lại từ đầu.",
    "You are not signed in: the sign-in took too long, was cancelled or does not belong to this browser. "
    "Sign in again from the start.",
)
CLOSED = Bilingual(
    "Tài khoản này không dùng được ở đây. Hãy mang thẻ căn cước đến Trung tâm Phục vụ hành chính công để được giúp.",
    "This account cannot be used here. Bring your identity card to a public service centre to get help.",
)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Show how to sign in; on POST remember the sign-in under way and lead to the issuer."""
    home = reverse("portal:home")
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    next_page = local_address(wanted, request=request, otherwise=home)
    account = account_behind(request)
    if request.method != "POST":
        if account is not None and account.kind == AccountKind.CITIZEN:
            return HttpResponseRedirect(next_page)
        return _page(request, next_page)
    try:
        start = start_sign_in(redirect_uri=_return_address(), next_page=next_page, now=timezone.now())
    except IssuerSilent as trouble:
        logger.warning("sign-in not started: %s", trouble)
        return _page(request, next_page, SILENT, status=503)
    kept = dict(request.session.get(_UNDER_WAY, {}))
    kept[start.pending.state] = start.pending.to_session()
    request.session[_UNDER_WAY] = dict(list(kept.items())[-_MOST_UNDER_WAY:])
    return HttpResponseRedirect(start.address)


@never_cache
@require_GET
def sign_in_return(request: HttpRequest) -> HttpResponse:
    """Take the browser back from the issuer: check what it brings, and begin a fresh session."""
    now = timezone.now()
    answer = {name: request.GET[name] for name in request.GET}
    try:
        pending = _take_pending(request, answer.get("state", ""))
        claims = finish_sign_in(pending=pending, answer=answer, redirect_uri=_return_address(), now=now)
        account = account_from_claims(claims, now=now)
    except SignInNotFinished as refusal:
        logger.info("sign-in not finished: %s", refusal.reason)
        return _page(request, reverse("portal:home"), NOT_FINISHED, status=400)
    except IssuerSilent as trouble:
        logger.warning("sign-in not finished: %s", trouble)
        return _page(request, reverse("portal:home"), SILENT, status=503)
    except (AccountClosed, AnotherPerson) as refusal:
        logger.warning("sign-in refused: %s", refusal)
        return _page(request, reverse("portal:home"), CLOSED, status=403)
    begin_session(request, account, now=now)
    # Checked when it was stored; checked again, because a session may be older than a rule.
    return HttpResponseRedirect(
        local_address(pending.next, request=request, otherwise=reverse("portal:home"))
    )


@never_cache
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session here and, for citizens, at the issuer too."""
    account = account_behind(request)
    end_session(request)
    home = reverse("portal:home")
    if account is None or account.kind != AccountKind.CITIZEN:
        return HttpResponseRedirect(home)
    return HttpResponseRedirect(sign_out_address(return_to=f"{settings.SITE_URL}{home}") or home)


def _page(
    request: HttpRequest, next_page: str, trouble: Bilingual | None = None, *, status: int = 200
) -> HttpResponse:
    values = {"next": next_page, "trouble": trouble}
    return render(request, "portal/sign_in.html", values, status=status)


def _return_address() -> str:
    # From the setting, not from the request: the Host header is what the client says it is.
    return f"{settings.SITE_URL}{reverse('portal:sign_in_return')}"


def _take_pending(request: HttpRequest, state: str) -> Pending:
    """Take the sign-in under way out of the session, so that its state works once."""
    kept = dict(request.session.get(_UNDER_WAY, {}))
    stored = kept.pop(state, None)
    request.session[_UNDER_WAY] = kept
    if not isinstance(stored, dict):
        raise SignInNotFinished("no sign-in of this state is under way in this browser")
    return Pending.from_session(stored)


urlpatterns = [
    path("sign-in/", sign_in, name="sign_in"),
    path("sign-in/return/", sign_in_return, name="sign_in_return"),
    path("sign-out/", sign_out, name="sign_out"),
]
