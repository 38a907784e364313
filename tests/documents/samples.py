"""Pages and letters that the tests fill in, and ways to read what came out."""

import subprocess
from datetime import UTC, datetime
from pathlib import Path

from motcua.documents.values import DecisionLetter, PassPage, PassRow, ReadFact, Words

MADE_AT = datetime(2021, 9, 4, 2, 30, tzinfo=UTC)


def a_pass(**changes: object) -> PassPage:
    page = PassPage(
        agency=Words(vi="Ủy ban nhân dân thành phố Đà Nẵng", en="People's Committee of Da Nang"),
        title=Words(vi="Giấy đi đường", en="Travel pass"),
        number="H17.01-20210904-0000123",
        holder="Nguyễn Thị Hồng Hạnh",
        birth_year=1989,
        rows=(
            PassRow(label=Words(vi="Phạm vi", en="Area"), value="Nơi ở và nơi làm việc"),
            PassRow(label=Words(vi="Khung giờ", en="Hours"), value="06:00–20:00"),
            PassRow(label=Words(vi="Lĩnh vực", en="Sector"), value="Cung ứng lương thực, thực phẩm"),
            PassRow(label=Words(vi="Biển số xe", en="Plate"), value="43D1-123.45"),
        ),
        valid_from=datetime(2021, 9, 4, 23, 0, tzinfo=UTC),
        valid_to=datetime(2021, 9, 11, 16, 59, tzinfo=UTC),
        qr_text="MC1:"
        + "6BFOXN%TS3DH0YOJ58S S-W5HDC *M0II5XHC9B5G2+$N IOP-IA%NFQGRJPC%OQHIZC4.OI1RM8ZA.A5:S9MKN4NN3F85QNCY0O%0VZ001HOC9JU0D0HT0HB2PL/IB*09B9LW4T*8+DCMH0LDK2%K:XFE70*LP$V25$0Q:J"[
            :220
        ],
        check_address="https://motcua.danang.example/verify",
        legal_basis=("Quyết định 2095/QĐ-UBND ngày 03/9/2021",),
        notes=(Words(vi="Mã không chứa số định danh.", en="The code holds no citizen number."),),
    )
    return page.model_copy(update=changes)


def a_letter(**changes: object) -> DecisionLetter:
    letter = DecisionLetter(
        language="vi",
        agency="Ủy ban nhân dân thành phố Đà Nẵng",
        place="Đà Nẵng",
        number="H17.01-20210904-0000124",
        title="Chưa cấp giấy đi đường",
        recipient="Ông Trần Văn Ánh",
        decided_at=MADE_AT,
        body="Thành phố đã xem đề nghị của bạn lúc 09:30 ngày 04/9/2021 và chưa cấp giấy đi đường.",
        answer="refused",
        reasons=("Nơi bạn ở đang là vùng đỏ, người ở vùng đỏ tạm thời ở tại nhà.",),
        facts=(
            ReadFact(label="Màu vùng nơi ở", value="đỏ", source="Danh mục vùng dịch tễ", as_of="03/09/2021"),
        ),
        remedies=("Khi khu vực chuyển sang vùng vàng hoặc xanh, bạn gửi lại đề nghị là được xét ngay.",),
        objection="Bạn có thể gửi ý kiến trong 90 ngày trên trang hồ sơ; một cán bộ sẽ xem lại.",
        legal_basis=("Quyết định 2095/QĐ-UBND ngày 03/9/2021",),
        decided_by="Hệ thống tự động, theo bảng quyết định của thành phố",
    )
    return letter.model_copy(update=changes)


def text_of(pdf: bytes, folder: Path) -> str:
    """Return the text as a reader's copy-and-paste would give it, on one line."""
    path = folder / "page.pdf"
    path.write_bytes(pdf)
    found = subprocess.run(["pdftotext", "-raw", str(path), "-"], capture_output=True, check=True)
    return " ".join(found.stdout.decode().split())


def facts_of(pdf: bytes, folder: Path) -> dict[str, str]:
    """Return what ``pdfinfo`` says of the file."""
    path = folder / "page.pdf"
    path.write_bytes(pdf)
    found = subprocess.run(["pdfinfo", str(path)], capture_output=True, check=True)
    lines = (line.split(":", 1) for line in found.stdout.decode().splitlines() if ":" in line)
    return {name.strip(): value.strip() for name, value in lines}


def picture_of(pdf: bytes, folder: Path, dots_per_inch: int = 150) -> Path:
    """Return the first page as a PNG file."""
    path = folder / "page.pdf"
    path.write_bytes(pdf)
    subprocess.run(
        ["pdftoppm", "-png", "-r", str(dots_per_inch), "-singlefile", str(path), str(folder / "page")],
        check=True,
    )
    return folder / "page.png"
