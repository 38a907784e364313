"""The rules of the simulated bank: who pays whom, what the bank tells, and what goes wrong on the way."""

import csv
import io
import json
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Literal, Protocol
from zoneinfo import ZoneInfo

from motcua.fees.vietqr import Transfer
from motcua.fees.webhook import sign

LOCAL = ZoneInfo("Asia/Ho_Chi_Minh")
BALANCE_VND = 500_000_000
Manner = Literal["at_once", "late", "twice", "never"]
MANNERS: tuple[Manner, ...] = ("at_once", "late", "twice", "never")
Spoiling = Literal["as_asked", "spaces", "lower", "accents", "prefix", "cut", "letters", "nothing"]
SPOILINGS: tuple[Spoiling, ...] = (
    "as_asked",
    "spaces",
    "lower",
    "accents",
    "prefix",
    "cut",
    "letters",
    "nothing",
)


class TransferRefused(ValueError):
    """The bank does not carry the transfer out; says why."""


class ReceiversRefused(ValueError):
    """The file of receiving accounts has another shape."""


@dataclass(frozen=True, slots=True)
class Receiver:
    """An account of the city at this bank, with the file of the secret that signs notices about it."""

    code: str
    bank_bin: str
    number: str
    holder: str
    secret_file: Path

    def secret(self) -> str:
        """Return the newest secret."""
        return self.secret_file.read_text(encoding="utf-8").splitlines()[0].strip()


@dataclass(frozen=True, slots=True)
class Payer:
    """Somebody who does not exist, with an account here."""

    number: str
    name: str


@dataclass(frozen=True, slots=True)
class Made:
    """A transfer that was carried out."""

    reference: str
    receiver: Receiver
    payer: Payer
    amount_vnd: int
    purpose: str
    paid_at: datetime


class Post(Protocol):
    """Sends a body to an address and returns the status of the answer."""

    def __call__(self, address: str, body: bytes, headers: Mapping[str, str]) -> int:
        """Send, and return the status; 0 when nobody answers."""
        ...


PAYERS = (
    Payer("9704001", "NGUYEN THI AN"),
    Payer("9704002", "TRAN VAN BINH"),
    Payer("9704003", "LE THI HOA"),
)


