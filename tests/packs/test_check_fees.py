"""A schedule of fees is refused for what would fail on a case, with the line and the example that shows it."""

import shutil
from pathlib import Path

import pytest

from motcua.packs.checks import check_pack
from motcua.packs.findings import PackRefused
from motcua.packs.reading import read_pack

ROOT = Path(__file__).resolve().parents[2]
LINE = """lines:
  - code: civil_status
    label: {{vi: Lệ phí, en: Fee}}
    legal_basis: Nghị quyết
    amount: {amount}
    when: at_filing
"""


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    return Path(shutil.copytree(ROOT / "packs" / "marital_status", tmp_path / "marital_status"))


def faults(pack: Path, text: str) -> list[str]:
    (pack / "fees.yaml").write_text(text, encoding="utf-8")
    try:
        check_pack(read_pack(pack))
    except PackRefused as refusal:
        return [str(finding) for finding in refusal.findings]
    return []


@pytest.mark.parametrize(
    "amount",
    ["15000", "0", "'if use = \"marriage\" then 0 else 15000'", "'if lived elsewhere = true then 2 else 1'"],
)
def test_amount_in_whole_dong_for_every_example_is_in_order(pack: Path, amount: str) -> None:
    assert faults(pack, LINE.format(amount=amount)) == []


@pytest.mark.parametrize(
    ("amount", "shown"),
    [
        ("'if use = \"marriage\" then 15000 else null'", "null"),
        ("'5 - 10000'", "-9995"),
        ("'15000 / 7'", "2142."),
        ("'partner'", "null"),
        ("'\"15000\"'", "15000"),
        ("'10 ** 30'", "1"),
    ],
)
def test_null_negative_or_broken_amount_is_named_with_an_example(pack: Path, amount: str, shown: str) -> None:
    (found,) = faults(pack, LINE.format(amount=amount))

    assert found.startswith("fees.yaml, line 5: civil_status: the amount is ")
    assert shown in found
    assert "in the example " in found


@pytest.mark.parametrize("amount", ["'copies * 1000'", "'if then'"])
def test_expression_that_does_not_compile_is_named(pack: Path, amount: str) -> None:
    (found,) = faults(pack, LINE.format(amount=amount))

    assert "fees.yaml, line 5: civil_status: amount:" in found


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (LINE.format(amount="-1"), "amount"),
        (LINE.format(amount="1.5"), "amount"),
        (LINE.format(amount="1").replace("at_filing", "someday"), "someday"),
        (LINE.format(amount="1") + LINE.format(amount="1").partition("\n")[2], "twice"),
        ("lines: []\n", "lines"),
        (LINE.format(amount="1") + "    more: 1\n", "more"),
    ],
)
def test_schedule_of_another_shape_is_refused(pack: Path, text: str, why: str) -> None:
    found = faults(pack, text)

    assert found
    assert any(why in each for each in found)


def test_exemption_that_does_not_compile_is_named(pack: Path) -> None:
    exempt = (
        "    exempt:\n      - when: hộ nghèo = true\n        reason: {vi: Hộ nghèo, en: Poor household}\n"
    )

    (found,) = faults(pack, LINE.format(amount="1") + exempt)

    assert "civil_status: exempt" in found


def test_fixed_fee_beside_a_schedule_is_refused(pack: Path) -> None:
    manifest = pack / "pack.yaml"
    manifest.write_text(manifest.read_text(encoding="utf-8") + "fee_vnd: 5\n", encoding="utf-8")

    assert any("fee_vnd" in each for each in faults(pack, LINE.format(amount="1")))
