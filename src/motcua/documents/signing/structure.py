"""Our own reading of a signed file, beside pyHanko's: ranges, order, revisions and what a paper may hold at all.

Validators differ in what they forgive. A result has one shape, so that everything else can be refused.
"""

import re
from collections.abc import Iterator, Sequence

from asn1crypto import core
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import FieldMDPAction, MDPPerm
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature

from .parts import ORDER, Part
from .report import Why

_HEX = re.compile(rb"\A<[0-9A-Fa-f]*>\Z")
_END = re.compile(rb"%%EOF(\r\n|\n|\r)?\Z")
_ACTIVE_ROOT = ("/OpenAction", "/AA", "/Collection", "/Requirements")


def fault_of_range(pdf: bytes, signature: EmbeddedPdfSignature) -> Why:
    """Say whether the range is all of the revision but the signature itself, and nothing hides in the gap."""
    given = list(signature.byte_range)
    if len(given) != 4 or not all(isinstance(each, int) and each >= 0 for each in given):
        return Why.RANGE_WRONG
    first, length, second, rest = given
    end = second + rest
    if first != 0 or length >= second or end > len(pdf) or not _END.search(pdf[max(0, end - 8) : end]):
        return Why.RANGE_WRONG
    gap = pdf[length:second]
    if not _HEX.match(gap):
        return Why.RANGE_WRONG
    written = bytes.fromhex(gap[1:-1].decode("ascii"))
    if written != signature.pkcs7_content or not _nothing_behind(written):
        return Why.RANGE_WRONG
    return Why.GOOD


def _nothing_behind(written: bytes) -> bool:
    """Tell whether one DER object and zeros are all that the room for the signature holds."""
    try:
        length = len(core.Asn1Value.load(written).dump())
    except (ValueError, TypeError):
        return False
    return not written[length:].strip(b"\0")


def fault_of_paper(pdf: bytes, reader: PdfFileReader, signatures: Sequence[EmbeddedPdfSignature]) -> Why:
    """Say what is wrong with the file as a whole; ``GOOD`` for one sealed paper of ours, or one sealed record."""
    if not signatures:
        return Why.NOT_SIGNED
    if _is_record(reader, signatures):
        return _fault_of_record(pdf, reader, signatures[0])
    if reader.embedded_timestamp_signatures or len(_fields(reader)) != len(ORDER):
        return Why.STRANGE_SIGNATURE
    if {each.field_name for each in signatures} - set(ORDER):
        return Why.STRANGE_SIGNATURE
    by_revision = sorted(signatures, key=lambda each: each.signed_revision)
    if [each.field_name for each in by_revision] != list(ORDER[: len(signatures)]):
        return Why.NOT_IN_ORDER
    revisions = [each.signed_revision for each in by_revision]
    last = reader.xrefs.total_revisions - 1
    if revisions != list(range(last - len(signatures) + 1, last + 1)):
        return Why.CHANGED_AFTER
    ends = [int(each.byte_range[2]) + int(each.byte_range[3]) for each in by_revision]
    if ends != sorted(set(ends)) or ends[-1] != len(pdf):
        return Why.CHANGED_AFTER
    if _active(reader):
        return Why.ACTIVE_CONTENT
    if len(signatures) != len(ORDER):
        return Why.NOT_SEALED
    return _fault_of_rules(reader, by_revision)


def _is_record(reader: PdfFileReader, signatures: Sequence[EmbeddedPdfSignature]) -> bool:
    """A record, as the minutes of a destruction, has the seal of its agency and no other field."""
    one = len(_fields(reader)) == len(signatures) == 1 and not reader.embedded_timestamp_signatures
    return one and signatures[0].field_name == Part.AGENCY


def _fault_of_record(pdf: bytes, reader: PdfFileReader, seal: EmbeddedPdfSignature) -> Why:
    """The seal stands in the last revision, covers everything, and certifies that nothing may follow."""
    if seal.signed_revision != reader.xrefs.total_revisions - 1:
        return Why.CHANGED_AFTER
    if int(seal.byte_range[2]) + int(seal.byte_range[3]) != len(pdf):
        return Why.CHANGED_AFTER
    if _active(reader):
        return Why.ACTIVE_CONTENT
    certified = _inside(reader.root, "/Perms")
    if "/DocMDP" not in certified or certified.raw_get("/DocMDP") != seal.sig_field.raw_get("/V"):
        return Why.RULES_WRONG
    if seal.docmdp_level is not MDPPerm.NO_CHANGES:
        return Why.RULES_WRONG
    return Why.GOOD if str(seal.sig_object["/SubFilter"]) == "/ETSI.CAdES.detached" else Why.RULES_WRONG


def _fault_of_rules(reader: PdfFileReader, signatures: Sequence[EmbeddedPdfSignature]) -> Why:
    """The first signature certifies the paper; the seal locks everything."""
    certified = _inside(reader.root, "/Perms")
    first, seal = signatures[0], signatures[-1]
    if "/DocMDP" not in certified or certified.raw_get("/DocMDP") != first.sig_field.raw_get("/V"):
        return Why.RULES_WRONG
    if first.docmdp_level is not MDPPerm.FILL_FORMS or seal.docmdp_level is not MDPPerm.NO_CHANGES:
        return Why.RULES_WRONG
    if seal.fieldmdp is None or seal.fieldmdp.action is not FieldMDPAction.ALL:
        return Why.RULES_WRONG
    formats = {str(each.sig_object["/SubFilter"]) for each in signatures}
    return Why.GOOD if formats == {"/ETSI.CAdES.detached"} else Why.RULES_WRONG


def _fields(reader: PdfFileReader) -> list[generic.DictionaryObject]:
    form = _inside(reader.root, "/AcroForm")
    return [each.get_object() for each in _listed(form, "/Fields")]


def _inside(owner: generic.DictionaryObject, key: str) -> generic.DictionaryObject:
    """Return the dictionary under a key, followed to where it stands, or an empty one."""
    return owner[key] if key in owner else generic.DictionaryObject()


def _listed(owner: generic.DictionaryObject, key: str) -> generic.ArrayObject:
    return owner[key] if key in owner else generic.ArrayObject()


def _active(reader: PdfFileReader) -> bool:
    root = reader.root
    names = _inside(root, "/Names")
    form = _inside(root, "/AcroForm")
    if any(each in root for each in _ACTIVE_ROOT) or "/XFA" in form or "/NeedAppearances" in form:
        return True
    if "/JavaScript" in names or "/EmbeddedFiles" in names:
        return True
    return any(
        "/AA" in page or any(_strange(each.get_object()) for each in _listed(page, "/Annots"))
        for page in _pages(root["/Pages"], depth=0)
    )


def _strange(annotation: generic.DictionaryObject) -> bool:
    """Tell whether the annotation is anything but one of the three fields or a link to an address."""
    kind = annotation["/Subtype"]
    if kind == "/Widget":
        return annotation["/T"] not in set(ORDER) or "/AA" in annotation or "/A" in annotation
    return kind != "/Link" or "/AA" in annotation or _inside(annotation, "/A")["/S"] != "/URI"


def _pages(node: generic.DictionaryObject, depth: int) -> Iterator[generic.DictionaryObject]:
    """Yield the pages; a tree that nests without end is cut off by the depth."""
    if depth > 20:
        raise ValueError("the tree of pages has no end")
    if node["/Type"] == "/Page":
        yield node
        return
    for child in node["/Kids"]:
        yield from _pages(child.get_object(), depth + 1)
