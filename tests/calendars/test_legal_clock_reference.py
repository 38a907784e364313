"""What docs/reference/legal-clock.md shows is what `motcua clock` says."""

import re
from pathlib import Path

import pytest

from motcua.site.commands import main

PAGE = Path(__file__).resolve().parents[2] / "docs/reference/legal-clock.md"


def test_example_of_the_reference_is_told_as_printed_there(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = PAGE.read_text("utf-8")
    example, printed = (
        re.search(rf"```{kind}\n(.*?)```", text, re.DOTALL)[1]  # type: ignore[index]  # both blocks are there
        for kind in ("yaml", "text")
    )
    file = tmp_path / "dossier.yaml"
    file.write_text(example, "utf-8")

    status = main(["clock", str(file)])

    assert (status, capsys.readouterr().out) == (0, printed)


def test_reference_counts_its_vectors() -> None:
    names = [
        line
        for path in (Path(__file__).parent / "vectors").glob("*.yaml")
        for line in path.read_text("utf-8").splitlines()
        if line.startswith("- name: ")
    ]

    claimed = re.search(r"More than (\d+) dated examples", PAGE.read_text("utf-8"))

    assert claimed is not None
    assert len(names) > int(claimed[1])
