"""The act of signing: three signatures in order, each on top of the one before, held by three readers."""

import re
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.x509.oid import NameOID

from motcua.documents.services import render_pdf
from motcua.documents.signing.acts import (
    CertificateNotGood,
    NotItsTurn,
    PaperNotSignable,
    TimeStampsSilent,
    refuse_out_of_turn,
)
from motcua.documents.signing.authority import Revoked, Use, issue
from motcua.documents.signing.check import check
from motcua.documents.signing.fields import MM, ORDER, PLACES, Part
from motcua.documents.signing.report import Answer, Why
from motcua.documents.signing.time_stamps import time_stamps_at
from motcua.documents.values import ResultRow

from .samples import facts_of, picture_of, text_of
from .signed_papers import (
    LATER,
    NAMES,
    NOW,
    a_result,
    drafted,
    pdfsig,
    pyhanko_accepts,
    signed_by,
    signed_to,
    signer_of,
    town,
)


def test_sealed_paper_is_valid_for_us_for_pyhanko_and_for_poppler(tmp_path: Path) -> None:
    paper = signed_to(Part.AGENCY)

    report = check(paper, trust=town().trust(), at=LATER)

    assert (report.answer, report.why) == (Answer.VALID, Why.GOOD)
    assert pyhanko_accepts(paper)
    assert pdfsig(paper, tmp_path) == ["Signature is Valid."] * 3


def test_report_says_who_signed_when_and_how_much(tmp_path: Path) -> None:
    report = check(signed_to(Part.AGENCY), trust=town().trust(), at=LATER)

    assert [(each.field, each.signer) for each in report.signatures] == [
        (str(part), NAMES[part]) for part in ORDER
    ]
    assert {each.signed_at for each in report.signatures} == {NOW}
    assert [each.covers_whole_file for each in report.signatures] == [False, False, True]


@pytest.mark.parametrize("part", ORDER)
def test_each_signature_is_appended_to_what_was_signed_before(part: Part) -> None:
    before = drafted() if part is ORDER[0] else signed_to(ORDER[ORDER.index(part) - 1])

    assert signed_to(part).startswith(before)


@pytest.mark.parametrize(
    ("have", "offered"),
    [
        (None, Part.LEADER),
        (None, Part.AGENCY),
        (Part.SPECIALIST, Part.SPECIALIST),
        (Part.SPECIALIST, Part.AGENCY),
        (Part.LEADER, Part.SPECIALIST),
        (Part.LEADER, Part.LEADER),
        (Part.AGENCY, Part.SPECIALIST),
        (Part.AGENCY, Part.LEADER),
        (Part.AGENCY, Part.AGENCY),
    ],
)
def test_signature_out_of_turn_is_refused(have: Part | None, offered: Part) -> None:
    paper = drafted() if have is None else signed_to(have)

    with pytest.raises(NotItsTurn):
        signed_by(paper, offered)


@pytest.mark.parametrize("part", [Part.SPECIALIST, Part.LEADER])
def test_paper_without_its_seal_is_not_in_force(part: Part) -> None:
    report = check(signed_to(part), trust=town().trust(), at=LATER)

    assert (report.answer, report.why) == (Answer.NOT_VALID, Why.NOT_SEALED)
    assert {each.answer for each in report.signatures} == {Answer.VALID}


def test_unsigned_draft_is_not_a_result() -> None:
    assert check(drafted(), trust=town().trust(), at=LATER).why is Why.NOT_SIGNED


@pytest.mark.parametrize("other", [b"", b"%PDF-1.7\n", b"PK\x03\x04", drafted()[:4000]])
def test_bytes_that_are_no_prepared_paper_are_not_signed(other: bytes) -> None:
    with pytest.raises(PaperNotSignable):
        refuse_out_of_turn(other, Part.SPECIALIST)


def test_revoked_signer_cannot_sign() -> None:
    key = town().keys[Part.SPECIALIST]
    revoked = Revoked(key.certificate.serial_number, NOW - timedelta(days=2))

    with pytest.raises(CertificateNotGood):
        signed_by(drafted(), Part.SPECIALIST, trust=town().trust(revoked))


