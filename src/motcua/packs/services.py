"""Installs a pack: read, checked and proven first, so that nothing that fails its own tests reaches a citizen."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from motcua.procedures.queries import NoSuchProcedure, procedure_in_force, revisions_of
from motcua.procedures.services import install_revision
from motcua.registers.queries import declarations

from .checks import check_pack
from .findings import Finding, PackRefused, did_you_mean
from .proof import prove
from .reading import Pack, read_pack


@dataclass(frozen=True, slots=True)
class Installed:
    """What became of an installation; ``fresh`` is false when this very content was already in force."""

    code: str
    revision: int
    fresh: bool


def install_pack(*, path: Path, now: datetime) -> Installed:
    """Read, check, prove and put the pack in force as a new revision; raises ``PackRefused``.

    The same content twice is one revision. Cases that run keep the revision they were filed under.
    """
    pack = proven_pack(path)
    refused = [*questions_not_allowed(pack)]
    if refused:
        raise PackRefused(refused)
    code = pack.content.manifest.code
    try:
        before = procedure_in_force(code).number
    except NoSuchProcedure:
        before = 0
    number = install_revision(content=pack.content, sha256=pack.sha256, now=now, texts=pack.texts)
    return Installed(code, number, number != before)


def was_replaced(path: Path) -> bool:
    """Tell whether the pack was in force and another revision has taken its place; raises ``PackRefused``."""
    pack = read_pack(path)
    lines = revisions_of(pack.content.manifest.code)
    return (
        bool(lines) and lines[-1].sha256 != pack.sha256 and any(line.sha256 == pack.sha256 for line in lines)
    )


def proven_pack(path: Path) -> Pack:
    """Return the pack if it is read, checked and proven; raises ``PackRefused`` with what is wrong."""
    pack = read_pack(path)
    check_pack(pack)
    findings = prove(pack).findings
    if findings:
        raise PackRefused(findings)
    return pack


def questions_not_allowed(pack: Pack) -> Iterator[Finding]:
    """Yield what keeps the pack's questions from being asked here; one query.

    Without this a citizen would meet the fault, at the moment of filing.
    """
    declared, purpose = declarations(), pack.content.manifest.code
    for index, fact in enumerate(pack.content.facts):
        line = pack.line_of("facts.yaml", index, "register")
        name = fact.register_name
        if name not in declared:
            yield Finding(
                "facts.yaml",
                line,
                f"{fact.name}: the register {name} is not declared here",
                f"{did_you_mean(name, declared)} Or declare it with motcua registers declare.",
            )
            continue
        register = declared[name]
        if purpose not in register.purposes:
            yield Finding(
                "facts.yaml",
                line,
                f"{fact.name}: {name} may not be asked for the purpose {purpose}",
                f"Ask its owner, {register.owner}, to add {purpose} to the purposes of its declaration.",
            )
        columns = [column.name for column in register.columns]
        for column in (*fact.match, *([fact.returns] if fact.returns else ())):
            if column not in columns:
                yield Finding(
                    "facts.yaml",
                    line,
                    f"{fact.name}: {name} has no column {column}",
                    did_you_mean(column, columns),
                )
