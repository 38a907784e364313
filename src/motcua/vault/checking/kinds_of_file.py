"""What a file is by its content; its name and the type that the browser states do not count."""

import struct
from typing import Literal

from motcua.vault.checking.faults import PaperRefused

FileKind = Literal["jpeg", "png", "webp", "pdf"]

MEDIA_TYPES: dict[FileKind, str] = {
    "jpeg": "image/jpeg",
    "png": "image/png",
    "webp": "image/webp",
    "pdf": "application/pdf",
}
EXTENSIONS = {"image/jpeg": "jpg", "image/png": "png", "application/pdf": "pdf"}

_TAKEN: tuple[tuple[bytes, FileKind], ...] = (
    (b"\xff\xd8\xff", "jpeg"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"%PDF-", "pdf"),
)
_REFUSED: tuple[tuple[bytes, str], ...] = (
    (b"MZ", "program"),
    (b"\x7fELF", "program"),
    (b"\xfe\xed\xfa", "program"),
    (b"\xcf\xfa\xed\xfe", "program"),
    (b"\xca\xfe\xba\xbe", "program"),
    (b"#!", "script"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "office"),
    (b"{\\rtf", "office"),
    (b"7z\xbc\xaf\x27\x1c", "archive"),
    (b"Rar!\x1a\x07", "archive"),
    (b"\x1f\x8b", "archive"),
    (b"BZh", "archive"),
    (b"\xfd7zXZ\x00", "archive"),
    (b"GIF8", "gif"),
    (b"II*\x00", "tiff"),
    (b"MM\x00*", "tiff"),
    (b"BM", "bmp"),
    (b"\x1aE\xdf\xa3", "video"),
    (b"ID3", "video"),
    (b"OggS", "video"),
)
_OFFICE_PARTS = (b"[Content_Types].xml", b"word/", b"xl/", b"ppt/", b"mimetypeapplication/vnd.oasis")
_STILL_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"avif", b"avis"}
_PAGE_MARKS = (b"<html", b"<!doctype html", b"<script", b"<iframe", b"<body")
_ARCHIVES_WITHIN = (b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c")
# Where a reader of ZIP looks for its end, and where a browser that guesses looks for a page.
_ZIP_REACH = 65_557
_PAGE_REACH = 4_096


def kind_of(content: bytes) -> FileKind:
    """Return what the content is; raises ``PaperRefused``, which names a type that is known but not taken."""
    if not content:
        raise PaperRefused("empty")
    for mark, kind in _TAKEN:
        if content.startswith(mark):
            return kind
    if content[:4] == b"RIFF":
        if content[8:12] == b"WEBP":
            return "webp"
        raise PaperRefused("video")
    raise PaperRefused(_other_kind(content))


def _other_kind(content: bytes) -> str:
    for mark, fault in _REFUSED:
        if content.startswith(mark):
            return fault
    if content.startswith(b"PK\x03\x04"):
        return "office" if any(part in content[:4096] for part in _OFFICE_PARTS) else "zip"
    if content[4:8] == b"ftyp":
        return "heic" if content[8:12] in _STILL_BRANDS else "video"
    if b"%PDF-" in content[:1024]:
        return "with_more"
    return _kind_of_text(content)


def _kind_of_text(content: bytes) -> str:
    head = content[:_PAGE_REACH].decode("utf-8-sig", "replace").lstrip().lower().encode()
    if b"<svg" in head:
        return "svg"
    if any(mark in head for mark in _PAGE_MARKS):
        return "html"
    if head.startswith(b"<?xml"):
        return "xml"
    is_text = b"\0" not in content[:_PAGE_REACH] and "�" not in content[:512].decode("utf-8", "replace")
    return "text" if is_text else "unknown"


def refuse_two_in_one(content: bytes) -> None:
    """Raise ``PaperRefused`` if the content would also open as an archive or as a web page."""
    if any(mark in content for mark in _ARCHIVES_WITHIN) or _ends_as_zip(content):
        raise PaperRefused("with_archive")
    for part in (content[:_PAGE_REACH].lower(), content[-_PAGE_REACH:].lower()):
        if any(mark in part for mark in _PAGE_MARKS) or b"<svg" in part:
            raise PaperRefused("with_page")


def _ends_as_zip(content: bytes) -> bool:
    """Tell whether a reader of ZIP would find a directory of files before the end."""
    tail_at = max(0, len(content) - _ZIP_REACH)
    at = content.rfind(b"PK\x05\x06", tail_at)
    while at >= 0:
        record = content[at : at + 22]
        if len(record) == 22:
            size = struct.unpack("<L", record[12:16])[0]
            # Four bytes can stand there by chance; a directory that begins where it says does not.
            if size and content[max(0, at - size) :].startswith(b"PK\x01\x02"):
                return True
        at = content.rfind(b"PK\x05\x06", tail_at, at)
    return False
