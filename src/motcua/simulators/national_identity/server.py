"""The HTTP face of the provider, on the standard library's threading server."""

import json
from base64 import b64decode
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

from motcua.simulators.national_identity.pages import STYLE_DIGEST, choice_page, message_page
from motcua.simulators.national_identity.people import PeopleFileRefused, SamplePerson, read_people
from motcua.simulators.national_identity.provider import Provider, RequestRefused, RequestUnsafe, is_loopback

_LONGEST_FORM = 16_384


class IdentityServer(ThreadingHTTPServer):
    """Serves one provider; the file of people is read again whenever it changes."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, port: int, provider: Provider, people_file: Path) -> None:
        super().__init__(("127.0.0.1", port), Pages)
        self.provider = provider
        self.people_file = people_file
        self._read_at = 0
        self._people: dict[str, SamplePerson] = {}

    def people(self) -> dict[str, SamplePerson]:
        """Return the sample people by subject; raises ``PeopleFileRefused``."""
        changed_at = self.people_file.stat().st_mtime_ns if self.people_file.exists() else -1
        if changed_at != self._read_at:
            self._people = read_people(self.people_file)
            self._read_at = changed_at
        return self._people


class Pages(BaseHTTPRequestHandler):
    """One request."""

    server: IdentityServer
    server_version = "motcua-national-identity-simulator"
    sys_version = ""
    protocol_version = "HTTP/1.1"
    timeout = 30

    def do_GET(self) -> None:
        """Answer the pages that only read."""
        parts = urlsplit(self.path)
        query = dict(parse_qsl(parts.query))
        provider = self.server.provider
        match parts.path:
            case "/.well-known/openid-configuration":
                self._json(provider.discovery())
            case "/keys.json":
                self._json(provider.keys())
            case "/authorize":
                self._authorize(query)
            case "/userinfo":
                self._user_information()
            case "/end-session":
                self._end_session(query)
            case "/healthz":
                self._json({"status": "ok"})
            case _:
                self._message(
                    "Không có trang này", "Địa chỉ này không có trên trang mô phỏng.", HTTPStatus.NOT_FOUND
                )

    def do_POST(self) -> None:
        """Answer the choice of a person, and the exchange of a code."""
        form = self._form()
        match urlsplit(self.path).path:
            case "/authorize":
                self._authorize(form)
            case "/token":
                self._token(form)
            case _:
                self._message(
                    "Không có trang này", "Địa chỉ này không có trên trang mô phỏng.", HTTPStatus.NOT_FOUND
                )

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it so
        """Log nothing: addresses here hold codes and states."""

    def _authorize(self, query: dict[str, str]) -> None:
        provider = self.server.provider
        try:
            request = provider.check(query)
            people = self.server.people()
        except RequestUnsafe as refusal:
            sentence = f"Yêu cầu đăng nhập không hợp lệ ({refusal}); hãy quay lại trang dịch vụ và thử lại."
            return self._message("Không đăng nhập được", sentence, HTTPStatus.BAD_REQUEST)
        except RequestRefused as refusal:
            return self._back(query, {"error": refusal.error, "error_description": refusal.description})
        except PeopleFileRefused as refusal:
            return self._message("Chưa có người mẫu", str(refusal), HTTPStatus.SERVICE_UNAVAILABLE)
        if self.command != "POST":
            page = choice_page(people.values(), query, query.get("tim", ""))
            return self._page(page, form_action=request.redirect_uri)
        person = people.get(query.get("sub", ""))
        if person is None:
            return self._back(query, {"error": "access_denied"})
        return self._back(query, {"code": provider.grant(request, person)})

    def _token(self, form: dict[str, str]) -> None:
        try:
            answer = self.server.provider.exchange(form, self._credentials())
        except RequestRefused as refusal:
            status = HTTPStatus.UNAUTHORIZED if refusal.error == "invalid_client" else HTTPStatus.BAD_REQUEST
            return self._json({"error": refusal.error, "error_description": refusal.description}, status)
        return self._json(answer)

    def _user_information(self) -> None:
        kind, _, bearer = self.headers.get("Authorization", "").partition(" ")
        try:
            answer = self.server.provider.user_information(bearer if kind.casefold() == "bearer" else "")
        except RequestRefused as refusal:
            return self._json({"error": refusal.error}, HTTPStatus.UNAUTHORIZED)
        return self._json(answer)

    def _end_session(self, query: dict[str, str]) -> None:
        # There is no session to end: everyone chooses anew at each sign-in.
        back = query.get("post_logout_redirect_uri", "")
        if query.get("client_id") == self.server.provider.client_id and is_loopback(back):
            state = {"state": query["state"]} if "state" in query else {}
            return self._redirect(_with(back, state))
        return self._message("Đã đăng xuất", "Bạn đã đăng xuất khỏi trang mô phỏng.", HTTPStatus.OK)

    def _back(self, query: dict[str, str], answer: dict[str, str]) -> None:
        state = {"state": query["state"]} if "state" in query else {}
        self._redirect(_with(query["redirect_uri"], {**answer, **state, "iss": self.server.provider.issuer}))

    def _form(self) -> dict[str, str]:
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(min(length, _LONGEST_FORM))
        if length > _LONGEST_FORM:
            self.close_connection = True
        return dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))

    def _credentials(self) -> tuple[str, str] | None:
        kind, _, encoded = self.headers.get("Authorization", "").partition(" ")
        if kind.casefold() != "basic":
            return None
        try:
            name, _, secret = b64decode(encoded, validate=True).decode().partition(":")
        except ValueError:
            return "", ""
        return unquote(name), unquote(secret)

    def _json(self, content: dict[str, object], status: HTTPStatus = HTTPStatus.OK) -> None:
        self._answer(status, "application/json", json.dumps(content).encode())

    def _message(self, title: str, sentence: str, status: HTTPStatus) -> None:
        self._page(message_page(title, sentence), status=status)

    def _page(self, page: str, *, form_action: str = "", status: HTTPStatus = HTTPStatus.OK) -> None:
        origin = "{0.scheme}://{0.netloc}".format(urlsplit(form_action)) if form_action else ""
        policy = (
            f"default-src 'none'; style-src 'sha256-{STYLE_DIGEST}'; base-uri 'none'; "
            f"frame-ancestors 'none'; form-action 'self' {origin}"
        )
        self._answer(status, "text/html; charset=utf-8", page.encode(), {"Content-Security-Policy": policy})

    def _redirect(self, address: str) -> None:
        self._answer(HTTPStatus.SEE_OTHER, "text/plain", b"", {"Location": address})

    def _answer(
        self, status: HTTPStatus, kind: str, body: bytes, headers: dict[str, str] | None = None
    ) -> None:
        self.send_response(status)
        fixed = {
            "Content-Type": kind,
            "Content-Length": str(len(body)),
            "Cache-Control": "no-store",
            "Referrer-Policy": "no-referrer",
            "X-Content-Type-Options": "nosniff",
        }
        for name, value in {**fixed, **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)


def _with(address: str, query: dict[str, str]) -> str:
    if not query:
        return address
    return f"{address}{'&' if urlsplit(address).query else '?'}{urlencode(query)}"
