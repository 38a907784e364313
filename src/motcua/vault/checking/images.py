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
            # A large photograph is unpacked at half its size or less, which a JPEG allows for.
            image.draft(None, (limits.LONGEST_SIDE, limits.LONGEST_SIDE))
            plain = _small_enough(image)
            # The note on which way is up stands with the original, and only with it.
            plain.info["exif"] = image.info.get("exif", b"")
            ImageOps.exif_transpose(plain, in_place=True)
    # A damaged file makes Pillow raise whatever its decoder stumbles over.
    except (OSError, SyntaxError, ValueError, IndexError, KeyError, TypeError, EOFError) as fault:
        if isinstance(fault, PaperRefused):
            raise
        raise PaperRefused("image_damaged") from None
    plain = _without_notes(plain)
    media_type, drawn = _drawn(plain, kind)
    plain.thumbnail((limits.THUMBNAIL_SIDE, limits.THUMBNAIL_SIDE))
    return media_type, drawn, _saved(lambda target: plain.save(target, "PNG"))


def _refuse_size(image: Image.Image) -> None:
    width, height = image.size
    if width * height > limits.MOST_POINTS:
        raise PaperRefused("image_huge")
    if min(width, height) < limits.LEAST_SIDE:
        raise PaperRefused("image_tiny")


def _small_enough(image: Image.Image) -> Image.Image:
    """Return the image in gray or color on white, no larger than it is kept."""
    image.load()
    plain = image
    if image.mode in ("1", "I;16", "I", "F"):
        plain = image.convert("L")
    elif image.mode in ("CMYK", "YCbCr", "LAB", "HSV"):
        plain = image.convert("RGB")
    elif image.mode not in ("L", "RGB"):
        plain = image.convert("RGBA")
    plain.thumbnail((limits.LONGEST_SIDE, limits.LONGEST_SIDE), Image.Resampling.BICUBIC, reducing_gap=2.0)
    if plain.mode != "RGBA":
        return plain
    white = Image.new("RGB", plain.size, "white")
    white.paste(plain, mask=plain.getchannel("A"))
    return white


def _without_notes(plain: Image.Image) -> Image.Image:
    """Return a new image with the same points, which nothing that was written beside them comes along with."""
    new = Image.new(plain.mode, plain.size)
    new.paste(plain)
    return new


def _drawn(plain: Image.Image, kind: FileKind) -> tuple[str, bytes]:
    if kind == "png" and plain.width * plain.height <= limits.MOST_POINTS_AS_PNG:
        drawn = _saved(lambda target: plain.save(target, "PNG"))
        # A photograph saved as PNG is many times what it need be.
        if len(drawn) <= limits.MOST_BYTES // 2:
            return "image/png", drawn
    return "image/jpeg", _saved(lambda target: plain.save(target, "JPEG", quality=88))


def _saved(save: Callable[[io.BytesIO], None]) -> bytes:
    target = io.BytesIO()
    save(target)
    return target.getvalue()
