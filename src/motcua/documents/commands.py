"""``motcua documents``: keys that sign results, and checks of signed papers."""

import argparse
import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from motcua.documents.signing.report import Report


def add_commands(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the acts on signed papers to the command line."""
    documents = subparsers.add_parser("documents", help="keys that sign results, checks of signed papers")
    acts = documents.add_subparsers(required=True, metavar="ACT")
    check = acts.add_parser("check", help="say whether a signed PDF is valid, who signed it and when")
    check.add_argument("file", type=Path)
    check.add_argument("--trust", type=Path, help="folder of roots and revocation lists instead of our own")
    check.add_argument("--json", action="store_true", help="write the report as JSON")
    check.set_defaults(run=check_file, needs_database=False)
    sign = acts.add_parser("sign", help="put the next signature on a prepared PDF, outside any case")
    sign.add_argument("file", type=Path, help="replaced by the signed one, unless --to is given")
    sign.add_argument("--key", required=True, help="name of a key in the keystore")
    sign.add_argument("--as", dest="signatory", required=True, choices=("specialist", "leader", "agency"))
    sign.add_argument("--agency", required=True, help="name of the agency as the signature shows it")
    sign.add_argument("--number", default="", help="number that the seal of the agency shows")
    sign.add_argument("--place", default="", help="place that the seal of the agency shows")
    sign.add_argument("--to", type=Path, help="file to write")
    sign.set_defaults(run=sign_file, needs_database=False)
    authority = acts.add_parser("authority", help="make a local authority of certificates, for a demo")
    authority.add_argument("--name", default="Motcua: tổ chức chứng thực thử nghiệm")
    authority.set_defaults(run=make_authority, needs_database=False)
    key = acts.add_parser("key", help="enter a key that signs results")
    key.add_argument("name", help="its name in the keystore")
    key.add_argument("--as", dest="signatory", required=True, choices=("specialist", "leader", "agency"))
    key.add_argument("--agency", required=True, help="code of the agency")
    key.add_argument("--login", help="officer who signs with it; a seal has none")
    key.add_argument("--issue", action="store_true", help="let the local authority make it")
    key.set_defaults(run=enter)
    acts.add_parser("keys", help="list the keys that sign results").set_defaults(run=list_keys)
    revoke = acts.add_parser("revoke-key", help="refuse what a key of the local authority signs from now on")
    revoke.add_argument("name")
    revoke.add_argument("--at", help="moment from which on it is refused (ISO 8601); now if absent")
    revoke.set_defaults(run=revoke_one)


def check_file(arguments: argparse.Namespace) -> int:
    """Write what is to be said of the file; 0 valid, 1 not valid, 3 cannot tell, 2 not read."""
    from motcua.documents.signing.apart import write_report
    from motcua.documents.signing.check import check
    from motcua.documents.signing.report import Answer
    from motcua.documents.signing.trust import TrustNotReadable, read_trust
    from motcua.documents.stores import trust_now

    now = datetime.now(UTC)
    try:
        content = arguments.file.read_bytes()
        trust = read_trust(arguments.trust) if arguments.trust else trust_now(now)
    except (OSError, TrustNotReadable) as fault:
        sys.stderr.write(f"not read: {fault}\n")
        return 2
    report = check(content, trust=trust, at=now)
    if arguments.json:
        sys.stdout.write(json.dumps(json.loads(write_report(report)), ensure_ascii=False, indent=2) + "\n")
    else:
        sys.stdout.write(in_words(report))
    return {Answer.VALID: 0, Answer.NOT_VALID: 1, Answer.CANNOT_TELL: 3}[report.answer]


def in_words(report: "Report") -> str:
    """Return the report as lines for people."""
    from motcua.documents.signing.report import WORDS

    lines = [f"{report.answer.value.upper().replace('_', ' ')}: {WORDS[report.why].en}"]
    for each in report.signatures:
        when = (
            f"{each.signed_at:%Y-%m-%d %H:%M:%S} UTC"
            if each.signed_at
            else "at a time that nobody vouches for"
        )
        covers = ", covers the whole file" if each.covers_whole_file else ""
        lines.append(f"  {each.field}: {each.signer} ({each.agency}), {when}{covers}")
        lines.append(f"    {each.answer.value.replace('_', ' ')}: {WORDS[each.why].en}")
    return "\n".join([*lines, f"SHA-256 {report.sha256}", ""])


def sign_file(arguments: argparse.Namespace) -> int:
    """Sign a file that was prepared; 1 with the reason if that is refused."""
    from motcua.documents.services import render_stamp
    from motcua.documents.signing import acts
    from motcua.documents.signing.keystore import KeyMissing, certificate_of, opened
    from motcua.documents.states import Signatory
    from motcua.documents.stores import TimeStampsNotChosen, keys_folder, stamps_for, trust_now
    from motcua.documents.values import SealStamp, SignatureStamp

    now = datetime.now(UTC)
    signatory = Signatory(arguments.signatory)
    if signatory is Signatory.AGENCY and not (arguments.number and arguments.place):
        sys.stderr.write("the seal of an agency shows a number and a place: give --number and --place\n")
        return 2
    try:
        holder = str(certificate_of(keys_folder(), arguments.key).subject.native.get("common_name"))
        stamp = (
            SealStamp(agency=arguments.agency, number=arguments.number, place=arguments.place, signed_at=now)
            if signatory is Signatory.AGENCY
            else SignatureStamp(
                part="specialist" if signatory is Signatory.SPECIALIST else "leader",
                name=holder,
                agency=arguments.agency,
                signed_at=now,
            )
        )
        with opened(keys_folder(), arguments.key) as signer:
            signed = acts.sign(
                arguments.file.read_bytes(),
                part=signatory.part,
                signer=signer,
                stamp=render_stamp(stamp),
                time_stamps=stamps_for(now),
                trust=trust_now(now),
                now=now,
            )
        (arguments.to or arguments.file).write_bytes(signed)
    except (
        OSError,
        KeyMissing,
        TimeStampsNotChosen,
        acts.NotItsTurn,
        acts.PaperNotSignable,
        acts.CertificateNotGood,
        acts.TimeStampsSilent,
    ) as refusal:
        sys.stderr.write(f"not signed: {refusal}\n")
        return 1
    sys.stdout.write(f"signed by {holder} as {signatory.value}\n")
    return 0


def make_authority(arguments: argparse.Namespace) -> int:
    """Make the local authority; 1 if there is one."""
    from motcua.documents.signing.local import AuthorityExists
    from motcua.documents.stores import local_authority

    local = local_authority()
    try:
        local.make(name=arguments.name, now=datetime.now(UTC))
    except AuthorityExists as refusal:
        sys.stderr.write(f"{refusal}\n")
        return 1
    sys.stdout.write(f"{local.folder}: a root, a key of time stamps and a revocation list\n")
    return 0


def enter(arguments: argparse.Namespace) -> int:
    """Enter a key; 1 with the reason if that is refused."""
    from motcua.agencies.models import Agency
    from motcua.documents.provision import KeyTaken, enter_key, give_key
    from motcua.documents.signing.keystore import KeyMissing
    from motcua.documents.signing.local import NoLocalAuthority
    from motcua.documents.states import Signatory
    from motcua.identity.models import Account

    signatory = Signatory(arguments.signatory)
    if (signatory is Signatory.AGENCY) == bool(arguments.login):
        sys.stderr.write("a seal belongs to its agency and has no --login; a person's key needs one\n")
        return 2
    try:
        agency = Agency.objects.get(code=arguments.agency)
        account = Account.objects.get(login=arguments.login) if arguments.login else None
        place = {"name": arguments.name, "signatory": signatory, "agency_path": agency.path}
        if arguments.issue:
            key = give_key(
                **place,
                agency_name=agency.name,
                holder=account.name if account else agency.name,
                account=account,
                now=datetime.now(UTC),
            )
        else:
            key = enter_key(**place, account=account)
    except (
        Agency.DoesNotExist,
        Account.DoesNotExist,
        KeyTaken,
        KeyMissing,
        NoLocalAuthority,
    ) as refusal:
        sys.stderr.write(f"not entered: {refusal}\n")
        return 1
    sys.stdout.write(
        f"{key.name} signs as {key.signatory} for {agency.name} until {key.not_after:%Y-%m-%d}\n"
    )
    return 0


def list_keys(_: argparse.Namespace) -> int:
    """Write one line for each key."""
    from motcua.documents.models import SignatureKey

    for key in SignatureKey.objects.order_by("agency_path", "signatory", "name"):
        standing = f"retired {key.retired_at:%Y-%m-%d %H:%M}Z" if key.retired_at else "signs"
        sys.stdout.write(
            f"{key.name:30} {key.signatory:10} {key.agency_path}  until {key.not_after:%Y-%m-%d}  {standing}\n"
        )
    return 0


def revoke_one(arguments: argparse.Namespace) -> int:
    """Revoke a key of the local authority; 2 for a moment that cannot be read, 1 for a key that is not known."""
    from motcua.documents.provision import KeyUnknown, revoke_key
    from motcua.documents.signing.local import NoLocalAuthority

    now = datetime.now(UTC)
    try:
        at = datetime.fromisoformat(arguments.at) if arguments.at else now
    except ValueError as fault:
        sys.stderr.write(f"not readable: {fault}\n")
        return 2
    try:
        revoke_key(name=arguments.name, at=at if at.tzinfo else at.replace(tzinfo=UTC), now=now)
    except (KeyUnknown, NoLocalAuthority) as refusal:
        sys.stderr.write(f"{refusal}\n")
        return 1
    sys.stdout.write(
        f"{arguments.name}: what it signs from then on is refused, wherever the new list is known\n"
    )
    return 0
