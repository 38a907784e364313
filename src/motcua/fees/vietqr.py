"""The text of a VietQR: EMVCo's merchant-presented code as the banks of Viet Nam use it, written and read.

Pure: no Django, no database. Amounts are whole đồng.
"""

import re
import string
from dataclasses import dataclass

# EMVCo QRCPS, Merchant-Presented Mode 1.1: the Additional Data Field Template gives a purpose 25 characters.
LONGEST_PURPOSE = 25
LONGEST_ACCOUNT = 19
# 13 digits stand in field 54; a dossier never costs as much.
MOST_VND = 9_999_999_999_999
# The application of NAPAS, and its service of transfers to an account.
_NAPAS = "A000000727"
_TO_ACCOUNT = "QRIBFTTA"
_DONG = "704"
# EMVCo: "ans", which in the templates used here is printable ASCII.
_PLAIN = frozenset(string.digits + string.ascii_letters + string.punctuation + " ")
_BIN = re.compile(r"[0-9]{6}")
_ACCOUNT = re.compile(rf"[0-9A-Za-z]{{1,{LONGEST_ACCOUNT}}}")


class NotAVietQr(ValueError):
    """The text is no VietQR, or not a whole one; says which part is at fault."""


@dataclass(frozen=True, slots=True)
class Transfer:
    """A transfer as a VietQR asks for it; without ``amount_vnd`` the payer writes the amount."""

    bank_bin: str
    account: str
    amount_vnd: int | None = None
    purpose: str = ""


def write_vietqr(transfer: Transfer) -> str:
    """Return the text to be drawn as a QR; raises ``NotAVietQr`` for what the standard has no room for."""
    _check(transfer)
    account = _field("00", transfer.bank_bin) + _field("01", transfer.account)
    merchant = _field("00", _NAPAS) + _field("01", account) + _field("02", _TO_ACCOUNT)
    fixed = transfer.amount_vnd is not None
    text = _field("00", "01") + _field("01", "12" if fixed else "11") + _field("38", merchant)
    text += _field("53", _DONG)
    if fixed:
        text += _field("54", str(transfer.amount_vnd))
    text += _field("58", "VN")
    if transfer.purpose:
        text += _field("62", _field("08", transfer.purpose))
    text += "6304"
    return text + checksum(text)


def read_vietqr(text: str) -> Transfer:
    """Return the transfer that a scanned or pasted text asks for; raises ``NotAVietQr``."""
    text = text.strip()
    if len(text) < 8 or text[-8:-4] != "6304":
        raise NotAVietQr("the checksum (field 63) is missing at the end")
    if checksum(text[:-4]) != text[-4:].upper():
        raise NotAVietQr("the checksum (field 63) does not fit: the text was changed or cut")
    fields = _fields(text[:-8])
    if fields.get("00") != "01":
        raise NotAVietQr("field 00 is not 01")
    merchant = _fields(fields.get("38", ""))
    if merchant.get("00") != _NAPAS or merchant.get("02") != _TO_ACCOUNT:
        raise NotAVietQr("field 38 names no transfer to an account by NAPAS")
    if fields.get("53") != _DONG or fields.get("58") != "VN":
        raise NotAVietQr("fields 53 and 58 do not say đồng and Viet Nam")
    account = _fields(merchant.get("01", ""))
    transfer = Transfer(
        account.get("00", ""),
        account.get("01", ""),
        _amount(fields.get("54")),
        _fields(fields.get("62", "")).get("08", ""),
    )
    _check(transfer)
    return transfer


def checksum(text: str) -> str:
    """Return the CRC of field 63: polynomial 1021, initial value FFFF, as four capital hexadecimal digits."""
    register = 0xFFFF
    for byte in text.encode("utf-8"):
        register ^= byte << 8
        for _ in range(8):
            register = (register << 1) ^ 0x1021 if register & 0x8000 else register << 1
            register &= 0xFFFF
    return f"{register:04X}"


def _check(transfer: Transfer) -> None:
    if not _BIN.fullmatch(transfer.bank_bin):
        raise NotAVietQr("the bank is named by six digits")
    if not _ACCOUNT.fullmatch(transfer.account):
        raise NotAVietQr(f"an account has 1 to {LONGEST_ACCOUNT} letters or digits")
    if transfer.amount_vnd is not None and not 0 < transfer.amount_vnd <= MOST_VND:
        raise NotAVietQr(f"the amount is 1 to {MOST_VND} đồng")
    if len(transfer.purpose) > LONGEST_PURPOSE or not _PLAIN.issuperset(transfer.purpose):
        raise NotAVietQr(f"the purpose has at most {LONGEST_PURPOSE} characters without accents")


def _amount(text: str | None) -> int | None:
    if text is None:
        return None
    if not re.fullmatch(r"[0-9]{1,13}(\.0{0,2})?", text):
        raise NotAVietQr("field 54 is no amount in whole đồng")
    return int(text.partition(".")[0])


def _field(tag: str, value: str) -> str:
    return f"{tag}{len(value):02d}{value}"


def _fields(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    at = 0
    while at < len(text):
        head = text[at : at + 4]
        if not re.fullmatch(r"[0-9]{4}", head):
            raise NotAVietQr(f"no field begins at character {at + 1} of a template")
        value = text[at + 4 : at + 4 + int(head[2:])]
        if len(value) != int(head[2:]) or head[:2] in found:
            raise NotAVietQr(f"field {head[:2]} is cut or stands twice")
        found[head[:2]] = value
        at += 4 + len(value)
    return found
