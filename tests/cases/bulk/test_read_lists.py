"""Reading a list: every honest file is read, every hostile one refused with a remedy, none fills the memory."""

import io
import random
import tracemalloc
import zipfile
from collections.abc import Callable

import pytest
from openpyxl import Workbook

from motcua.cases.bulk.check import lines_of
from motcua.cases.bulk.lists import MOST_ROWS, FileRefused, Line, format_of

HEADING = "Số định danh cá nhân,Họ và tên\r\n"
TEXT = HEADING + "048090000017,Nguyễn Ánh\r\n"
SHEET = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{}</sheetData></worksheet>'


def read(content: bytes) -> list[Line]:
    return list(lines_of(content, format_of(content)))


def texts(content: bytes) -> list[list[str]]:
    return [[cell.text for cell in line.cells] for line in read(content)]


def book(*rows: tuple[object, ...]) -> bytes:
    made = Workbook()
    sheet = made.worksheets[0]
    for row in rows:
        sheet.append(row)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def sheet(rows: str, *, store: bool = False) -> bytes:
    """Return a workbook with these rows; stored as they are if they would seem a bomb by their ratio alone."""
    ballast = {"xl/ballast.bin": random.Random(1).randbytes(500_000)} if store else {}
    return repacked(book(("a",)), {"xl/worksheets/sheet1.xml": SHEET.format(rows).encode(), **ballast})


def typed(name: str, kind: str) -> bytes:
    """Return a workbook with one more part of this kind."""
    content = book(("a",))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        types = archive.read("[Content_Types].xml")
    kind = f"application/vnd.openxmlformats-officedocument.{kind}"
    override = f'<Override PartName="/{name}" ContentType="{kind}"/></Types>'.encode()
    changed = {"[Content_Types].xml": types.replace(b"</Types>", override), name: b"<sst/>"}
    return repacked(content, changed)


def related(target: str) -> bytes:
    """Return a workbook that calls this part a chart."""
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/chartsheet"
    more = f'<Relationship Id="rId99" Type="{kind}" Target="{target}"/></Relationships>'.encode()
    name, content = "xl/_rels/workbook.xml.rels", book(("a",))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        relations = archive.read(name)
    return repacked(content, {name: relations.replace(b"</Relationships>", more)})


