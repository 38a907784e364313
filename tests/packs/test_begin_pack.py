"""Beginning a service: the folder that is written works at once."""

from pathlib import Path

import pytest

from motcua.packs.beginning import FolderTaken, begin_pack
from motcua.packs.checks import check_pack
from motcua.packs.proof import prove
from motcua.packs.reading import read_pack


def test_new_pack_passes_its_own_check_and_examples(tmp_path: Path) -> None:
    pack = read_pack(begin_pack(code="parking_permit", under=tmp_path))

    assert check_pack(pack) == []
    assert prove(pack).findings == ()
    assert pack.content.manifest.code == "parking_permit"


def test_new_pack_bears_its_code_everywhere(tmp_path: Path) -> None:
    folder = begin_pack(code="parking_permit", under=tmp_path)

    texts = [path.read_text(encoding="utf-8") for path in folder.rglob("*") if path.is_file()]

    assert not any("new_service" in text for text in texts)
    assert (folder / "decisions" / "parking_permit.dmn").exists()


def test_new_pack_is_at_most_three_hundred_lines_beside_its_table(tmp_path: Path) -> None:
    folder = begin_pack(code="parking_permit", under=tmp_path)

    lines = [
        len(path.read_text(encoding="utf-8").splitlines())
        for path in folder.rglob("*")
        if path.suffix in {".yaml", ".json", ".md"}
    ]

    assert sum(lines) <= 300


def test_folder_that_is_there_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "parking_permit").mkdir()

    with pytest.raises(FolderTaken, match="choose another code"):
        begin_pack(code="parking_permit", under=tmp_path)

    assert list((tmp_path / "parking_permit").iterdir()) == []


@pytest.mark.parametrize("code", ["../outside", "Parking", "parking-permit", "", "9lives", "a" * 61, "a/b"])
def test_code_that_is_no_name_is_refused(code: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="is no code"):
        begin_pack(code=code, under=tmp_path)

    assert list(tmp_path.iterdir()) == []
