"""What may be done to a sealed paper: each is refused by our check and by pyHanko, asked on its own."""

import io
import re
from collections.abc import Callable

import pytest
from asn1crypto import cms
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import SigFieldSpec, append_signature_field
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner

from motcua.documents.signing.check import check
from motcua.documents.signing.parts import Part
from motcua.documents.signing.report import Answer, Why

from .signed_papers import LATER, pyhanko_accepts, signed_to, signer_of, town

name = generic.NameObject


def sealed() -> bytes:
    return signed_to(Part.AGENCY)


def ranges(pdf: bytes) -> list[tuple[int, int, int]]:
    """Return, by revision, where each signature's hole begins and ends, and where its revision ends."""
    reader = PdfFileReader(io.BytesIO(pdf))
    found = []
    for each in sorted(reader.embedded_regular_signatures, key=lambda one: one.signed_revision):
        _, hole, behind, rest = (int(part) for part in each.byte_range)
        found.append((hole, behind, behind + rest))
    return found


def appended(change: Callable[[IncrementalPdfFileWriter], None], pdf: bytes | None = None) -> bytes:
    """Return the paper with an incremental update after its last revision."""
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf or sealed()))
    change(writer)
    written = io.BytesIO()
    writer.write(written)
    return written.getvalue()


def flipped(pdf: bytes, at: int) -> bytes:
    return pdf[:at] + bytes([pdf[at] ^ 1]) + pdf[at + 1 :]


def byte_of_content() -> bytes:
    return flipped(sealed(), sealed().index(b"stream") + 40)


def byte_of_first_signature() -> bytes:
    hole, _, _ = ranges(sealed())[0]
    # Within the value of the signature itself: near the end of what is not padding.
    digits = sealed()[hole + 1 :].split(b"00000000000000000000", 1)[0]
    return sealed()[: hole + len(digits) - 600] + _other_digits(sealed(), hole + len(digits) - 600)


def _other_digits(pdf: bytes, at: int) -> bytes:
    swapped = bytes(b"0123456789abcdef"[15 - int(chr(each), 16)] for each in pdf[at : at + 8])
    return swapped + pdf[at + 8 :]


def byte_of_the_signature_over_the_attributes() -> bytes:
    hole, behind, _ = ranges(sealed())[-1]
    room = bytes.fromhex(sealed()[hole + 1 : behind - 1].decode())
    value = cms.ContentInfo.load(room)["content"]["signer_infos"][0]["signature"].native
    changed = room.replace(value, flipped(value, 100))
    return sealed()[: hole + 1] + changed.hex().encode() + sealed()[behind - 1 :]


def appended_page() -> bytes:
    def change(writer: IncrementalPdfFileWriter) -> None:
        pages = writer.root["/Pages"]
        blank = generic.DictionaryObject(
            {
                name("/Type"): name("/Page"),
                name("/Parent"): writer.root.raw_get("/Pages"),
                name("/MediaBox"): generic.ArrayObject(
                    [generic.NumberObject(each) for each in (0, 0, 595, 842)]
                ),
            }
        )
        pages["/Kids"].append(writer.add_object(blank))
        pages[name("/Count")] = generic.NumberObject(int(pages["/Count"]) + 1)
        writer.update_container(pages)
        writer.update_container(pages["/Kids"])

    return appended(change)


def replaced_drawing_of_a_signature() -> bytes:
    """Another name is drawn where the leader signed."""

    def change(writer: IncrementalPdfFileWriter) -> None:
        fields = writer.root["/AcroForm"]["/Fields"]
        widgets = [each.get_object() for each in fields]
        widgets[1][name("/AP")] = widgets[0]["/AP"]
        writer.update_container(widgets[1])

    return appended(change)


def added_note() -> bytes:
    def change(writer: IncrementalPdfFileWriter) -> None:
        page = writer.root["/Pages"]["/Kids"][0]
        note = generic.DictionaryObject(
            {
                name("/Type"): name("/Annot"),
                name("/Subtype"): name("/FreeText"),
                name("/Rect"): generic.ArrayObject(
                    [generic.NumberObject(each) for each in (90, 400, 400, 430)]
                ),
                name("/Contents"): generic.TextStringObject("Đã kết hôn"),
            }
        )
        page["/Annots"].append(writer.add_object(note))
        writer.update_container(page)
        writer.update_container(page["/Annots"])

    return appended(change)


