"""Reads a PDF for what could run, reach outside or hide: such a file is refused, any other is kept byte for byte.

Nothing is taken out of a PDF: a changed byte would end every signature in it.
"""

import io
from collections.abc import Iterator

import pikepdf

from motcua.vault.checking import limits
from motcua.vault.checking.faults import PaperRefused
from motcua.vault.checking.pdf_frame import looks_deflated, refuse_frame, unpacked_size

_ACTIVE_KEYS = {
    "/JS": "pdf_script",
    "/JavaScript": "pdf_script",
    "/XFA": "pdf_xfa",
    "/EmbeddedFiles": "pdf_embedded",
    "/EF": "pdf_embedded",
    "/RichMediaContent": "pdf_media",
    "/FFilter": "pdf_external",
    "/OPI": "pdf_external",
}
_ACTIONS = {
    "/JavaScript": "pdf_script",
    "/Launch": "pdf_launch",
    "/SubmitForm": "pdf_external",
    "/ImportData": "pdf_external",
    "/GoToR": "pdf_external",
    "/GoToE": "pdf_embedded",
    "/Rendition": "pdf_media",
    "/Movie": "pdf_media",
    "/Sound": "pdf_media",
    "/RichMediaExecute": "pdf_media",
    "/GoTo3DView": "pdf_media",
}
_SUBTYPES = {
    "/FileAttachment": "pdf_embedded",
    "/RichMedia": "pdf_media",
    "/Movie": "pdf_media",
    "/Sound": "pdf_media",
    "/Screen": "pdf_media",
    "/3D": "pdf_media",
}
# What a file may do by itself when it is opened: turn to a page.
_BY_ITSELF = {"/GoTo", "/Named"}
_LINKS = ("http://", "https://", "mailto:")


def checked_pdf(content: bytes) -> int:
    """Return how many pages the PDF has; raises ``PaperRefused`` if it is damaged, locked, active or too much."""
    refuse_frame(content)
    try:
        # Repairing guesses: another reader may guess another document out of the same bytes.
        with pikepdf.open(io.BytesIO(content), attempt_recovery=False, suppress_warnings=True) as pdf:
            if pdf.is_encrypted:
                raise PaperRefused("pdf_encrypted")
            pages = len(pdf.pages)
            _refuse_objects(pdf)
    except pikepdf.PasswordError:
        raise PaperRefused("pdf_encrypted") from None
    except (pikepdf.PdfError, pikepdf.ForeignObjectError, RuntimeError, TypeError, KeyError):
        raise PaperRefused("pdf_damaged") from None
    if pages == 0:
        raise PaperRefused("pdf_empty")
    if pages > limits.MOST_PAGES:
        raise PaperRefused("pdf_pages")
    return pages


def _refuse_objects(pdf: pikepdf.Pdf) -> None:
    left = limits.MOST_OBJECTS
    unpacked = limits.MOST_UNPACKED_BYTES
    for found in (*pdf.objects, pdf.trailer):
        for part in _parts_of(found):
            left -= 1
            if left < 0:
                raise PaperRefused("pdf_bomb")
            _refuse_dictionary(part)
            if isinstance(part, pikepdf.Stream):
                unpacked -= _unpacked_further(part)
                if unpacked < 0:
                    raise PaperRefused("pdf_bomb")


def _parts_of(found: pikepdf.Object) -> Iterator[pikepdf.Object]:
    """Yield every dictionary and stream that stands in the object itself; what it points to is met elsewhere."""
    waiting: list[tuple[pikepdf.Object, int]] = [(found, 0)]
    while waiting:
        part, depth = waiting.pop()
        if depth > limits.MOST_DEPTH:
            raise PaperRefused("pdf_bomb")
        if isinstance(part, pikepdf.Dictionary | pikepdf.Stream):
            yield part
            within = [part.get(key) for key in part.keys()]  # noqa: SIM118 - not a mapping of Python's
        elif isinstance(part, pikepdf.Array):
            within = list(part)
        else:
            continue
        waiting += [
            (each, depth + 1)
            for each in within
            if isinstance(each, pikepdf.Dictionary | pikepdf.Array) and not each.is_indirect
        ]


def _refuse_dictionary(part: pikepdf.Object) -> None:
    keys = set(part.keys())
    for key in keys & _ACTIVE_KEYS.keys():
        raise PaperRefused(_ACTIVE_KEYS[key])
    if "/S" in keys and (fault := _ACTIONS.get(_name(part.get("/S")))):
        raise PaperRefused(fault)
    if "/Subtype" in keys and (fault := _SUBTYPES.get(_name(part.get("/Subtype")))):
        raise PaperRefused(fault)
    if _name(part.get("/Type")) == "/EmbeddedFile":
        raise PaperRefused("pdf_embedded")
    if isinstance(part, pikepdf.Stream) and keys & {"/F", "/Ref"}:
        # The content stands in another file, or a page of another file is drawn in its place.
        raise PaperRefused("pdf_external")
    if "/URI" in keys and not _is_plain_link(part.get("/URI")):
        raise PaperRefused("pdf_external")
    if "/OpenAction" in keys:
        _refuse_by_itself(part.get("/OpenAction"))
    if "/AA" in keys and isinstance(events := part.get("/AA"), pikepdf.Dictionary):
        for event in events.keys():  # noqa: SIM118 - not a mapping of Python's
            _refuse_by_itself(events.get(event))


def _refuse_by_itself(action: object) -> None:
    if isinstance(action, pikepdf.Dictionary) and _name(action.get("/S")) not in _BY_ITSELF:
        raise PaperRefused("pdf_external")


def _is_plain_link(target: object) -> bool:
    # A catalog says with a dictionary of this name what links are relative to.
    if not isinstance(target, pikepdf.String):
        return isinstance(target, pikepdf.Dictionary)
    return str(target).strip().lower().startswith(_LINKS)


def _name(value: object) -> str:
    return str(value) if isinstance(value, pikepdf.Name) else ""


def _unpacked_further(stream: pikepdf.Stream) -> int:
    """Return what a stream takes beyond its first unpacking, which the frame has bounded."""
    filters = stream.get("/Filter")
    names = [_name(each) for each in filters] if isinstance(filters, pikepdf.Array) else [_name(filters)]
    if len(names) > limits.MOST_NESTED_FILTERS or names.count("/FlateDecode") > 1:
        raise PaperRefused("pdf_bomb")
    width, height = stream.get("/Width", 0), stream.get("/Height", 0)
    if isinstance(width, int) and isinstance(height, int) and width * height > 2 * limits.MOST_POINTS:
        raise PaperRefused("pdf_bomb")
    if names[0] == "/FlateDecode":
        # The frame has counted what looks packed; a stream with an odd beginning is counted here.
        packed = stream.read_raw_bytes()
        return 0 if looks_deflated(packed[:2]) else unpacked_size(packed, 0, limits.MOST_STREAM_BYTES)
    if {"/LZWDecode", "/RunLengthDecode"} & set(names):
        # Unpacked within the memory that this program may have.
        return len(stream.read_bytes())
    return 0
