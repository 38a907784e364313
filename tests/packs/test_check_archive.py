"""What becomes of ended dossiers is checked with line and remedy, like every part of a pack."""

import shutil
from pathlib import Path

import pytest

from motcua.packs.findings import PackRefused
from motcua.packs.reading import read_pack

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    ("written", "told"),
    [
        (
            "keep_years: forever",
            "'forever' is no retention period. Write whole years from 1 to 70, as 10, or permanent.",
        ),
        (
            "keep_years: 100",
            "100 is no retention period. Write whole years from 1 to 70, as 10, or permanent.",
        ),
        ("keep_year: 10", "the key keep_year is not known here. Did you mean keep_years?"),
    ],
)
def test_bad_term_is_told_with_its_line_and_the_remedy(tmp_path: Path, written: str, told: str) -> None:
    folder = Path(shutil.copytree(ROOT / "packs" / "marital_status", tmp_path / "marital_status"))
    manifest = folder / "pack.yaml"
    manifest.write_text(
        manifest.read_text(encoding="utf-8").replace("keep_years: 20", written), encoding="utf-8"
    )
    line = next(
        at for at, text in enumerate(manifest.read_text(encoding="utf-8").splitlines(), 1) if written in text
    )

    with pytest.raises(PackRefused) as refused:
        read_pack(folder)

    key = written.partition(":")[0]
    assert f"pack.yaml, line {line}: archive.{key}: {told}" in [str(each) for each in refused.value.findings]
