"""Bank accounts of the demo's offices, and what the simulated bank has to know of them."""

import json
from datetime import datetime
from pathlib import Path

from motcua.fees.queries import bank_accounts
from motcua.fees.secrets import ensure_secret
from motcua.fees.services import set_bank_account
from motcua.site.demo.offices import CHILDRENS_HOUSE, SERVICE_CENTRE, SERVICE_OFFICE

# Six digits that no bank has, as far as we know; bank, accounts and money are made up.
BANK_BIN, BANK_NAME = "970499", "Ngân hàng Mô Phỏng"
_ACCOUNTS = (
    ("ttpvhcc", SERVICE_CENTRE, "9704990001", "TRUNG TAM PHUC VU HANH CHINH CONG"),
    ("so_ttt", SERVICE_OFFICE, "9704990002", "SO KHOA HOC VA CONG NGHE"),
    ("nha_thieu_nhi", CHILDRENS_HOUSE, "9704990003", "NHA THIEU NHI THANH PHO"),
)


def open_bank_accounts(folder: Path, *, now: datetime) -> None:
    """Open the accounts that are not there yet, and write ``bank.json`` for the simulated bank."""
    standing = {account.code for account in bank_accounts()}
    for code, office, number, holder in _ACCOUNTS:
        if code not in standing:
            set_bank_account(
                code=code,
                agency_code=office,
                bank_bin=BANK_BIN,
                bank_name=BANK_NAME,
                number=number,
                holder=holder,
                layout="standard",
                now=now,
            )
    told = [
        {
            "code": code,
            "bin": BANK_BIN,
            "number": number,
            "holder": holder,
            "secret_file": str(ensure_secret(code)),
        }
        for code, _, number, holder in _ACCOUNTS
    ]
    (folder / "bank.json").write_text(json.dumps(told, ensure_ascii=False, indent=1), encoding="utf-8")
