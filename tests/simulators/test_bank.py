"""The simulated bank pays by VietQR, signs what it tells as a bank would, and has its mishaps."""

import json
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import requests

from motcua.fees.matching import traces_in
from motcua.fees.vietqr import Transfer, write_vietqr
from motcua.fees.webhook import Notice, sign
from motcua.simulators.bank.bank import (
    SPOILINGS,
    Bank,
    Receiver,
    ReceiversRefused,
    Spoiling,
    TransferRefused,
    read_receivers,
    spoiled,
)
from motcua.simulators.bank.server import BankServer

SECRET = "s" * 40
ASKED = Transfer("970436", "0011001234567", 150_000, "H17202611200000123")


@dataclass
class Site:
    """What the city was told, and what it answers."""

    status: int = 201
    got: list[tuple[str, bytes, Mapping[str, str]]] = field(default_factory=list)

    def __call__(self, address: str, body: bytes, headers: Mapping[str, str]) -> int:
        self.got.append((address, body, headers))
        return self.status


@pytest.fixture
def site() -> Site:
    return Site()


@pytest.fixture
def bank(tmp_path: Path, site: Site) -> Bank:
    secret = tmp_path / "dn.secret"
    secret.write_text(f"{SECRET}\nolder\n", encoding="utf-8")
    receiver = Receiver("dn", "970436", "0011001234567", "KHO BAC", secret)
    return Bank(
        "http://127.0.0.1:1", (receiver,), post=site, clock=lambda: 1_800_000_000.0, late_seconds=0.05
    )


@pytest.fixture
def served(bank: Bank) -> Iterator[str]:
    server = BankServer(0, bank)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_payment_is_told_with_a_signature_over_the_very_body(bank: Bank, site: Site) -> None:
    made, answers = bank.pay(payer_number="9704001", transfer=ASKED)

    ((address, body, headers),) = site.got
    assert address == "http://127.0.0.1:1/api/banks/dn/payments"
    assert headers["X-Motcua-Signature"] == sign(SECRET, sent_at=1_800_000_000, body=body)
    told = Notice.model_validate_json(body)
    assert (told.reference, told.amount_vnd, told.purpose) == (made.reference, 150_000, ASKED.purpose)
    assert answers == [201]
    assert bank.balances["9704001"] == 500_000_000 - 150_000


def test_twice_never_and_late(bank: Bank, site: Site) -> None:
    assert bank.pay(payer_number="9704001", transfer=ASKED, manner="twice")[1] == [201, 201]
    assert site.got[0][1] == site.got[1][1]
    assert bank.pay(payer_number="9704001", transfer=ASKED, manner="never")[1] == []
    assert len(site.got) == 2

    bank.pay(payer_number="9704001", transfer=ASKED, manner="late")
    until = time.monotonic() + 60
    while len(site.got) < 3 and time.monotonic() < until:
        time.sleep(0.02)
    assert len(site.got) == 3


@pytest.mark.parametrize(
    ("payer", "transfer"),
    [
        ("9704001", Transfer("970436", "999", 1)),
        ("nobody", ASKED),
        ("9704001", Transfer("970436", "0011001234567", 0)),
        ("9704001", Transfer("970436", "0011001234567", 500_000_001)),
    ],
)
def test_transfer_that_no_bank_makes_is_refused(
    bank: Bank, site: Site, payer: str, transfer: Transfer
) -> None:
    with pytest.raises(TransferRefused):
        bank.pay(payer_number=payer, transfer=transfer)

    assert bank.made == site.got == []


@pytest.mark.parametrize("spoiling", SPOILINGS)
def test_spoilings_leave_a_trace_except_the_last(spoiling: Spoiling) -> None:
    traces = traces_in(spoiled(ASKED.purpose, spoiling))

    if spoiling == "nothing":
        assert not traces.whole | traces.heads | traces.tails
    elif spoiling == "cut":
        assert traces.heads
    else:
        assert traces.whole == {"202611200000123"}


def test_pages_lead_from_code_to_statement(served: str, site: Site) -> None:
    scanned = requests.post(f"{served}/scan", data={"qr": write_vietqr(ASKED)}, timeout=30)
    assert "KHO BAC" in scanned.text
    assert 'value="150000"' in scanned.text

    paid = requests.post(
        f"{served}/pay",
        data={
            "bin": "970436",
            "account": "0011001234567",
            "payer": "9704002",
            "amount": "100.000",
            "purpose": ASKED.purpose,
            "spoiling": "lower",
            "manner": "at_once",
        },
        timeout=30,
    )
    assert "đã nhận (201)" in paid.text
    body = json.loads(site.got[0][1])
    assert (body["amount_vnd"], body["purpose"]) == (100_000, "nop phi h17202611200000123")

    again = requests.post(f"{served}/resend", data={"reference": body["reference"]}, timeout=30)
    assert again.status_code == 200
    assert len(site.got) == 2
    statement = requests.get(f"{served}/statement/dn.csv", timeout=30).content.decode("utf-8-sig")
    assert statement.splitlines()[0].startswith("Ngày giờ,Số tham chiếu")
    assert body["reference"] in statement


@pytest.mark.parametrize(
    ("path", "form", "status"),
    [
        ("/scan", {"qr": "not a code"}, 422),
        ("/scan", {"qr": write_vietqr(Transfer("970436", "777", 5))}, 422),
        ("/pay", {}, 422),
        ("/resend", {"reference": "x"}, 404),
        ("/else", {}, 404),
    ],
)
def test_what_cannot_be_done_is_a_page_that_says_why(
    served: str, path: str, form: dict[str, str], status: int
) -> None:
    assert requests.post(f"{served}{path}", data=form, timeout=30).status_code == status


def test_form_from_another_site_is_refused(served: str, site: Site) -> None:
    answer = requests.post(f"{served}/resend", data={}, headers={"Sec-Fetch-Site": "cross-site"}, timeout=30)

    assert answer.status_code == 403


def test_page_escapes_what_was_typed(served: str, bank: Bank) -> None:
    bank.pay(payer_number="9704001", transfer=Transfer("970436", "0011001234567", 5, "<script>x"))

    assert "<script>" not in requests.get(served, timeout=30).text


def test_receivers_of_another_shape_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "bank.json"
    for text in ("", "[{}]", "7", '[{"code": "dn"}]'):
        file.write_text(text, encoding="utf-8")
        with pytest.raises(ReceiversRefused):
            read_receivers(file)