def changed_form_field() -> bytes:
    def change(writer: IncrementalPdfFileWriter) -> None:
        form = writer.root["/AcroForm"]
        text = generic.DictionaryObject(
            {
                name("/FT"): name("/Tx"),
                name("/T"): generic.TextStringObject("TinhTrang"),
                name("/V"): generic.TextStringObject("Đã kết hôn"),
            }
        )
        form["/Fields"].append(writer.add_object(text))
        writer.update_container(form)
        writer.update_container(form["/Fields"])

    return appended(change)


def replaced_page_content() -> bytes:
    """The page is drawn from another stream: what was signed is still in the file, and not shown."""

    def change(writer: IncrementalPdfFileWriter) -> None:
        page = writer.root["/Pages"]["/Kids"][0]
        page[name("/Contents")] = writer.add_object(
            generic.StreamObject(stream_data=b"0 0 0 rg 0 0 595 842 re f")
        )
        writer.update_container(page)

    return appended(change)


def harmless_update_after_the_seal() -> bytes:
    """Nothing is shown otherwise, but nothing at all may follow the seal."""

    def change(writer: IncrementalPdfFileWriter) -> None:
        writer.root[name("/OpenAction")] = generic.ArrayObject(
            [writer.root["/Pages"]["/Kids"].raw_get(0), name("/Fit")]
        )
        writer.update_root()

    return appended(change)


def second_seal() -> bytes:
    """A fourth signature, from a key that is trusted."""
    writer = IncrementalPdfFileWriter(io.BytesIO(sealed()))
    append_signature_field(writer, SigFieldSpec("Them"))
    pen = PdfSigner(PdfSignatureMetadata(field_name="Them"), signer_of(town().keys[Part.LEADER]))
    # pyHanko refuses to do it; another program would not.
    pen._enforce_certification_constraints = lambda reader: None  # type: ignore[method-assign]  # as said
    return pen.sign_pdf(writer).getvalue()


def bytes_behind_the_end() -> bytes:
    return sealed() + b"\n1 0 obj\n<< /Type /Catalog >>\nendobj\n"


def seal_cut_off() -> bytes:
    return sealed()[: ranges(sealed())[1][2]]


def signature_taken_out_of_its_field() -> bytes:
    def change(writer: IncrementalPdfFileWriter) -> None:
        seal = writer.root["/AcroForm"]["/Fields"][2]
        del seal["/V"]
        writer.update_container(seal)

    return appended(change)


def signature_of_another_paper() -> bytes:
    other = signed_to(Part.AGENCY, "Giấy khác")
    theirs, ours = ranges(other)[-1], ranges(sealed())[-1]
    taken = other[theirs[0] + 1 : theirs[1] - 1]
    room = ours[1] - ours[0] - 2
    return sealed()[: ours[0] + 1] + taken[:room].ljust(room, b"0") + sealed()[ours[1] - 1 :]


def signatures_of_two_persons_swapped() -> bytes:
    """The fields show each other's signature."""

    def change(writer: IncrementalPdfFileWriter) -> None:
        first, second = (each.get_object() for each in list(writer.root["/AcroForm"]["/Fields"])[:2])
        first_value, second_value = first.raw_get("/V"), second.raw_get("/V")
        first[name("/V")], second[name("/V")] = second_value, first_value
        writer.update_container(first)
        writer.update_container(second)

    return appended(change)


def _range_of_the_seal(pdf: bytes, numbers: tuple[int, ...]) -> bytes:
    found = list(re.finditer(rb"/ByteRange \[[^\]]*\]", pdf))[-1]
    text = b"/ByteRange [%s]" % b" ".join(b"%d" % each for each in numbers)
    return pdf[: found.start()] + text.ljust(len(found.group())) + pdf[found.end() :]


def wider_hole() -> bytes:
    """The range leaves out a part of the paper together with the signature."""
    hole, behind, end = ranges(sealed())[-1]
    return _range_of_the_seal(sealed(), (0, hole - 40, behind, end - behind))


def range_that_begins_later() -> bytes:
    hole, behind, end = ranges(sealed())[-1]
    return _range_of_the_seal(sealed(), (10, hole - 10, behind, end - behind))


def range_of_six_numbers() -> bytes:
    hole, _, _ = ranges(sealed())[-1]
    return _range_of_the_seal(sealed(), (0, hole, 9, 1, 9, 1))


def range_past_the_end() -> bytes:
    hole, behind, end = ranges(sealed())[-1]
    return _range_of_the_seal(sealed(), (0, hole, behind, end - behind + 5))


