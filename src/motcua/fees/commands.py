"""``motcua fees``: the bank accounts of agencies, and the secrets shared with their banks."""

import argparse
import sys


def add_commands(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add ``fees account`` and ``fees accounts``."""
    fees = subparsers.add_parser("fees", help="bank accounts to which fees are paid")
    acts = fees.add_subparsers(required=True, metavar="ACT")
    account = acts.add_parser("account", help="make or change the account of an agency and those below it")
    account.add_argument("code", help="short name in addresses and receipts, such as dn")
    account.add_argument("--agency", required=True, metavar="CODE")
    account.add_argument("--bin", required=True, help="six digits of the bank, such as 970436")
    account.add_argument("--bank", required=True, metavar="NAME", help="name of the bank")
    account.add_argument("--number", required=True, help="number of the account")
    account.add_argument("--holder", required=True, help="whose account it is, as the bank writes it")
    account.add_argument("--layout", default="standard", help="columns of the bank's statements")
    # Who can change where money goes is who can change anything: the owner of the database.
    account.set_defaults(run=run_account, database_role="owner")
    accounts = acts.add_parser("accounts", help="list the accounts, and where each secret lies")
    accounts.set_defaults(run=run_accounts)


def run_account(args: argparse.Namespace) -> int:
    """Set the account; 1 if it is refused, which changes nothing."""
    from django.utils import timezone

    from motcua.agencies.queries import AgencyNotKnown
    from motcua.fees.secrets import ensure_secret
    from motcua.fees.services import set_bank_account
    from motcua.fees.statements import LayoutNotKnown
    from motcua.fees.vietqr import NotAVietQr

    try:
        set_bank_account(
            code=args.code,
            agency_code=args.agency,
            bank_bin=args.bin,
            bank_name=args.bank,
            number=args.number,
            holder=args.holder,
            layout=args.layout,
            now=timezone.now(),
        )
    except (AgencyNotKnown, LayoutNotKnown, NotAVietQr) as refusal:
        sys.stderr.write(f"{refusal}\n")
        return 1
    path = ensure_secret(args.code)
    sys.stdout.write(f"{args.code}: set. The secret to share with the bank is in {path}\n")
    return 0


def run_accounts(args: argparse.Namespace) -> int:
    """Print one line an account."""
    del args
    from motcua.fees.queries import bank_accounts
    from motcua.fees.secrets import secrets_of

    for account in bank_accounts():
        signed = "signs notices" if secrets_of(account.code) else "no secret: its notices are refused"
        sys.stdout.write(
            f"{account.code}\t{account.bank_bin}\t{account.number}\t{account.holder}\t{account.layout}\t{signed}\n"
        )
    return 0
