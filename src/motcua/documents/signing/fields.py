"""Prepares a paper for its signatures: three fields at fixed places, tagged, of which each is signed in its turn.

All fields exist before the first signature, so that signing fills them in and adds nothing else.
"""

import io
from dataclasses import dataclass

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import (
    FieldMDPAction,
    FieldMDPSpec,
    InvisSigSettings,
    MDPPerm,
    SigFieldSpec,
    append_signature_field,
)

from .parts import ORDER, Part

name = generic.NameObject
MM = 72 / 25.4
PAGE_HEIGHT = 297


@dataclass(frozen=True, slots=True)
class Place:
    """Where a field stands: page (-1 is the last), and in millimetres left, top, width and height."""

    page: int
    left: float
    top: float
    width: float
    height: float

    @property
    def box(self) -> tuple[int, int, int, int]:
        """The corners in the points of PDF, lower left first."""
        bottom = PAGE_HEIGHT - self.top - self.height
        right, top = self.left + self.width, bottom + self.height
        return (round(self.left * MM), round(bottom * MM), round(right * MM), round(top * MM))


# result.typ leaves these places free; tests hold both together.
PLACES = {
    Part.SPECIALIST: Place(page=-1, left=30, top=258, width=72, height=14),
    Part.LEADER: Place(page=-1, left=108, top=227, width=82, height=45),
    Part.AGENCY: Place(page=0, left=30, top=38, width=160, height=16),
}
TOLD = {
    Part.SPECIALIST: "Chữ ký số của người lập kết quả",
    Part.LEADER: "Chữ ký số của người có thẩm quyền",
    Part.AGENCY: "Chữ ký số của cơ quan, số và ngày ban hành",
}


def prepare(pdf: bytes) -> bytes:
    """Return the typeset paper with its three empty fields.

    The last field locks the whole document when it is signed: after the seal nothing may follow.
    """
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    for part in ORDER:
        place = PLACES[part]
        lock = FieldMDPSpec(FieldMDPAction.ALL) if part is Part.AGENCY else None
        append_signature_field(
            writer,
            SigFieldSpec(
                part.value,
                on_page=place.page,
                box=place.box,
                field_mdp_spec=lock,
                doc_mdp_update_value=MDPPerm.NO_CHANGES if lock else None,
                readable_field_name=TOLD[part],
            ),
        )
    _tag(writer)
    result = io.BytesIO()
    writer.write(result)
    return result.getvalue()


def prepare_record(pdf: bytes) -> bytes:
    """Return a typeset record with the one field for the seal of its agency, which shows nothing on the page."""
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    append_signature_field(
        writer,
        SigFieldSpec(
            Part.AGENCY.value,
            invis_sig_settings=InvisSigSettings(box_out_of_bounds=True),
            readable_field_name=TOLD[Part.AGENCY],
        ),
    )
    _tag(writer)
    result = io.BytesIO()
    writer.write(result)
    return result.getvalue()


def _tag(writer: IncrementalPdfFileWriter) -> None:
    """Put each field under a Form element of the structure tree: PDF/UA wants no widget outside it."""
    root = writer.root
    tree = root["/StructTreeRoot"]
    # Typst writes one element of the whole document, as the only one in the list.
    above = tree["/K"].raw_get(0)
    document = above.get_object()
    children = document["/K"]
    if not isinstance(children, generic.ArrayObject):
        children = generic.ArrayObject([document.raw_get("/K")])
        document[name("/K")] = children
    key = int(tree.get("/ParentTreeNextKey", 0))
    numbers = generic.ArrayObject()
    for field in root["/AcroForm"]["/Fields"]:
        widget = field.get_object()
        page = widget.raw_get("/P")
        element = generic.DictionaryObject(
            {
                name("/Type"): name("/StructElem"),
                name("/S"): name("/Form"),
                name("/P"): above,
                name("/Pg"): page,
                name("/Alt"): widget["/TU"],
                name("/K"): generic.DictionaryObject(
                    {name("/Type"): name("/OBJR"), name("/Obj"): field, name("/Pg"): page}
                ),
            }
        )
        reference = writer.add_object(element)
        children.append(reference)
        widget[name("/StructParent")] = generic.NumberObject(key)
        numbers.extend([generic.NumberObject(key), reference])
        writer.update_container(widget)
        key += 1
    _add_parents(tree["/ParentTree"], numbers, writer)
    tree[name("/ParentTreeNextKey")] = generic.NumberObject(key)
    for changed in (document, children, tree, tree["/ParentTree"]):
        writer.update_container(changed)


def _add_parents(
    parents: generic.DictionaryObject, numbers: generic.ArrayObject, writer: IncrementalPdfFileWriter
) -> None:
    """Append to the number tree, whose keys ascend: ours are larger than any before."""
    if "/Nums" in parents:
        parents["/Nums"].extend(numbers)
        writer.update_container(parents["/Nums"])
        return
    leaf = generic.DictionaryObject(
        {name("/Limits"): generic.ArrayObject([numbers[0], numbers[-2]]), name("/Nums"): numbers}
    )
    parents["/Kids"].append(writer.add_object(leaf))
    writer.update_container(parents["/Kids"])
