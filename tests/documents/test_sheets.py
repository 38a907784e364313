"""Sheets of QR: every code on them reads back as it was, one to a page or eight."""

import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image

from motcua.documents.apart import NotTypeset, render_apart
from motcua.documents.values import QrCard, QrSheets, Words

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
TEXT = "MC1:6BFOXN%TSMAHN-H6SKJPT.-7G2TZ971IV9SQ*1L5.$A" + "0Q3+ECI3/Z8*M" * 20


def sheets(layout: str, count: int) -> QrSheets:
    cards = tuple(
        QrCard(
            number=f"H17-20261120-{at:07d}",
            holder="Nguyễn Thị Thu Hà",
            line=at + 2,
            valid_from=NOW,
            valid_to=NOW,
            qr_text=f"{TEXT}{at:05d}",
        )
        for at in range(count)
    )
    return QrSheets.model_validate(
        {
            "agency": Words(vi="Sở Thông tin và Truyền thông", en="Department"),
            "title": Words(vi="Giấy đi đường", en="Travel pass"),
            "check_address": "https://một-cửa.example/verify/",
            "layout": layout,
            "cards": cards,
        }
    )


@pytest.mark.parametrize(("layout", "count", "pages"), [("one", 3, 3), ("eight", 9, 2)])
def test_every_code_reads_back(layout: str, count: int, pages: int, tmp_path: Path) -> None:
    pdf = tmp_path / "sheets.pdf"

    pdf.write_bytes(render_apart("sheets", sheets(layout, count), made_at=NOW))

    subprocess.run(["pdftoppm", "-r", "150", "-png", str(pdf), str(tmp_path / "page")], check=True)
    pictures = sorted(tmp_path.glob("page*.png"))
    read = {code.text for picture in pictures for code in zxingcpp.read_barcodes(Image.open(picture))}
    assert len(pictures) == pages
    assert read == {f"{TEXT}{at:05d}" for at in range(count)}


def test_template_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(NotTypeset):
        render_apart("nothing", sheets("one", 1), made_at=NOW)
