"""A city with one account, a case that has to pay, and officers with their rights."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from motcua.agencies.services import register_agency
from motcua.agencies.states import AgencyKind
from motcua.events.models import LedgerEntry
from motcua.fees.queries import DemandView, account_named, demands_of_case
from motcua.fees.schedule import Line
from motcua.fees.services import Taken, demand, set_bank_account, take_payment
from motcua.fees.states import Channel, Occasion
from motcua.fees.transfers import Transferred
from motcua.identity.models import Account
from motcua.identity.rights import Grant, Rights
from motcua.identity.states import AccountKind, Role

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
CASE, OTHER_CASE = "H17-20261120-0000123", "H17-20261120-0000124"
PURPOSE = "H17202611200000123"
CITY, PLACE = "dn", "vn.p48"


def line(amount_vnd: int, code: str = "fee") -> Line:
    return Line(code, "Lệ phí", "Fee", "Nghị quyết 1/2026", amount_vnd, amount_vnd)


@dataclass(frozen=True, slots=True)
class Town:
    """What a test does in one word."""

    account_id: int

    def ask(
        self, case: str = CASE, amount: int = 150_000, occasion: Occasion = Occasion.BEFORE_DECISION
    ) -> int:
        return demand(
            case_number=case,
            agency_path="dn.so",
            place_path=PLACE,
            occasion=occasion,
            lines=[line(amount)],
            due_at=NOW + timedelta(days=5),
            now=NOW,
        )

    def pay(self, amount: int = 150_000, purpose: str = PURPOSE, reference: str = "FT1") -> Taken:
        transferred = Transferred(reference, amount, NOW, purpose, "NGUYEN THI AN", "0123")
        return take_payment(
            account_id=self.account_id, transferred=transferred, channel=Channel.NOTICE, now=NOW
        )

    def of(self, case: str = CASE) -> DemandView:
        return demands_of_case(case)[0]

    def told(self, name: str) -> int:
        return LedgerEntry.objects.filter(name=name).count()


@pytest.fixture
def town(db: None) -> Town:
    register_agency(
        code="dn",
        name="Thành phố",
        name_en="City",
        kind=AgencyKind.CITY,
        parent=None,
        place_path=PLACE,
        now=NOW,
    )
    set_bank_account(
        code="dn",
        agency_code="dn",
        bank_bin="970436",
        bank_name="Ngân hàng Mẫu",
        number="0011001234567",
        holder="KHO BAC THANH PHO",
        layout="standard",
        now=NOW,
    )
    account = account_named("dn")
    assert account is not None
    return Town(account.id)


@pytest.fixture
def officer(db: None) -> Callable[..., Rights]:
    def with_rights(name: str = "an", role: Role = Role.SPECIALIST, agency: str = CITY) -> Rights:
        account, _ = Account.objects.get_or_create(
            login=name, defaults={"kind": AccountKind.OFFICER, "name": name, "created_at": NOW}
        )
        return Rights(account.pk, (Grant(role, agency, PLACE),))

    return with_rights
