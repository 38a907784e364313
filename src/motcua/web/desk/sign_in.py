"""Officers sign in with password and code; ``urlpatterns`` is part of the desk's."""

import logging
from datetime import datetime

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from motcua.identity.access import account_behind, address_behind, local_address
from motcua.identity.models import Account
from motcua.identity.officers import SignInRefused, sign_in_officer
from motcua.identity.rights import rights_of
from motcua.identity.sessions import begin_session, end_session
from motcua.identity.states import AccountKind, Purpose
from motcua.identity.throttle import TooManyTries
from motcua.web.ui.components import FieldError
from motcua.web.ui.words import Bilingual

logger = logging.getLogger(__name__)

MISSING = {
    "login": Bilingual("Nhập tên đăng nhập.", "Enter your login."),
    "password": Bilingual("Nhập mật khẩu.", "Enter your password."),
    "code": Bilingual(
        "Nhập mã 6 chữ số trong ứng dụng xác thực.", "Enter the 6-digit code of your authenticator."
    ),
}
WRONG = Bilingual(
    "Tên đăng nhập, mật khẩu hoặc mã không đúng. Mỗi mã chỉ dùng được một lần: hãy chờ mã mới rồi thử lại.",
    "Login, password or code is wrong. Each code works once: wait for a new one, then try again.",
)
TOO_MANY = Bilingual(
    "Đã thử sai quá nhiều lần. Hãy thử lại sau {time}, hoặc liên hệ người quản trị của cơ quan.",
    "Too many wrong tries. Try again after {time}, or ask the administrator of your agency.",
)


@never_cache
@sensitive_post_parameters("password", "code")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Show the form; on POST check login, password and code and begin a fresh session."""
    queue = reverse("desk:queue")
    next_page = local_address(
        request.POST.get("next") or request.GET.get("next") or "", request=request, otherwise=queue
    )
    account = account_behind(request)
    if request.method != "POST":
        if account is not None and account.kind == AccountKind.OFFICER:
            return HttpResponseRedirect(next_page)
        return _page(request, next_page)
    typed = {name: request.POST.get(name, "") for name in MISSING}
    missing = [FieldError(name, MISSING[name]) for name, text in typed.items() if not text.strip()]
    if missing:
        return _page(request, next_page, missing, status=400)
    now = timezone.now()
    try:
        officer = sign_in_officer(**typed, address=address_behind(request), now=now)
    except TooManyTries as refusal:
        logger.warning("officer sign-in held back: too many tries")
        message = TOO_MANY.filled(time=f"{timezone.localtime(refusal.until):%H:%M}")
        return _page(request, next_page, [FieldError("", message)], status=429)
    except SignInRefused:
        logger.info("officer sign-in refused")
        return _page(request, next_page, [FieldError("", WRONG)], status=400)
    begin_session(request, officer, now=now)
    return HttpResponseRedirect(_home(officer, now) if next_page == queue else next_page)


def _home(officer: Account, now: datetime) -> str:
    """Return where an officer's work is who asked for no page: on the desk, or where those without one work."""
    rights = rights_of(officer, now)
    if not rights.serves(Purpose.READ_CASES):
        for purpose, page in (
            (Purpose.HELP_CITIZENS, "teams:page"),
            (Purpose.CHECK_PASSES, "scanner:page"),
            (Purpose.OVERSEE, "operations:board"),
            (Purpose.KEEP_ARCHIVES, "desk:archive"),
        ):
            if rights.serves(purpose):
                return reverse(page)
    return reverse("desk:queue")


@never_cache
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session and show the form again."""
    end_session(request)
    return HttpResponseRedirect(reverse("desk:sign_in"))


def _page(
    request: HttpRequest, next_page: str, errors: list[FieldError] | None = None, *, status: int = 200
) -> HttpResponse:
    values = {"next": next_page, "errors": errors, "login": request.POST.get("login", "")[:150]}
    return render(request, "desk/sign_in.html", values, status=status)


urlpatterns = [
    path("sign-in/", sign_in, name="sign_in"),
    path("sign-out/", sign_out, name="sign_out"),
]
