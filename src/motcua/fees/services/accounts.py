"""Sets the bank account of an agency."""

from datetime import datetime

from django.db import transaction

from motcua.agencies.queries import agency
from motcua.events.services import publish
from motcua.fees.events import BankAccountSet
from motcua.fees.models import BankAccount
from motcua.fees.statements import layout_named
from motcua.fees.vietqr import Transfer, write_vietqr


@transaction.atomic
def set_bank_account(
    *,
    code: str,
    agency_code: str,
    bank_bin: str,
    bank_name: str,
    number: str,
    holder: str,
    layout: str,
    now: datetime,
) -> int:
    """Make or change the account to which the agency and those below it are paid; return its id.

    Raises ``AgencyNotKnown``, ``LayoutNotKnown``, and ``NotAVietQr`` for what no code could carry. What was paid
    before stays with the account it was paid to, since the row is the same.
    """
    office = agency(agency_code)
    layout_named(layout)
    write_vietqr(Transfer(bank_bin, number))
    row, _ = BankAccount.objects.update_or_create(
        code=code,
        defaults={
            "agency_path": office.path,
            "place_path": office.place_path,
            "bank_bin": bank_bin,
            "bank_name": bank_name,
            "number": number,
            "holder": holder,
            "layout": layout,
        },
    )
    publish(
        BankAccountSet(
            happened_at=now,
            agency_path=office.path,
            subject=f"bank_account:{code}",
            actor="machine",
            account=code,
            bank_bin=bank_bin,
            number=number,
        )
    )
    return row.pk