def repacked(content: bytes, changed: dict[str, bytes]) -> bytes:
    """Return the workbook with parts replaced or added."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name not in changed:
                new.writestr(name, old.read(name))
        for name, part in changed.items():
            new.writestr(name, part)
    return out.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_every_unicode_is_read(encoding: str) -> None:
    assert texts(TEXT.encode(encoding))[1] == ["048090000017", "Nguyễn Ánh"]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_every_delimiter_is_found(delimiter: str) -> None:
    assert texts(TEXT.replace(",", delimiter).encode())[1] == ["048090000017", "Nguyễn Ánh"]


def test_line_that_names_the_delimiter_for_excel_is_passed_over() -> None:
    lines = read(("sep=;\r\n" + TEXT.replace(",", ";")).encode())

    assert [line.number for line in lines] == [2, 3]


def test_empty_rows_are_passed_over_and_numbers_stay_those_of_the_sheet() -> None:
    lines = read((HEADING + ",\r\n\r\n048090000017,A\r\n").encode())

    assert [line.number for line in lines] == [1, 4]


def test_quoted_cell_may_hold_delimiter_and_line_break() -> None:
    assert texts(b'a,b\r\n"x, y","1\r\n2"\r\n')[1] == ["x, y", "1\r\n2"]


def test_workbook_gives_dates_numbers_and_texts_as_text() -> None:
    from datetime import datetime

    rows = read(book(("a", "b", "c", "d"), ("048", 48, datetime(2026, 9, 3), True)))

    assert [cell.text for cell in rows[1].cells[:4]] == ["048", "48", "2026-09-03", "true"]
    assert [cell.number for cell in rows[1].cells[:4]] == [False, True, False, False]


def test_formula_is_told_and_not_computed() -> None:
    cell = read(book(("a",), ('=HYPERLINK("http://x","y")',)))[1].cells[0]

    assert (cell.text, cell.formula) == ("", True)


REFUSED: list[tuple[str, Callable[[], bytes], str]] = [
    ("empty", lambda: b" \r\n", "Tệp trống"),
    ("PDF", lambda: b"%PDF-1.7 ...", "tệp PDF"),
    ("old Excel or password", lambda: bytes.fromhex("d0cf11e0a1b11ae1") + b"x" * 512, ".xls"),
    ("windows-1258", lambda: HEADING.encode() + b"048,Nguy\xea\xden \xc1nh", "CSV UTF-8"),
    ("mixed encodings", lambda: TEXT.encode() + "Đà".encode("utf-16-le") + b"\xff", "Dòng 3"),
    ("NUL in the text", lambda: TEXT.encode() + b"a\x00b,c\r\n", "ký tự rỗng"),
    ("open quotation mark", lambda: TEXT.encode() + b'"abc' + b"x" * 200_000, "ngoặc kép"),
    ("a million columns", (TEXT + "x," * 1_000_000).encode, "quá dài"),
    ("200 columns", (TEXT + "x," * 200).encode, "100 cột"),
    ("50,001 rows", (HEADING + "1,A\r\n" * (MOST_ROWS + 1)).encode, "50.000"),
    ("rows far below", (HEADING + "\r\n" * 100_001 + "1,A").encode, "50.000"),
    ("not an archive", lambda: b"PK\x03\x04" + b"\x00" * 100, "hỏng"),
    ("archive without a workbook", lambda: repacked(book(("a",)), {"xl/workbook.xml": b"<x/>"}), "hỏng"),
    ("macros", lambda: repacked(book(("a",)), {"xl/vbaProject.bin": b"x"}), "macro"),
    ("links", lambda: repacked(book(("a",)), {"xl/externalLinks/externalLink1.xml": b"<x/>"}), "liên kết"),
    ("many sheets", lambda: repacked(book(("a",)), {f"xl/worksheets/s{n}.xml": b"<x/>" for n in range(25)}), "trang tính"),
    ("bomb by ratio", lambda: repacked(book(("a",)), {"xl/media/a.png": b"\0" * 40_000_000}), "Tệp nén"),
    (
        "one row of a million cells",
        lambda: repacked(
            book(("a",)),
            {"xl/worksheets/sheet1.xml": SHEET.format("<row r='1'>" + "<c/>" * 1_000_000 + "</row>").encode()},
        ),
        "Tệp nén",
    ),
    (
        "texts that fill the memory",
        lambda: repacked(book(("a",)), {"xl/sharedStrings.xml": b"<sst>" + b"<si/>" * 2_500_000 + b"</sst>"}),
        "Tệp nén",
    ),
    ("a row with ends of rows in comments", lambda: sheet("<row r='1'>" + "<c/><!--</row>-->" * 9 + "</row>"), "hỏng"),
    ("a row with rows of others within", lambda: sheet("<row r='1'><c/><row xmlns='x'></row><c/></row>"), "hỏng"),
    ("a start that hides in an attribute", lambda: sheet("<row a='/>'><c/><row xmlns='x'></row></row>"), "hỏng"),
    (
        "what is kept beside the rows",
        lambda: sheet(("<z/>" * 250_000 + "<row></row>") * 20, store=True),
        "Tệp nén",
    ),
    ("texts under another name", lambda: typed("xl/s.xml", "spreadsheetml.sharedStrings+xml"), "hỏng"),
    ("texts measured as a sheet", lambda: typed("xl/worksheets/s.xml", "spreadsheetml.sharedStrings+xml"), "hỏng"),
    ("a workbook measured as a sheet", lambda: typed("xl/worksheets/s.xml", "spreadsheetml.sheet.main+xml"), "hỏng"),
    ("a sheet read as a chart", lambda: related("/xl/worksheets/sheet1.xml"), "hỏng"),
    ("a sheet read as a chart by a detour", lambda: related("chartsheets/../worksheets/sheet1.xml"), "hỏng"),
    (
        "a large part that no name tells",
        lambda: repacked(book(("a",)), {"xl/other.bin": random.Random(1).randbytes(100_000) * 50}),
        "Tệp nén",
    ),
    (
        "entities",
        lambda: repacked(
            book(("a",)),
            {
                "xl/worksheets/sheet1.xml": (
                    '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
                    + SHEET.format("<row r='1'><c t='inlineStr'><is><t>&b;</t></is></c></row>")
                ).encode()
            },
        ),
        "hỏng",
    ),
    (
        "a row numbered beyond all",
        lambda: repacked(
            book(("a",)),
            {"xl/worksheets/sheet1.xml": SHEET.format("<row r='999999999'><c><v>1</v></c></row>").encode()},
        ),
        "50.000",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("made", "said"), [case[1:] for case in REFUSED], ids=[case[0] for case in REFUSED])
def test_hostile_file_is_refused_with_a_remedy(made: Callable[[], bytes], said: str) -> None:
    content = made()

    with pytest.raises(FileRefused) as refused:
        for _ in lines_of(content, format_of(content)):
            pass

    assert said in refused.value.words.vi
    assert refused.value.words.en


@pytest.mark.parametrize(
    "name",
    [
        "one row of a million cells",
        "texts that fill the memory",
        "bomb by ratio",
        "what is kept beside the rows",
    ],
)
def test_bomb_is_refused_in_little_memory(name: str) -> None:
    content = next(made() for each, made, _ in REFUSED if each == name)
    tracemalloc.start()
    try:
        with pytest.raises(FileRefused):
            next(lines_of(content, format_of(content)))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert peak < 30_000_000


def test_archive_that_lies_about_sizes_gives_no_more_than_it_declares() -> None:
    honest = repacked(
        book(("a",)), {"xl/worksheets/sheet1.xml": SHEET.format("<row r='1'/>" * 400_000).encode()}
    )
    size = len(SHEET.format("<row r='1'/>" * 400_000))
    lying = honest.replace(size.to_bytes(4, "little"), (2000).to_bytes(4, "little"))
    assert lying != honest

    with pytest.raises(FileRefused):
        read(lying)