@dataclass(slots=True)
class Bank:
    """One bank; state lives in memory and dies with the process. ``site`` is the address of the portal."""

    site: str
    receivers: tuple[Receiver, ...]
    post: Post
    clock: Callable[[], float] = time.time
    late_seconds: float = 20
    balances: dict[str, int] = field(default_factory=lambda: {payer.number: BALANCE_VND for payer in PAYERS})
    made: list[Made] = field(default_factory=list)
    told: dict[str, list[int]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def receiver_of(self, transfer: Transfer) -> Receiver:
        """Return the account that a code asks to be paid; raises ``TransferRefused``."""
        for receiver in self.receivers:
            if (receiver.bank_bin, receiver.number) == (transfer.bank_bin, transfer.account):
                return receiver
        raise TransferRefused(f"Ngân hàng {transfer.bank_bin} không có tài khoản {transfer.account}.")

    def pay(
        self, *, payer_number: str, transfer: Transfer, manner: Manner = "at_once"
    ) -> tuple[Made, list[int]]:
        """Carry the transfer out, tell the city in the given manner, and return it with the answers so far.

        Raises ``TransferRefused``.
        """
        receiver = self.receiver_of(transfer)
        payer = next((each for each in PAYERS if each.number == payer_number), None)
        amount = transfer.amount_vnd or 0
        if payer is None:
            raise TransferRefused("Không có tài khoản chuyển này.")
        with self._lock:
            if not 0 < amount <= self.balances[payer.number]:
                raise TransferRefused("Số tiền phải lớn hơn 0 và không quá số dư.")
            self.balances[payer.number] -= amount
            paid_at = datetime.fromtimestamp(self.clock(), LOCAL).replace(microsecond=0)
            reference = f"FT{paid_at:%y%m%d%H%M%S}{len(self.made) + 1:05d}"
            made = Made(reference, receiver, payer, amount, transfer.purpose, paid_at)
            self.made.append(made)
        return made, self._tell_as(made, manner)

    def tell(self, made: Made) -> int:
        """Send the signed notice and return the status of the answer, 0 when nobody answers."""
        body = json.dumps(
            {
                "reference": made.reference,
                "amount_vnd": made.amount_vnd,
                "paid_at": made.paid_at.isoformat(),
                "purpose": made.purpose,
                "payer_name": made.payer.name,
                "payer_account": made.payer.number,
            }
        ).encode()
        sent_at = int(self.clock())
        headers = {
            "Content-Type": "application/json",
            "X-Motcua-Timestamp": str(sent_at),
            "X-Motcua-Signature": sign(made.receiver.secret(), sent_at=sent_at, body=body),
        }
        status = self.post(f"{self.site}/api/banks/{made.receiver.code}/payments", body, headers)
        self.told.setdefault(made.reference, []).append(status)
        return status

    def find(self, reference: str) -> Made | None:
        """Return the transfer of that reference."""
        return next((made for made in self.made if made.reference == reference), None)

    def statement(self, receiver: Receiver) -> bytes:
        """Return what arrived on the account as CSV in the layout ``standard``."""
        return statement_csv(made for made in self.made if made.receiver == receiver)

    def _tell_as(self, made: Made, manner: Manner) -> list[int]:
        if manner == "late":
            timer = threading.Timer(self.late_seconds, self.tell, (made,))
            timer.daemon = True
            timer.start()
        times = {"at_once": 1, "twice": 2}.get(manner, 0)
        return [self.tell(made) for _ in range(times)]


def spoiled(purpose: str, spoiling: Spoiling) -> str:
    """Return a purpose as people and banks spoil it."""
    match spoiling:
        case "spaces":
            return " ".join(purpose[at : at + 4] for at in range(0, len(purpose), 4))
        case "lower":
            return f"nop phi {purpose.lower()}"
        case "accents":
            return f"Nộp lệ phí hồ sơ {purpose} ạ"
        case "prefix":
            return f"MBVCB.7712345678.{purpose}.CT tu 9704001 NGUYEN THI AN"
        case "cut":
            return purpose[:-3]
        case "letters":
            return purpose.replace("0", "O")
        case "nothing":
            return "chuyen tien"
        case _:
            return purpose


def statement_csv(transfers: Iterable[Made]) -> bytes:
    """Return transfers as a bank exports them; with the mark by which spreadsheets know UTF-8."""
    sheet = io.StringIO()
    writer = csv.writer(sheet)
    writer.writerow(["Ngày giờ", "Số tham chiếu", "Số tiền", "Nội dung", "Người chuyển", "Tài khoản chuyển"])
    for made in transfers:
        writer.writerow(
            [
                f"{made.paid_at:%d/%m/%Y %H:%M:%S}",
                made.reference,
                made.amount_vnd,
                made.purpose,
                made.payer.name,
                made.payer.number,
            ]
        )
    return sheet.getvalue().encode("utf-8-sig")


def read_receivers(path: Path) -> tuple[Receiver, ...]:
    """Return the accounts of a JSON list (code, bin, number, holder, secret_file); raises ``ReceiversRefused``."""
    try:
        entries = json.loads(path.read_text(encoding="utf-8"))
        return tuple(
            Receiver(
                str(entry["code"]),
                str(entry["bin"]),
                str(entry["number"]),
                str(entry["holder"]),
                Path(entry["secret_file"]),
            )
            for entry in entries
        )
    except (OSError, ValueError, KeyError, TypeError) as trouble:
        raise ReceiversRefused(f"{path} holds no list of accounts: {trouble!r}") from None
