"""Imports a bank statement: all of its lines, or none."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from motcua.events.values import Event
from motcua.fees.events import StatementImported
from motcua.fees.models import BankAccount, StatementImport
from motcua.fees.services.paying import ReferenceReused, take
from motcua.fees.services.settling import officer_of, one_at_a_time, tell
from motcua.fees.statements import LineFault, StatementRefused, layout_named, read_statement
from motcua.fees.states import Channel
from motcua.identity.rights import Rights
from motcua.identity.states import Purpose


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import brought: arrived read, how many were new, and how many of those found no case."""

    lines: int
    fresh: int
    unmatched: int
    again: bool = False


@transaction.atomic
def import_statement(
    *,
    account_id: int,
    rows: Sequence[tuple[int, tuple[str, ...]]],
    sha256: str,
    rights: Rights,
    now: datetime,
) -> Imported:
    """Import the rows of a file (number of line and cells) named by ``sha256``; the same file twice changes nothing.

    Raises ``BankAccount.DoesNotExist`` outside the rights as for what is not there, and ``StatementRefused`` with
    every bad line; then nothing is imported.
    """
    one_at_a_time()
    within = rights.predicate("agency_path", "place_path", purpose=Purpose.HANDLE_CASES)
    account = BankAccount.objects.filter(within).get(pk=account_id)
    known = StatementImport.objects.filter(bank_account=account, sha256=sha256).first()
    if known is not None:
        return Imported(known.lines, 0, 0, again=True)
    arrived = read_statement(rows, layout_named(account.layout), now=now)
    events: list[Event] = []
    faults: list[LineFault] = []
    fresh = unmatched = 0
    for line, transferred in arrived:
        try:
            taken, told = take(account, transferred, channel=Channel.STATEMENT, now=now)
        except ReferenceReused:
            faults.append(_reused(line))
            continue
        events += told
        fresh += taken.fresh
        unmatched += taken.fresh and not taken.case_number
    if faults:
        raise StatementRefused(faults)
    StatementImport.objects.create(
        bank_account=account,
        sha256=sha256,
        imported_by_id=officer_of(rights),
        imported_at=now,
        lines=len(arrived),
        fresh=fresh,
    )
    imported = StatementImported(
        happened_at=now,
        agency_path=account.agency_path,
        subject=f"bank_account:{account.code}",
        actor=f"account:{rights.account_id}",
        account=account.code,
        sha256=sha256,
        lines=len(arrived),
        fresh=fresh,
    )
    tell([*events, imported])
    return Imported(len(arrived), fresh, unmatched)


def _reused(line: int) -> LineFault:
    return LineFault(
        line,
        "số tham chiếu này đã có với một số tiền khác; hãy hỏi ngân hàng dòng nào đúng",
        "this reference is known with another amount; ask the bank which line is right",
    )
