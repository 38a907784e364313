"""Installs a pack: read, checked and proven first, so that nothing that fails its own tests reaches a citizen."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from motcua.procedures.queries import NoSuchProcedure, procedure_in_force
from motcua.procedures.services import install_revision
from motcua.registers.queries import registers

from .checks import check_pack
from .findings import Finding, PackRefused
from .proof import prove
from .reading import Pack, read_pack


@dataclass(frozen=True, slots=True)
class Installed:
    """What became of an installation; ``fresh`` is false when this very content was already in force."""

    code: str
    revision: int
    fresh: bool
    warnings: tuple[Finding, ...]


def install_pack(*, path: Path, now: datetime) -> Installed:
    """Read, check, prove and put the pack in force as a new revision; raises ``PackRefused``.

    The same content twice is one revision. Cases that run keep the revision they were filed under.
    """
    pack = proven_pack(path)
    warnings = (*check_pack(pack), *undeclared_registers(pack))
    code = pack.content.manifest.code
    try:
        before = procedure_in_force(code).number
    except NoSuchProcedure:
        before = 0
    number = install_revision(content=pack.content, sha256=pack.sha256, now=now)
    return Installed(code, number, number != before, warnings)


def proven_pack(path: Path) -> Pack:
    """Return the pack if it is read, checked and proven; raises ``PackRefused`` with what is wrong."""
    pack = read_pack(path)
    check_pack(pack)
    findings = prove(pack).findings
    if findings:
        raise PackRefused(findings)
    return pack


def undeclared_registers(pack: Pack) -> list[Finding]:
    """Return a warning for each register that the pack asks and this installation does not have; one query."""
    declared = {register.name for register in registers()}
    return [
        Finding(
            "facts.yaml",
            pack.line_of("facts.yaml", index, "register"),
            f"{fact.name}: the register {fact.register_name} is not declared here, so the fact stays unknown",
            "Declare it with motcua registers declare.",
            weight="warning",
        )
        for index, fact in enumerate(pack.content.facts)
        if fact.register_name not in declared
    ]
