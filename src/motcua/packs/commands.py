"""The commands ``motcua packs check | test | install | new``."""

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from .asking import Asking
from .beginning import STARTER, FolderTaken, begin_pack, checked_place, starter
from .checks import check_pack
from .findings import PackRefused
from .outline import Outline, read_outline
from .proof import prove
from .reading import read_pack


def add_commands(subparsers: Any) -> None:  # Any: argparse has no public name for this type
    """Add ``packs`` with its own subcommands."""
    packs = subparsers.add_parser("packs", help="check, prove, install and begin services")
    acts = packs.add_subparsers(dest="packs_act", required=True, metavar="ACT")
    check = acts.add_parser("check", help="find what is wrong with a pack, with file, line and remedy")
    check.add_argument("folder", type=Path, nargs="+")
    check.set_defaults(run=check_packs, needs_database=False)
    test = acts.add_parser("test", help="check a pack and run its examples")
    test.add_argument("folder", type=Path, nargs="+")
    test.add_argument("-v", "--verbose", action="store_true", help="print every example, not only what fails")
    test.set_defaults(run=test_packs, needs_database=False)
    install = acts.add_parser("install", help="put a proven pack in force as a new revision")
    install.add_argument("folder", type=Path, nargs="+")
    install.set_defaults(run=install_packs)
    new = acts.add_parser("new", help="begin a service: ask for it in short, write a pack that works")
    new.add_argument("code", help="lower-case name of the service, such as parking_permit")
    new.add_argument("--under", type=Path, default=Path("packs"), help="where to put its folder")
    new.add_argument("--outline", type=Path, help="read the answers from this YAML file instead of asking")
    new.add_argument("--show", action="store_true", help="print an outline to begin from, and write nothing")
    new.set_defaults(run=new_pack, needs_database=False)


def check_packs(args: argparse.Namespace) -> int:
    """Print every finding; 1 if a pack is refused."""
    return max(_each(folder, _check) for folder in args.folder)


def test_packs(args: argparse.Namespace) -> int:
    """Check, then run the examples; 1 if one fails or a rule is never reached."""
    return max(_each(folder, lambda path: _test(path, verbose=args.verbose)) for folder in args.folder)


def install_packs(args: argparse.Namespace) -> int:
    """Install each pack; 1 if one is refused, which then changes nothing."""
    return max(_each(folder, _install) for folder in args.folder)


def new_pack(args: argparse.Namespace) -> int:
    """Write a small pack that passes its own check, from an outline that is read or asked for."""
    if args.show:
        sys.stdout.write(STARTER.read_text(encoding="utf-8"))
        return 0
    try:
        checked_place(code=args.code, under=args.under)
        folder = begin_pack(code=args.code, under=args.under, outline=_outline(args.outline))
    except PackRefused as refusal:
        sys.stderr.write("".join(f"{finding}\n" for finding in refusal.findings))
        return 1
    except (FolderTaken, OSError, ValueError) as refusal:
        sys.stderr.write(f"{refusal}\n")
        return 1
    _say(f"{folder}: a service that works. Change it, then run: motcua packs test {folder}")
    return 0


def _outline(file: Path | None) -> Outline:
    if file is not None:
        return read_outline(file.name, file.read_text(encoding="utf-8"))
    return Asking(input, _say).outline(starter()) if sys.stdin.isatty() else starter()


def _each(folder: Path, act: Any) -> int:  # Any: any of the three functions below
    try:
        return int(act(folder))
    except PackRefused as refusal:
        sys.stderr.write("".join(f"{folder}/{finding}\n" for finding in refusal.findings))
        sys.stderr.write(f"{folder}: refused, {_counted(len(refusal.findings), 'finding')}.\n")
        return 1


def _check(folder: Path) -> int:
    pack = read_pack(folder)
    for finding in check_pack(pack):
        sys.stderr.write(f"{folder}/{finding}\n")
    _say(f"{folder}: in order ({pack.content.manifest.code}, content {pack.sha256[:12]}).")
    return 0


def _test(folder: Path, *, verbose: bool) -> int:
    pack = read_pack(folder)
    check_pack(pack)
    proof = prove(pack)
    for example in proof.examples if verbose else ():
        _say(f"{'ok    ' if not example.faults else 'FAILED'} {example.name}")
    if proof.findings:
        raise PackRefused(proof.findings)
    _say(f"{folder}: {_counted(len(proof.examples), 'example')} hold, and they reach every rule.")
    return 0


def _install(folder: Path) -> int:
    # The catalogue needs the database; check and test do without it.
    from .services import install_pack

    installed = install_pack(path=folder, now=datetime.now(UTC))
    state = "is in force" if installed.fresh else "was already in force, unchanged"
    _say(f"{installed.code}: revision {installed.revision} {state}.")
    return 0


def _counted(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
