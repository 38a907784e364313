"""The HTTP face of the bank, on the standard library's threading server."""

from collections.abc import Mapping
from dataclasses import replace
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

import requests

from motcua.fees.statements import amount_vnd
from motcua.fees.vietqr import NotAVietQr, Transfer, read_vietqr
from motcua.simulators.bank.bank import MANNERS, SPOILINGS, Bank, Manner, Spoiling, TransferRefused, spoiled
from motcua.simulators.bank.pages import STYLE_DIGEST, done_page, front_page, message_page, pay_page

_LONGEST_FORM = 16_384


def post_to_site(address: str, body: bytes, headers: Mapping[str, str]) -> int:
    """Send a notice as a bank would; 0 when nobody answers within five seconds."""
    try:
        return requests.post(address, data=body, headers=dict(headers), timeout=5).status_code
    except requests.RequestException:
        return 0


class BankServer(ThreadingHTTPServer):
    """Serves one bank."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, port: int, bank: Bank) -> None:
        super().__init__(("127.0.0.1", port), Pages)
        self.bank = bank


class Pages(BaseHTTPRequestHandler):
    """One request."""

    server: BankServer
    server_version = "motcua-bank-simulator"
    sys_version = ""
    protocol_version = "HTTP/1.1"
    timeout = 30

    def do_GET(self) -> None:
        """Answer the pages that only read."""
        path = urlsplit(self.path).path
        if path == "/":
            return self._page(front_page(self.server.bank))
        if path == "/healthz":
            return self._answer(HTTPStatus.OK, "application/json", b'{"status": "ok"}')
        for receiver in self.server.bank.receivers:
            if path == f"/statement/{receiver.code}.csv":
                body = self.server.bank.statement(receiver)
                disposition = f'attachment; filename="sao-ke-{receiver.code}.csv"'
                return self._answer(
                    HTTPStatus.OK, "text/csv; charset=utf-8", body, {"Content-Disposition": disposition}
                )
        return self._not_there()

    def do_POST(self) -> None:
        """Answer a scan, a payment, and the wish to tell of one again."""
        form = self._form()
        if self.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
            return self._message("Không nhận", "Biểu mẫu đến từ một trang khác.", HTTPStatus.FORBIDDEN)
        try:
            match urlsplit(self.path).path:
                case "/scan":
                    return self._scan(form)
                case "/pay":
                    return self._pay(form)
                case "/resend":
                    return self._resend(form)
                case _:
                    return self._not_there()
        except NotAVietQr as refusal:
            return self._message("Mã không dùng được", str(refusal), HTTPStatus.UNPROCESSABLE_ENTITY)
        except TransferRefused as refusal:
            return self._message("Không chuyển được", str(refusal), HTTPStatus.UNPROCESSABLE_ENTITY)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it so
        """Log nothing: a bank does not tell who pays for what."""

    def _scan(self, form: Mapping[str, str]) -> None:
        transfer = read_vietqr(form.get("qr", ""))
        receiver = self.server.bank.receiver_of(transfer)
        self._page(pay_page(transfer, receiver, self.server.bank.balances))

    def _pay(self, form: Mapping[str, str]) -> None:
        manner: Manner = next((each for each in MANNERS if each == form.get("manner")), "at_once")
        spoiling: Spoiling = next((each for each in SPOILINGS if each == form.get("spoiling")), "as_asked")
        transfer = Transfer(
            form.get("bin", ""),
            form.get("account", ""),
            amount_vnd(form.get("amount", "")) or 0,
            form.get("purpose", "")[:200],
        )
        transfer = replace(transfer, purpose=spoiled(transfer.purpose, spoiling))
        made, answers = self.server.bank.pay(
            payer_number=form.get("payer", ""), transfer=transfer, manner=manner
        )
        self._page(done_page(made, answers))

    def _resend(self, form: Mapping[str, str]) -> None:
        made = self.server.bank.find(form.get("reference", ""))
        if made is None:
            return self._not_there()
        return self._page(done_page(made, [self.server.bank.tell(made)]))

    def _form(self) -> dict[str, str]:
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(min(length, _LONGEST_FORM))
        if length > _LONGEST_FORM:
            self.close_connection = True
        return dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))

    def _not_there(self) -> None:
        self._message("Không có trang này", "Địa chỉ này không có trên trang mô phỏng.", HTTPStatus.NOT_FOUND)

    def _message(self, title: str, sentence: str, status: HTTPStatus) -> None:
        self._page(message_page(title, sentence), status)

    def _page(self, page: str, status: HTTPStatus = HTTPStatus.OK) -> None:
        policy = (
            f"default-src 'none'; style-src 'sha256-{STYLE_DIGEST}'; base-uri 'none'; "
            "frame-ancestors 'none'; form-action 'self'"
        )
        self._answer(status, "text/html; charset=utf-8", page.encode(), {"Content-Security-Policy": policy})

    def _answer(
        self, status: HTTPStatus, kind: str, body: bytes, headers: Mapping[str, str] | None = None
    ) -> None:
        self.send_response(status)
        fixed = {
            "Content-Type": kind,
            "Content-Length": str(len(body)),
            "Cache-Control": "no-store",
            # Not "no-referrer": browsers then call every form's origin unknown.
            "Referrer-Policy": "same-origin",
            "X-Content-Type-Options": "nosniff",
        }
        for name, value in {**fixed, **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)