def test_expired_signer_cannot_sign() -> None:
    old = issue(
        town().root,
        name="Nguyễn Văn An",
        agency="",
        use=Use.PERSON,
        now=NOW - timedelta(days=20),
        lifetime=timedelta(days=10),
    )

    with pytest.raises(CertificateNotGood):
        signed_by(drafted(), Part.SPECIALIST, signer=signer_of(old))


def test_nothing_is_signed_while_the_revocation_list_is_out_of_date() -> None:
    stale = town().trust(published_at=NOW - timedelta(days=200))

    with pytest.raises(CertificateNotGood):
        signed_by(drafted(), Part.SPECIALIST, trust=stale)


def test_nothing_is_signed_while_nobody_gives_the_time() -> None:
    with pytest.raises(TimeStampsSilent):
        signed_by(drafted(), Part.SPECIALIST, time_stamps=time_stamps_at("http://127.0.0.1:9/"))


def test_paper_shows_who_signed_and_keeps_to_the_archive_standard(tmp_path: Path) -> None:
    paper = signed_to(Part.AGENCY)

    text = text_of(paper, tmp_path)

    for shown in (
        "12/2026/GXN-UBND",
        "Hải Châu, ngày 20 tháng 11 năm 2026",
        "Nguyễn Văn An",
        "Trần Thị Bích",
        "2026-11-20T10:00:00+07:00",
    ):
        assert shown in text
    assert facts_of(paper, tmp_path)["Tagged"] == "yes"
    assert picture_of(paper, tmp_path).stat().st_size > 10_000
    for mark in (b"<pdfaid:part>2<", b"<pdfaid:conformance>A<", b"<pdfuaid:part>1<"):
        assert mark in paper


def test_fonts_of_the_signatures_are_embedded(tmp_path: Path) -> None:
    path = tmp_path / "paper.pdf"
    path.write_bytes(signed_to(Part.AGENCY))

    rows = subprocess.run(
        ["pdffonts", str(path)], capture_output=True, text=True, check=True
    ).stdout.splitlines()[2:]

    assert rows
    assert all("BeVietnamPro" in row and row.split()[-5] == "yes" for row in rows)


def test_fields_stand_in_the_structure_that_screen_readers_follow(tmp_path: Path) -> None:
    path = tmp_path / "paper.pdf"
    path.write_bytes(signed_to(Part.AGENCY))

    tree = subprocess.run(["pdfinfo", "-struct", str(path)], capture_output=True, check=True).stdout

    assert sum(line.strip().startswith(b"Form") for line in tree.splitlines()) == len(ORDER)


def boxes_of_words(pdf: bytes, folder: Path) -> list[list[tuple[float, float, float, float]]]:
    """Return, page by page, where words stand: left, top, right, bottom in points from above."""
    path = folder / "paper.pdf"
    path.write_bytes(pdf)
    told = subprocess.run(["pdftotext", "-bbox", str(path), "-"], capture_output=True, text=True, check=True)
    number = r'"([0-9.-]+)"'
    return [
        [
            tuple(float(each) for each in found)
            for found in re.findall(rf"<word xMin={number} yMin={number} xMax={number} yMax={number}", page)
        ]
        for page in told.stdout.split("<page ")[1:]
    ]


@pytest.mark.parametrize("rows", [0, 6, 13, 17, 18, 19, 20, 40])
def test_text_of_any_length_leaves_the_places_of_the_signatures_free(rows: int, tmp_path: Path) -> None:
    row = ResultRow(label="Nơi cư trú", value="12 Bạch Đằng, phường Hải Châu, thành phố Đà Nẵng")
    pdf = render_pdf("result", a_result(rows=(row,) * rows), made_at=NOW)

    pages = boxes_of_words(pdf, tmp_path)

    for part, place in PLACES.items():
        left, top = place.left * MM, place.top * MM
        right, bottom = left + place.width * MM, top + place.height * MM
        within = [
            box
            for box in pages[place.page]
            if box[0] < right and box[2] > left and box[1] < bottom and box[3] > top
        ]
        assert within == [], part


def test_certificate_names_are_cut_to_what_they_may_be() -> None:
    long = "Trung tâm Phục vụ hành chính công thành phố Đà Nẵng, chi nhánh số 1"

    made = issue(town().root, name=long, agency=long, use=Use.AGENCY, now=NOW)

    (shown,) = made.certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    assert str(shown.value).startswith("Trung tâm Phục vụ hành chính công thành phố Đà N")
    assert str(shown.value).endswith("…")
