"""Filing for many in a pack: a firm that can be left empty, an authority that proves nothing, reasons nobody gives."""

import shutil
from pathlib import Path

import pytest

from motcua.packs.checks import check_pack
from motcua.packs.findings import PackRefused
from motcua.packs.reading import read_pack

ROOT = Path(__file__).resolve().parents[2]

# What stands in pack.yaml, what is planted, part of the problem, part of the remedy.
FAULTS = [
    (
        "firm: employer_tax_code",
        "firm: employer_tax",
        "no field of the form employer_tax",
        "employer_tax_code?",
    ),
    ("firm: employer_tax_code", "firm: plate", "plate may be left empty", "required text"),
    ("authority: owner_of_business", "authority: owner", "there is no fact owner", "Known"),
    ("authority: owner_of_business", "authority: employer_status", "is no yes or no", "exists"),
    ("authority: owner_of_business", "authority: employer_registered", "does not connect", "applicant"),
    ("promised: [truthful]", "promised: [truthfull]", "no field of the form truthfull", "truthful?"),
    ("promised: [truthful]", "promised: [shift]", "shift is no checkbox", "ticked"),
    ("    day_not_open:", "    day_not_opn:", "no rule gives the reason day_not_opn", "day_not_open?"),
    ("  firm_name: name", "  firm_nam: name", "firm_nam is not known", "firm_name?"),
]


@pytest.mark.parametrize("fault", FAULTS, ids=[fault[1] for fault in FAULTS])
def test_fault_is_told_with_its_remedy(fault: tuple[str, str, str, str], tmp_path: Path) -> None:
    old, new, problem, remedy = fault
    folder = tmp_path / "travel_pass"
    shutil.copytree(ROOT / "packs" / "travel_pass", folder)
    manifest = folder / "pack.yaml"
    text = manifest.read_text(encoding="utf-8")
    assert old in text
    manifest.write_text(text.replace(old, new, 1), encoding="utf-8")

    with pytest.raises(PackRefused) as refused:
        check_pack(read_pack(folder))

    found = refused.value.findings
    assert any(problem in each.problem and remedy in each.remedy for each in found), "\n".join(
        map(str, found)
    )
    assert all(each.line > 0 for each in found)
