"""Packs to spoil: a small one and the travel pass, copied where a test may change them."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.support.drafting import NEW_SERVICE

from motcua.packs.checks import check_pack
from motcua.packs.findings import Finding, PackRefused
from motcua.packs.reading import read_pack

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Spoiled:
    """A pack's folder that a test changes and then has checked."""

    folder: Path

    def replace(self, file: str, old: str, new: str) -> int:
        """Replace ``old`` once and return the line it stood on."""
        path = self.folder / file
        text = path.read_text(encoding="utf-8")
        assert old in text, f"{file} has no {old!r}"
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        return text.count("\n", 0, text.index(old)) + 1

    def write(self, file: str, text: str) -> None:
        """Write a file of the pack."""
        path = self.folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def refusal(self) -> list[Finding]:
        """Return what the check finds; fails if the pack is taken."""
        with pytest.raises(PackRefused) as refused:
            check_pack(read_pack(self.folder))
        return list(refused.value.findings)

    def every_fault(self) -> list[Finding]:
        """Return what is found, whether the pack cannot be read or does not hold together."""
        try:
            check_pack(read_pack(self.folder))
        except PackRefused as refused:
            return list(refused.findings)
        return []

    def one_refusal(self) -> Finding:
        """Return the one thing that the check finds."""
        (finding,) = self.refusal()
        assert finding.remedy
        return finding


@pytest.fixture
def pack(tmp_path: Path) -> Spoiled:
    folder = tmp_path / "new_service"
    shutil.copytree(NEW_SERVICE, folder)
    return Spoiled(folder)


@pytest.fixture
def travel_pass(tmp_path: Path) -> Spoiled:
    folder = tmp_path / "travel_pass"
    shutil.copytree(ROOT / "packs" / "travel_pass", folder)
    return Spoiled(folder)


Spoil = Callable[[Spoiled], object]