def content_hidden_in_the_hole() -> bytes:
    """Objects are put between the signature and the end of the room that was left for it."""
    _, behind, _ = ranges(sealed())[-1]
    hidden = b">\n99 0 obj\n<< /Type /Catalog >>\nendobj\n<"
    return sealed()[: behind - 1 - len(hidden)] + hidden + sealed()[behind - 1 :]


def data_behind_the_signature_in_the_hole() -> bytes:
    """Digits behind the signature, in the room that nothing covers; a second one could wait there."""
    _, behind, _ = ranges(sealed())[-1]
    return sealed()[: behind - 41] + b"3082" * 10 + sealed()[behind - 1 :]


def universal_forgery(contents: bytes) -> bytes:
    """Universal signature forgery: the signature has no usable content, and a careless reader says valid."""
    hole, behind, _ = ranges(sealed())[-1]
    return sealed()[:hole] + b"<%s>" % contents.ljust(behind - hole - 2, b"0") + sealed()[behind:]


def forgery_with_empty_contents() -> bytes:
    return universal_forgery(b"")


def forgery_with_a_null() -> bytes:
    return universal_forgery(b"0500")


def forgery_without_a_range() -> bytes:
    found = list(re.finditer(rb"/ByteRange \[[^\]]*\]", sealed()))[-1]
    return sealed()[: found.start()] + b"/ByteRangX" + sealed()[found.start() + 10 :]


def wrapping() -> bytes:
    """Signature wrapping: what was signed moves to the back, another paper stands in its place."""
    hole, behind, end = ranges(sealed())[-1]
    evil = sealed().replace(b"/Lang", b"/Lung")[:hole]
    room = sealed()[hole:behind]
    moved = len(evil) + len(room) + 64
    return _range_of_the_seal(evil + room + b" " * 64 + sealed()[behind:end], (0, hole, moved, end - behind))


def signed_twice_with_another_draft() -> bytes:
    """The agency's last revision is laid on another paper that two persons signed."""
    other = signed_to(Part.LEADER, "Giấy khác")
    mine = signed_to(Part.LEADER)
    return other + sealed()[len(mine) :]


@pytest.mark.parametrize(
    ("tamper", "expected"),
    [
        (byte_of_content, Why.CONTENT_CHANGED),
        (byte_of_first_signature, None),
        (byte_of_the_signature_over_the_attributes, Why.SIGNATURE_BROKEN),
        (appended_page, Why.CHANGED_AFTER),
        (replaced_drawing_of_a_signature, Why.CHANGED_AFTER),
        (added_note, Why.CHANGED_AFTER),
        (changed_form_field, Why.STRANGE_SIGNATURE),
        (replaced_page_content, Why.CHANGED_AFTER),
        (harmless_update_after_the_seal, Why.CHANGED_AFTER),
        (second_seal, Why.STRANGE_SIGNATURE),
        (seal_cut_off, Why.NOT_SEALED),
        (signature_taken_out_of_its_field, Why.CHANGED_AFTER),
        (signature_of_another_paper, Why.CONTENT_CHANGED),
        (signatures_of_two_persons_swapped, None),
        (wider_hole, Why.RANGE_WRONG),
        (range_that_begins_later, Why.RANGE_WRONG),
        (range_of_six_numbers, Why.RANGE_WRONG),
        (range_past_the_end, None),
        (content_hidden_in_the_hole, None),
        (forgery_with_empty_contents, Why.DAMAGED),
        (forgery_with_a_null, Why.DAMAGED),
        (forgery_without_a_range, Why.DAMAGED),
        (wrapping, None),
        (signed_twice_with_another_draft, None),
    ],
)
def test_tampered_paper_is_refused_by_us_and_by_pyhanko(
    tamper: Callable[[], bytes], expected: Why | None
) -> None:
    pdf = tamper()
    assert pdf != sealed()

    report = check(pdf, trust=town().trust(), at=LATER)

    assert report.answer is Answer.NOT_VALID
    assert report.why is expected or expected is None
    assert not pyhanko_accepts(pdf)


@pytest.mark.parametrize(
    ("tamper", "expected"),
    [(data_behind_the_signature_in_the_hole, Why.RANGE_WRONG), (bytes_behind_the_end, Why.CHANGED_AFTER)],
)
def test_what_pyhanko_passes_over_is_refused_by_our_own_reading(
    tamper: Callable[[], bytes], expected: Why
) -> None:
    report = check(tamper(), trust=town().trust(), at=LATER)

    assert (report.answer, report.why) == (Answer.NOT_VALID, expected)
