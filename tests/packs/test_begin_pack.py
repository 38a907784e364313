"""Beginning a service: the folder that is written works at once."""

from pathlib import Path

import pytest

from motcua.packs.beginning import FolderTaken, begin_pack, starter
from motcua.packs.checks import check_pack
from motcua.packs.outline import Outline, read_outline
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


def test_the_outline_of_the_tutorial_is_a_service_that_works(tmp_path: Path) -> None:
    outline = Path(__file__).parents[2] / "docs" / "tutorial" / "sidewalk_use.yaml"
    text = outline.read_text(encoding="utf-8")

    folder = begin_pack(code="sidewalk_use", under=tmp_path, outline=read_outline(outline.name, text))

    pack = read_pack(folder)
    assert check_pack(pack) == []
    assert prove(pack).findings == ()
    lines = [
        one.read_text(encoding="utf-8") for one in folder.rglob("*") if one.suffix != ".dmn" and one.is_file()
    ]
    assert sum(text.count("\n") for text in lines) <= 300


def test_every_kind_of_question_can_be_asked_and_tested(tmp_path: Path) -> None:
    given = starter().model_dump(mode="json", by_alias=True)
    kinds = {
        "text": "a",
        "long_text": "b",
        "number": 3,
        "date": "2026-11-02",
        "place": "20194",
        "promise": True,
    }
    both = {"vi": 'Có "dấu" & < 3', "en": "It's: #1"}
    given["asks"] = [
        *({"name": f"my_{kind}", "label": both, "kind": kind, "example": one} for kind, one in kinds.items()),
        {
            "name": "my_choice",
            "label": both,
            "kind": "choice",
            "options": [{"value": one, "label": both} for one in ("no", "on")],
            "example": "no",
        },
    ]
    given["looks_up"] = [{"name": "known", "label": both, "register": "population", "example": True}]
    tests = {
        "my_text": ('"x"', "x"),
        "my_number": ("> 30", 31),
        "my_date": ('> date("2030-01-01")', "2030-01-02"),
        "my_place": ('"20195"', "20195"),
        "my_promise": ("false", False),
        "my_choice": ('"on"', "on"),
        "known": ("false", False),
    }
    given["rules"] = [
        {
            "when": {name: test},
            "reason": f"because_{name}",
            "says": both,
            "remedy": both,
            "example": {name: one},
        }
        for name, (test, one) in tests.items()
    ]
    given["grant"] = {"says": both, "days": 1, "starts": "my_date"}

    pack = read_pack(begin_pack(code="all_kinds", under=tmp_path, outline=Outline.model_validate(given)))

    assert [one for one in check_pack(pack) if one.weight == "error"] == []
    assert prove(pack).findings == ()
    assert {option.value for field in pack.content.form.fields for option in field.options} == {"no", "on"}


def test_reason_that_a_rule_has_is_not_given_twice(tmp_path: Path) -> None:
    given = starter().model_dump(mode="json", by_alias=True)
    given["rules"][0]["reason"] = "residence_status_unknown"

    pack = read_pack(begin_pack(code="a", under=tmp_path, outline=Outline.model_validate(given)))

    assert prove(pack).findings == ()


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
