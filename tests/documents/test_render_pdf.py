"""The act of typesetting: what reads well on paper, and what no value can do to it."""

import zlib
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image

from motcua.documents.services import TemplateUnknown, ValuesDoNotFit, render_pdf
from motcua.documents.values import Words

from .samples import MADE_AT, a_letter, a_pass, facts_of, picture_of, text_of

HOSTILE = (
    '#read("/etc/passwd")',
    '#import "@preview/cetz:0.3.1"; #panic()',
    "$ sum_(i=0)^n $ *đậm* _nghiêng_ `mã`",
    '"); system("reboot"); //',
    "]] #pagebreak() [[ <script>alert(1)</script>",
    "\\#{ } ~ @ref <label> = tiêu đề",
)


def test_vietnamese_text_extracts_with_its_accents(tmp_path: Path) -> None:
    text = text_of(render_pdf("pass", a_pass(), made_at=MADE_AT), tmp_path)

    assert "Nguyễn Thị Hồng Hạnh" in text
    assert "Nơi ở và nơi làm việc" in text
    assert "06:00, 05/09/2021" in text
    assert "23:59, 11/09/2021" in text


def test_qr_on_the_page_reads_back_at_a_phone_cameras_resolution(tmp_path: Path) -> None:
    picture = picture_of(render_pdf("pass", a_pass(), made_at=MADE_AT), tmp_path, dots_per_inch=96)

    with Image.open(picture) as image:
        (code,) = zxingcpp.read_barcodes(image)
    assert code.text == a_pass().qr_text


def test_longest_qr_text_of_a_pass_reads_back(tmp_path: Path) -> None:
    longest = "MC1:" + "A9" * 198
    pdf = render_pdf("pass", a_pass(qr_text=longest), made_at=MADE_AT)

    with Image.open(picture_of(pdf, tmp_path)) as image:
        (code,) = zxingcpp.read_barcodes(image)
    assert code.text == longest


@pytest.mark.parametrize(("paper", "size"), [("a5", "419.528 x 595.276"), ("a4", "595.276 x 841.89")])
def test_pass_is_one_tagged_page_of_the_chosen_paper(paper: str, size: str, tmp_path: Path) -> None:
    facts = facts_of(render_pdf("pass", a_pass(paper=paper), made_at=MADE_AT), tmp_path)

    assert facts["Pages"] == "1"
    assert facts["Tagged"] == "yes"
    assert facts["JavaScript"] == "no"
    assert facts["Page size"].startswith(size)


@pytest.mark.parametrize("template", ["pass", "letter"])
def test_file_declares_the_archive_and_accessibility_standards(template: str) -> None:
    pdf = render_pdf(template, a_pass() if template == "pass" else a_letter(), made_at=MADE_AT)

    for mark in (b"<pdfaid:part>2<", b"<pdfaid:conformance>A<", b"<pdfuaid:part>1<"):
        assert mark in pdf


def test_same_values_and_moment_give_the_same_bytes() -> None:
    first = render_pdf("pass", a_pass(), made_at=MADE_AT)

    render_pdf("pass", a_pass(holder="Trần Văn Ánh"), made_at=MADE_AT)

    assert render_pdf("pass", a_pass(), made_at=MADE_AT) == first


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_text_is_typeset_as_it_stands(hostile: str, tmp_path: Path) -> None:
    page = a_pass(holder=hostile)

    pdf = render_pdf("pass", page, made_at=MADE_AT)

    assert hostile.replace(" ", "") in text_of(pdf, tmp_path).replace(" ", "")
    assert facts_of(pdf, tmp_path)["Pages"] == "1"


def test_hostile_text_is_typeset_as_it_stands_in_a_letter(tmp_path: Path) -> None:
    text = text_of(render_pdf("letter", a_letter(reasons=HOSTILE), made_at=MADE_AT), tmp_path).replace(
        " ", ""
    )

    for hostile in HOSTILE:
        assert hostile.replace(" ", "") in text


@pytest.mark.parametrize("odd", ["Ann 李 Lê", "Ж", "🙂", "\x07", "\ue000", "\u202egnốđ", "\ud800"])
def test_letter_that_no_font_has_does_not_fail_the_page(odd: str, tmp_path: Path) -> None:
    pdf = render_pdf("pass", a_pass(holder=f"Lê {odd} An"), made_at=MADE_AT)

    assert "Lê" in text_of(pdf, tmp_path)


def test_decomposed_text_is_typeset_composed(tmp_path: Path) -> None:
    decomposed = "Nguye\u0302\u0303n"

    assert "Nguyễn" in text_of(render_pdf("pass", a_pass(holder=decomposed), made_at=MADE_AT), tmp_path)


def test_longest_values_of_a_pass_keep_to_one_page(tmp_path: Path) -> None:
    page = a_pass(
        holder="Công Tằng Tôn Nữ Thị Hồng Nhung Nguyễn Hoàng Phương Thảo",
        notes=(Words(vi="Chỉ dùng trong khu vực ghi trên giấy. " * 3, en="Only in the area above. " * 3),),
    )

    assert facts_of(render_pdf("pass", page, made_at=MADE_AT), tmp_path)["Pages"] == "1"


def test_refusal_letter_says_why_from_where_and_how_to_object(tmp_path: Path) -> None:
    text = text_of(render_pdf("letter", a_letter(), made_at=MADE_AT), tmp_path)

    for part in (
        "ngày 04 tháng 9 năm 2021",
        "Nơi bạn ở đang là vùng đỏ",
        "Danh mục vùng dịch tễ",
        "03/09/2021",
        "90 ngày",
    ):
        assert part in text


def test_letter_in_english_has_no_vietnamese_headings(tmp_path: Path) -> None:
    text = text_of(
        render_pdf("letter", a_letter(language="en", title="Not granted"), made_at=MADE_AT), tmp_path
    )

    assert "What was read" in text
    assert "4 September 2021" in text
    assert "Dữ liệu đã xem" not in text


def test_missing_and_extra_values_are_named() -> None:
    values = a_letter().model_dump() | {"colour": "red"}
    del values["body"]

    with pytest.raises(ValuesDoNotFit, match=r"body: Field required.*colour: Extra inputs"):
        render_pdf("letter", values, made_at=MADE_AT)


def test_unknown_template_is_refused_with_the_known_ones() -> None:
    with pytest.raises(TemplateUnknown, match="letter, pass"):
        render_pdf("../../etc/passwd", {}, made_at=MADE_AT)


def test_fonts_of_the_page_are_ours_and_embedded() -> None:
    pdf = render_pdf("letter", a_letter(), made_at=MADE_AT)

    streams = pdf.count(b"/FontFile")
    assert streams >= 2
    assert b"BeVietnamPro" in pdf or b"BeVietnamPro" in b"".join(_inflated(pdf))


def _inflated(pdf: bytes) -> list[bytes]:
    found = []
    for piece in pdf.split(b"stream\n")[1:]:
        try:
            found.append(zlib.decompressobj().decompress(piece))
        except zlib.error:
            continue
    return found
