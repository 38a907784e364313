"""Files made to harm the check: each is answered soon, none is called valid, and no error escapes."""

import time
import zlib
from collections.abc import Callable

import pytest

from motcua.documents.signing.check import check
from motcua.documents.signing.parts import Part
from motcua.documents.signing.report import Answer, Why

from .signed_papers import LATER, signed_to, town


def pdf_of(*objects: bytes, trailer: bytes = b"") -> bytes:
    """Return a small file with a right table of objects."""
    body, places = b"%PDF-1.7\n", []
    for number, each in enumerate(objects, 1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, each)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    return (
        body
        + b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF\n"
        % (size, table, size, trailer, len(body))
    )


PAGES = b"<< /Type /Pages /Kids [] /Count 0 >>"


def signed_field(contents: bytes, byte_range: bytes = b"[0 1 2 3]") -> bytes:
    return pdf_of(
        b"<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [3 0 R] /SigFlags 3 >> >>",
        PAGES,
        b"<< /FT /Sig /T (CoQuan) /V 4 0 R >>",
        b"<< /Type /Sig /SubFilter /ETSI.CAdES.detached /ByteRange %s /Contents <%s> >>"
        % (byte_range, contents),
    )


def bomb() -> bytes:
    packed = zlib.compress(b"\0" * 50_000_000, 9)
    return pdf_of(
        b"<< /Type /Catalog /Pages 2 0 R /DSS << /CRLs [3 0 R] >> >>",
        PAGES,
        b"<< /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream" % (len(packed), packed),
    )


HOSTILE: dict[str, Callable[[], bytes]] = {
    "empty": lambda: b"",
    "header only": lambda: b"%PDF-1.7\n",
    "page, not pdf": lambda: b"<html><script>alert(1)</script></html>",
    "zip": lambda: b"PK\x03\x04" + b"\0" * 200,
    "pdf behind other bytes": lambda: b"\xff\xd8\xff\xe0" + signed_to(Part.AGENCY),
    "pages that hold themselves": lambda: pdf_of(
        b"<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [2 0 R 2 0 R 2 0 R] >> >>",
        b"<< /Type /Pages /Kids [2 0 R] /Count 1 /FT /Sig /T (CoQuan) >>",
    ),
    "table that begins with itself": lambda: pdf_of(
        b"<< /Type /Catalog /Pages 2 0 R >>", PAGES, trailer=b"/Prev 9"
    ),
    "deeply nested": lambda: pdf_of(b"[" * 20_000 + b"]" * 20_000),
    "fields that are their own children": lambda: pdf_of(
        b"<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [3 0 R] >> >>",
        PAGES,
        b"<< /T (a) /Kids [3 0 R] >>",
    ),
    "bomb of a stream": bomb,
    "signature without content": lambda: signed_field(b""),
    "signature of zeros": lambda: signed_field(b"00" * 4000),
    "signature of an endless length": lambda: signed_field(b"3084ffffffff" + b"00" * 100),
    "signature of nested sequences": lambda: signed_field(b"3080" * 3000),
    "range of negative numbers": lambda: signed_field(b"3003020101", b"[-1 -1 -1 -1]"),
    "range of huge numbers": lambda: signed_field(b"3003020101", b"[0 99999999999 999999999999 9999999999]"),
    "range of words": lambda: signed_field(b"3003020101", b"[(a) (b) (c) (d)]"),
    "many objects": lambda: pdf_of(b"<< /Type /Catalog /Pages 2 0 R >>", PAGES, *[b"null"] * 20_000),
    "cut in the middle": lambda: signed_to(Part.AGENCY)[: len(signed_to(Part.AGENCY)) // 2],
    "no end": lambda: signed_to(Part.AGENCY)[:-30],
    "two papers": lambda: signed_to(Part.AGENCY) + signed_to(Part.LEADER),
    "encrypted": lambda: pdf_of(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        PAGES,
        b"<< /Filter /Standard /V 2 /R 3 /Length 128 /P -4 /O <%s> /U <%s> >>" % (b"00" * 32, b"00" * 32),
        trailer=b"/Encrypt 3 0 R /ID [<00> <00>]",
    ),
}


@pytest.mark.parametrize("kind", sorted(HOSTILE))
def test_hostile_file_is_answered_soon_and_never_valid(kind: str) -> None:
    pdf = HOSTILE[kind]()
    trust = town().trust()
    began = time.process_time()

    report = check(pdf, trust=trust, at=LATER)

    assert report.answer is not Answer.VALID
    assert time.process_time() - began < 5


def test_encrypted_file_cannot_be_told() -> None:
    report = check(HOSTILE["encrypted"](), trust=town().trust(), at=LATER)

    assert (report.answer, report.why) == (Answer.CANNOT_TELL, Why.ENCRYPTED)


def test_file_past_the_limit_is_not_read() -> None:
    report = check(b"%PDF-1.7\n" + b"0" * 10_485_760, trust=town().trust(), at=LATER)

    assert (report.answer, report.why) == (Answer.CANNOT_TELL, Why.TOO_LARGE)
