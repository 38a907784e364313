"""The words of decisions: a name that nothing has is refused, a code without words is a warning."""

import pytest

from motcua.packs.checks import check_pack
from motcua.packs.reading import read_pack

from .conftest import ROOT, Spoiled


def warnings(pack: Spoiled) -> list[str]:
    return [finding.problem for finding in check_pack(read_pack(pack.folder))]


@pytest.mark.parametrize("folder", ["travel_pass", "market_card"])
def test_every_code_of_the_repository_has_words(folder: str) -> None:
    assert check_pack(read_pack(ROOT / "packs" / folder)) == []


def test_pack_without_words_is_in_order(pack: Spoiled) -> None:
    assert warnings(pack) == []


def test_code_without_words_is_told(travel_pass: Spoiled) -> None:
    travel_pass.replace("words.yaml", "    proven: {", "    shown: {")

    assert warnings(travel_pass) == ['work link: "proven" has no words, so people read the code']


def test_file_left_out_tells_every_code_but_those_that_read_as_they_are(travel_pass: Spoiled) -> None:
    (travel_pass.folder / "words.yaml").unlink()

    told = warnings(travel_pass)

    assert 'employer group: "essential" has no words, so people read the code' in told
    assert not [line for line in told if "06:00" in line]


def test_words_for_what_nothing_decides_are_refused(travel_pass: Spoiled) -> None:
    line = travel_pass.replace("words.yaml", "work link:", "work_link:")

    (finding,) = [each for each in travel_pass.refusal() if each.weight == "error"]

    assert (finding.file, finding.line) == ("words.yaml", line)
    assert finding.remedy == "Did you mean work link?"


def test_words_in_one_language_are_refused(travel_pass: Spoiled) -> None:
    line = travel_pass.replace("words.yaml", "{vi: y tế, en: health}", "{vi: y tế}")

    finding = travel_pass.one_refusal()

    assert (finding.file, finding.line) == ("words.yaml", line)


def test_code_that_the_model_itself_says_in_words_is_not_told(travel_pass: Spoiled) -> None:
    travel_pass.replace("words.yaml", "    proven: {", "    shown: {")
    label = 'name="work link" label="Quan hệ với nơi làm việc">'
    described = f"{label}\n    <description>proven: đã chứng tỏ / proven</description>"
    travel_pass.replace("decisions/travel_pass.dmn", label, described)

    assert warnings(travel_pass) == []
