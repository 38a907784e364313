"""``motcua bulk verify``: hold a manifest, and the files that belong to it, against the keys of passes."""

import argparse
import sys
from pathlib import Path


class _Certificate(argparse.Action):
    """Trust the certificate, and do without the database."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: object,
        option_string: str | None = None,
    ) -> None:
        """Keep the path."""
        namespace.certificates = [*namespace.certificates, values]
        namespace.needs_database = False


def add_commands(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add ``bulk verify``."""
    bulk = subparsers.add_parser("bulk", help="bulk filing: check a signed manifest")
    acts = bulk.add_subparsers(required=True, metavar="ACT")
    verify = acts.add_parser(
        "verify",
        help="check a manifest and the files that belong to it",
        description="Prints what the manifest says; the exit status is 1 if anything was changed.",
    )
    verify.add_argument("manifest", type=Path, help="the manifest as downloaded (.cose)")
    verify.add_argument("--list", type=Path, help="the list that was handed in")
    verify.add_argument("--rows", type=Path, help="the rows that were filed, as downloaded (.csv)")
    verify.add_argument(
        "--certificate",
        type=Path,
        action=_Certificate,
        help="a certificate (DER) to trust in place of this installation's keys; needs no database",
    )
    verify.set_defaults(run=run_verify, certificates=[])


def run_verify(arguments: argparse.Namespace) -> int:
    """Check, print, and return 0 only if all of it holds."""
    from motcua.cases.bulk.manifest import Account, ManifestRefused, compare, open_account
    from motcua.seals.keys import trusted_from_certificate

    def read(path: Path | None) -> bytes | None:
        return None if path is None else path.read_bytes()

    try:
        if arguments.certificates:
            keys = [trusted_from_certificate(path.read_bytes()) for path in arguments.certificates]
        else:
            from motcua.credentials.queries import trusted_keys

            keys = trusted_keys()
        account: Account = open_account(arguments.manifest.read_bytes(), keys)
        compare(account, handed_in=read(arguments.list), rows=read(arguments.rows))
    except OSError as fault:
        print(f"motcua: {fault.filename} cannot be read: {fault.strerror}", file=sys.stderr)
        return 2
    except ManifestRefused as refusal:
        print(f"motcua: refused: {refusal}", file=sys.stderr)
        return 1
    counts = ", ".join(f"{name} {count}" for name, count in account.counts.items())
    print(f"upload     {account.upload}")
    print(f"service    {account.procedure}, revision {account.revision} ({account.revision_sha256[:12]})")
    print(f"firm       {account.firm}")
    print(f"rows       {account.rows} in the list: {counts}")
    print(f"complete   {'yes' if account.complete else 'no, it was stopped'}")
    print(f"confirmed  {account.confirmed_at.isoformat()}")
    print(f"finished   {account.finished_at.isoformat()}")
    print("signature  holds")
    return 0
