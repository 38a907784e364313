"""A bag says what is wrong with it: a file changed, added, taken away, or no bag at all. Terms end with a year."""

import io
import zipfile
from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from pydantic import ValidationError

from motcua.archives.bag import DECLARATION, NotABag, Part, PathNotPlain, faults_of, read_bag, write_bag
from motcua.archives.states import kept_until
from motcua.procedures.archiving import ArchiveRule

AT = datetime(2027, 6, 1, tzinfo=UTC)
PARTS = (
    Part("dossier.json", "Nội dung", "application/json", b"{}"),
    Part("papers/01-birth.pdf", "Giấy", "application/pdf", b"%PDF-1"),
)


def packed(*parts: Part) -> bytes:
    return write_bag(
        name="H17-20261116-0000001",
        parts=parts or PARTS,
        about=[("External-Identifier", "H17\n x")],
        made_at=AT,
    )


def test_bag_is_whole_and_the_same_each_time() -> None:
    files = read_bag(packed())

    assert packed() == packed()
    assert faults_of(files) == []
    assert files["data/papers/01-birth.pdf"] == b"%PDF-1"
    assert b"External-Identifier: H17 x\n" in files["bag-info.txt"]
    assert b"Payload-Oxum: 8.2\n" in files["bag-info.txt"]


@pytest.mark.parametrize(
    ("breach", "fault"),
    [
        (lambda files: files.update({"data/dossier.json": b"[]"}), "data/dossier.json is not what it was"),
        (lambda files: files.update({"bag-info.txt": b""}), "bag-info.txt is not what it was"),
        (lambda files: files.update({"data/more.txt": b""}), "data/more.txt is in no manifest"),
        (lambda files: files.update({"more.txt": b""}), "more.txt is in no manifest"),
        (lambda files: files.pop("data/dossier.json"), "data/dossier.json is missing"),
        (lambda files: files.pop("tagmanifest-sha512.txt"), "tagmanifest-sha512.txt is missing"),
        (
            lambda files: files.update({"manifest-sha512.txt": b"abc\n"}),
            "has a line that is no hash and path",
        ),
    ],
    ids=["changed", "tag-changed", "added", "tag-added", "taken", "no-manifest", "no-hash"],
)
def test_every_breach_is_named(breach: Callable[[dict[str, bytes]], object], fault: str) -> None:
    files = dict(read_bag(packed()))

    breach(files)

    assert any(fault in each for each in faults_of(files))


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", packed()[:-40], packed()[:200]])
def test_what_is_no_bag_is_refused(content: bytes) -> None:
    with pytest.raises(NotABag):
        read_bag(content)


@pytest.mark.parametrize("path", ["../x", "/x", "a b", "ảnh.pdf", "", "a//b", "dossier.json"])
def test_a_file_that_others_may_not_unpack_is_refused(path: str) -> None:
    with pytest.raises(PathNotPlain):
        packed(PARTS[0], Part(path, "x", "text/plain", b""))


@pytest.mark.parametrize(
    ("ended", "years", "until"),
    [
        (date(2026, 1, 1), 10, date(2036, 12, 31)),
        (date(2026, 12, 31), 5, date(2031, 12, 31)),
        (date(2024, 2, 29), 1, date(2025, 12, 31)),
        (date(2026, 6, 1), None, None),
    ],
)
def test_term_counts_from_the_end_of_the_year(ended: date, years: int | None, until: date | None) -> None:
    assert kept_until(ended, years) == until


@pytest.mark.parametrize("years", [0, 71, -5, 2.5, "10", "forever", True, None])
def test_what_is_no_term_is_refused_with_the_remedy(years: object) -> None:
    with pytest.raises(ValidationError, match="write whole years from 1 to 70, as 10, or permanent"):
        ArchiveRule.model_validate({"heading": {"vi": "A", "en": "B"}, "keep_years": years})


@pytest.mark.parametrize("years", [1, 70, "permanent"])
def test_a_term_is_read_again_as_it_was_kept(years: object) -> None:
    rule = ArchiveRule.model_validate({"heading": {"vi": "A", "en": "B"}, "keep_years": years})

    assert ArchiveRule.model_validate(rule.model_dump(mode="json")) == rule


def test_no_damaged_byte_gets_past_the_check_or_stops_it() -> None:
    whole = packed()
    before = read_bag(whole)

    for at in range(len(whole)):
        damaged = whole[:at] + bytes([whole[at] ^ 0x55]) + whole[at + 1 :]
        try:
            files = read_bag(damaged)
        except NotABag:
            continue
        # What ZIPs say twice, and nobody reads, may differ: then every file is what it was.
        assert files == before or faults_of(files), f"byte {at}"


@pytest.mark.parametrize(
    ("names", "why"),
    [
        (("H17/bagit.txt", "H17/bagit.txt"), "stands twice"),
        (("H17/bagit.txt", "H17/data/../../../etc/cron.d/x"), "no plain path"),
        (("H17/bagit.txt", "H17/data/a\\..\\b"), "no plain path"),
        (("H17/bagit.txt", "other/data/x"), "one folder"),
        (("../bagit.txt",), "no plain path"),
    ],
)
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_zip_that_other_programs_unpack_otherwise_is_refused(names: tuple[str, ...], why: str) -> None:
    odd = io.BytesIO()
    with zipfile.ZipFile(odd, "w") as archive:
        for name in names:
            archive.writestr(name, DECLARATION)

    with pytest.raises(NotABag, match=why):
        read_bag(odd.getvalue())


def test_a_package_that_another_program_packed_anew_is_still_whole() -> None:
    again = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(packed())) as before, zipfile.ZipFile(again, "w") as after:
        after.mkdir("H17-20261116-0000001")
        after.mkdir("H17-20261116-0000001/data")
        for each in before.namelist():
            after.writestr(each, before.read(each))

    assert faults_of(read_bag(again.getvalue())) == []
