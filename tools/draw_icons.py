"""Draw the scanner's icons: a door with a tick, in the colors of the brand. Run: ``python tools/draw_icons.py``."""

from pathlib import Path

from PIL import Image, ImageDraw

TARGET = Path(__file__).resolve().parents[1] / "src/motcua/web/scanner/static/scanner"
DEEP, WALL, LIGHT, LEAF = "#073b46", "#12707a", "#fff3e6", "#f08a3c"
_SCALE = 4


def draw(size: int, margin: float) -> Image.Image:
    """Draw the icon; ``margin`` is the share kept free around the door, for masks."""
    whole = size * _SCALE
    picture = Image.new("RGB", (whole, whole), DEEP)
    pen = ImageDraw.Draw(picture)
    unit = whole * (1 - 2 * margin) / 40
    left, top = whole * margin, whole * margin

    def at(x: float, y: float) -> tuple[float, float]:
        return left + x * unit, top + y * unit

    for half, head, color in ((14, 4, WALL), (9, 9.5, LIGHT)):
        pen.ellipse([at(20 - half, head), at(20 + half, head + 2 * half)], fill=color)
        pen.rectangle([at(20 - half, head + half), at(20 + half, 38)], fill=color)
    tick = [at(13.5, 25), at(18.5, 30.5), at(27.5, 18.5)]
    pen.line(tick, fill=LEAF, width=round(3.4 * unit), joint="curve")
    for x, y in (tick[0], tick[-1]):
        round_end = 1.7 * unit
        pen.ellipse([x - round_end, y - round_end, x + round_end, y + round_end], fill=LEAF)
    return picture.resize((size, size), Image.Resampling.LANCZOS)


def main() -> None:
    """Write all sizes."""
    TARGET.mkdir(parents=True, exist_ok=True)
    for size, name, margin in (
        (192, "icon-192", 0.1),
        (512, "icon-512", 0.1),
        (512, "icon-maskable-512", 0.2),
    ):
        draw(size, margin).save(TARGET / f"{name}.png", optimize=True)


if __name__ == "__main__":
    main()
