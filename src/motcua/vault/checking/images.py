"""Reads a photograph and draws it anew: what is kept is points alone, without what a phone writes beside them."""

import io
from collections.abc import Callable

from PIL import Image, ImageOps

from motcua.vault.checking import limits
from motcua.vault.checking.faults import PaperRefused
from motcua.vault.checking.kinds_of_file import FileKind

_FORMATS: dict[FileKind, tuple[str, ...]] = {"jpeg": ("JPEG",), "png": ("PNG",), "webp": ("WEBP",)}


def redrawn(content: bytes, kind: FileKind) -> tuple[str, bytes, bytes]:
    """Return media type, content and PNG thumbnail of the image as drawn anew; raises ``PaperRefused``.

    Position, time, device and every other note in the file are left behind; the image stands upright. A PNG
    stays one, everything else becomes JPEG.
    """
    # The size is looked at below, before any point is unpacked.
    Image.MAX_IMAGE_PIXELS = None
    try:
        with Image.open(io.BytesIO(content), formats=_FORMATS[kind]) as image:
            _refuse_size(image)
            if kind != "jpeg" and getattr(image, "n_frames", 1) > 1:
                raise PaperRefused("image_moving")
            image.load()
            upright = ImageOps.exif_transpose(image)
    # A damaged file makes Pillow raise whatever its decoder stumbles over.
    except (OSError, SyntaxError, ValueError, IndexError, KeyError, TypeError, EOFError) as fault:
        if isinstance(fault, PaperRefused):
            raise
        raise PaperRefused("image_damaged") from None
    plain = _without_transparency(upright)
    plain.thumbnail((limits.LONGEST_SIDE, limits.LONGEST_SIDE), Image.Resampling.LANCZOS)
    media_type, drawn = _drawn(plain, kind)
    plain.thumbnail((limits.THUMBNAIL_SIDE, limits.THUMBNAIL_SIDE))
    return media_type, drawn, _saved(lambda target: plain.save(target, "PNG"))


def _refuse_size(image: Image.Image) -> None:
    width, height = image.size
    if width * height > limits.MOST_POINTS:
        raise PaperRefused("image_huge")
    if min(width, height) < limits.LEAST_SIDE:
        raise PaperRefused("image_tiny")


def _without_transparency(image: Image.Image) -> Image.Image:
    """Return the image in gray or color on white: a new one, which no note of the old comes along with."""
    if image.mode in ("L", "RGB"):
        plain = Image.new(image.mode, image.size)
        plain.paste(image)
        return plain
    if image.mode in ("1", "I;16", "I", "F"):
        return image.convert("L")
    colored = image.convert("RGBA")
    plain = Image.new("RGB", image.size, "white")
    plain.paste(colored, mask=colored.getchannel("A"))
    return plain


def _drawn(plain: Image.Image, kind: FileKind) -> tuple[str, bytes]:
    if kind == "png":
        drawn = _saved(lambda target: plain.save(target, "PNG"))
        # A photograph saved as PNG is many times what it need be.
        if len(drawn) <= limits.MOST_BYTES // 2:
            return "image/png", drawn
    return "image/jpeg", _saved(lambda target: plain.save(target, "JPEG", quality=88))


def _saved(save: Callable[[io.BytesIO], None]) -> bytes:
    target = io.BytesIO()
    save(target)
    return target.getvalue()
