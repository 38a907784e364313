"""What the demo's archive holds: a few cases that ended long ago, filed, settled and packed by the real path.

Requests for certified copies of three years ago, which are past their term, so that somebody can propose to destroy
them; copies of the last winter under signatures and seal, paid and handed over; and one that is kept for long.
"""

import json
import uuid
from datetime import date, datetime, time, timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from motcua.agencies.queries import agency
from motcua.archives.services import archive_ended
from motcua.cases.models import Case
from motcua.cases.numbers import LOCAL
from motcua.cases.result_papers import paper_to_sign
from motcua.cases.services import act_on_case, file_case
from motcua.cases.states import Channel
from motcua.documents.models import SignatureKey
from motcua.documents.stores import OWN
from motcua.fees.queries import account_for, demands_of_case
from motcua.fees.services import take_payment
from motcua.fees.states import Channel as BankChannel
from motcua.fees.transfers import Transferred
from motcua.identity.people import person_of
from motcua.identity.queries import account_of
from motcua.identity.rights import rights_of
from motcua.procedures.content import OF_RESULT
from motcua.procedures.queries import procedure_in_force, revision
from motcua.site.demo.accounts import citizen_account
from motcua.site.demo.money import open_bank_accounts
from motcua.site.demo.offices import SERVICE_CENTRE
from motcua.site.demo.signing import open_signing

# Day and month, three years ago: what was asked to be copied, and why it was not accepted.
_COPIES = (
    (
        (3, 14),
        "Bằng tốt nghiệp đại học",
        "Bản chính có chỗ tẩy xóa ở phần họ tên; cần xin cấp lại bản chính.",
    ),
    ((5, 9), "Giấy khai sinh", "Người nộp không mang bản chính đến quầy trong thời hạn hẹn."),
    ((9, 12), "Hợp đồng thuê nhà", "Bản chính thiếu trang; đề nghị mang đủ các trang rồi nộp lại."),
)
# So long ago these were certified: what was copied.
_CERTIFIED = ((timedelta(days=300), "Bằng tốt nghiệp đại học"), (timedelta(days=290), "Sổ hộ khẩu cũ"))
# Not accepted, and kept for twenty years.
_DECLINED_AGO = timedelta(days=320)
_PAGES = 2


def since(now: datetime) -> date:
    """Return the day on which the demo's offices began to work: before the first of these cases."""
    return date(timezone.localtime(now).year - 3, 1, 2)


@transaction.atomic
def file_archive(folder: Path, *, now: datetime) -> int:
    """File and end the cases of the archive and pack them; return how many stand in it.

    In the order of time, before anything of the last days: the ledger tells what happened first, first.
    """
    # From the end of the list, where the history of the last days does not come.
    applicants = json.loads((folder / "applicants.json").read_text(encoding="utf-8"))[::-1]
    today = timezone.localtime(now).date()
    for place, ((month, day), name, why) in enumerate(_COPIES):
        at = _at_the_office(date(today.year - 3, month, day))
        number = _file("copy_certification", _copy_of(name), applicants[place], at)
        _act(number, "decline", "tiepnhan", at + timedelta(hours=1), why)
    at = _at_the_office((now - _DECLINED_AGO).date())
    number = _file("marital_status", _certificate(applicants[3]), applicants[3], at)
    _act(number, "decline", "tiepnhan", at + timedelta(hours=2), "Nơi cư trú đã khai không thuộc thành phố.")
    open_bank_accounts(folder, now=at)
    open_signing(now=at)
    # Keys of another demo's folder may be younger than these papers, and only our own stamps tell an earlier time.
    if (
        settings.TIME_STAMPS == OWN
        and SignatureKey.objects.filter(name=f"seal-{SERVICE_CENTRE}", not_before__lte=at).exists()
    ):
        for place, (ago, name) in enumerate(_CERTIFIED, start=4):
            at = _at_the_office((now - ago).date())
            _certify(_file("copy_certification", _copy_of(name), applicants[place], at), at)
    done = archive_ended(now=now, after_days=settings.MOTCUA_ARCHIVE_AFTER_DAYS)
    return len(done.archived)


def _at_the_office(day: date) -> datetime:
    """Return a quarter past eight of the day, or of the Monday after."""
    worked = day + timedelta(days=(7 - day.weekday()) % 7 if day.weekday() > 4 else 0)
    return datetime.combine(worked, time(8, 15), LOCAL)


def _file(code: str, values: dict[str, object], applicant: dict[str, str], at: datetime) -> str:
    account = citizen_account({**applicant, "sub": f"demo-archive-{at:%Y%m%d}"}, now=at)
    filed = file_case(
        procedure=procedure_in_force(code),
        values=values,
        applicant=person_of(account),
        account_id=account.pk,
        channel=Channel.ONLINE,
        key=str(uuid.uuid5(uuid.NAMESPACE_URL, f"{code} {at.isoformat()}")),
        now=at,
    )
    return filed.number


def _copy_of(name: str) -> dict[str, object]:
    return {
        "paper_type": "other",
        "original_form": "counter",
        "paper_name": name,
        "paper_issuer": "Cơ quan ghi trên bản chính",
        "pages": _PAGES,
        "copies": 3,
        "truthful": True,
    }


def _certificate(applicant: dict[str, str]) -> dict[str, object]:
    return {
        "residence": applicant["place"],
        "marital_status": "divorced",
        "use": "marriage",
        "truthful": True,
    }


def _certify(number: str, at: datetime) -> None:
    """Take a case through comparing, signing and sealing, let its fee be paid, and hand the copies over."""
    _act(number, "accept", "tiepnhan", at + timedelta(minutes=20))
    _act(number, "submit", "hotich", at + timedelta(hours=1), pages_seen=_PAGES)
    _act(number, "certify", "kyhoso", at + timedelta(hours=2))
    _pay(number, at + timedelta(hours=3))
    _act(number, "hand_over", "tiepnhan", at + timedelta(hours=4))


def _pay(number: str, at: datetime) -> None:
    account = account_for(agency(SERVICE_CENTRE).path)
    if account is None:
        raise LookupError("the service center has no account: open_bank_accounts makes it")
    for demand in demands_of_case(number):
        paid = Transferred(f"DEMO{at:%y%m%d}", demand.left_vnd, at, number, "NGUOI NOP", "0011223344")
        take_payment(account_id=account.id, transferred=paid, channel=BankChannel.NOTICE, now=at)


def _act(number: str, act: str, login: str, at: datetime, reason: str = "", **findings: object) -> None:
    case = Case.objects.get(number=number)
    found = revision(case.revision_id).content.workflow.acts[act]
    paper = paper_to_sign(case, found, now=at, found=findings) if OF_RESULT & set(found.effect) else None
    act_on_case(
        number=number,
        act=act,
        rights=rights_of(account_of(login), at),
        reason=reason,
        seen_state=case.state,
        now=at,
        findings=findings,
        seen_paper=paper.digest if paper else "",
    )
