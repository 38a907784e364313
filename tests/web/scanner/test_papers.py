"""The public page that checks signed papers: by the file, which is not kept, and by the code of the QR."""

import io
import re
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest
import zxingcpp
from django.test import Client, override_settings
from django.utils import timezone
from PIL import Image
from sealing import NOW, approved, own_keys, sealed, secrets, staffed

from motcua.documents.models import Result
from motcua.documents.queries import result_bytes
from motcua.documents.signing import apart
from motcua.documents.signing.report import Report

PAGE = "/verify/paper/"


__all__ = ["own_keys", "secrets"]
pytestmark = pytest.mark.usefixtures("installation", "own_keys")


@pytest.fixture
def result(installation: None, own_keys: None) -> Result:
    return Result.objects.get(pk=sealed(staffed()))


def upload(pdf: bytes, page: str = PAGE) -> str:
    # The browser may be asked in either language; the words here are Vietnamese.
    reply = Client().post(page, {"file": io.BytesIO(pdf)}, headers={"accept-language": "vi"})
    assert reply.status_code == 200
    return " ".join(re.sub(r"<[^>]*>", " ", reply.content.decode()).split())


@pytest.fixture(autouse=True)
def _clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NOW + timedelta(minutes=10))


def test_sealed_paper_is_valid_with_who_signed_and_when(result: Result) -> None:
    text = upload(bytes(result.content))

    for shown in (
        "Hợp lệ",
        "01/2026/GXN-UBND",
        "Giấy xác nhận tình trạng hôn nhân",
        "Người giữ specialist",
        "Người giữ leader",
        "Người giữ seal",
        "20/11/2026, 10:00",
        "không giữ lại",
    ):
        assert shown in text
    assert "Không hợp lệ" not in text


def test_changed_paper_is_not_valid_and_the_page_says_why(result: Result) -> None:
    pdf = bytes(result.content)
    at = pdf.index(b"stream") + 40

    text = upload(pdf[:at] + bytes([pdf[at] ^ 1]) + pdf[at + 1 :])

    assert "Không hợp lệ" in text
    assert "Nội dung đã bị thay đổi sau khi ký." in text


def test_paper_without_its_seal_is_not_in_force() -> None:
    text = upload(result_bytes(approved(staffed())))

    assert "Giấy chưa có đủ chữ ký và dấu của cơ quan" in text


@pytest.mark.parametrize("content", [b"not a pdf", b"%PDF-1.7\n" + b"0" * 5000, b"%PDF-1.7"])
def test_other_files_are_refused(content: bytes) -> None:
    assert "Không hợp lệ" in upload(content)


def test_qr_on_the_paper_leads_to_its_page(result: Result, tmp_path: Path) -> None:
    (tmp_path / "paper.pdf").write_bytes(result.content)
    subprocess.run(
        ["pdftoppm", "-png", "-r", "110", "-singlefile", tmp_path / "paper.pdf", tmp_path / "paper"],
        check=True,
    )
    with Image.open(tmp_path / "paper.png") as picture:
        (code,) = zxingcpp.read_barcodes(picture)
    assert code.text == f"https://motcua.example/verify/paper/{result.code}/"

    reply = Client().get(code.text.removeprefix("https://motcua.example"))

    assert reply.status_code == 200
    for shown in ("01/2026/GXN-UBND", "Ủy ban nhân dân phường Hải Châu"):
        assert shown in reply.content.decode()


def test_page_of_a_code_does_not_say_for_whom_the_paper_is(result: Result) -> None:
    page = Client().get(f"{PAGE}{result.code}/").content.decode()

    assert "Hạnh" not in page
    assert result.case_number not in page


@pytest.mark.parametrize("code", ["2222222222222222", "x", "a" * 300])
def test_unknown_code_is_not_found(code: str) -> None:
    reply = Client().get(f"{PAGE}{code}/")

    assert reply.status_code == 404
    assert "Traceback" not in reply.content.decode()


def test_draft_has_no_page_yet() -> None:
    code = Result.objects.get(pk=approved(staffed())).code

    assert Client().get(f"{PAGE}{code}/").status_code == 404


def test_another_paper_under_the_code_is_refused() -> None:
    office = staffed()
    first = Result.objects.get(pk=sealed(office, "H17-1"))
    second = Result.objects.get(pk=sealed(office, "H17-2"))

    text = upload(bytes(second.content), f"{PAGE}{first.code}/")

    assert "Không hợp lệ" in text
    assert "không phải là giấy có mã này" in text


def test_form_without_a_file_says_what_to_do() -> None:
    reply = Client().post(PAGE)

    assert reply.status_code == 400
    assert "Chọn tệp PDF" in reply.content.decode()


def test_large_file_is_refused_unread() -> None:
    reply = Client().post(PAGE, {"file": io.BytesIO(b"%PDF-" + b"0" * (10 * 1024 * 1024))})

    assert reply.status_code == 400
    assert "10 MB" in reply.content.decode()


def test_uploaded_file_is_not_kept(result: Result, tmp_path: Path) -> None:
    before = Result.objects.count()
    folder = tmp_path / "uploads"
    folder.mkdir()
    with override_settings(FILE_UPLOAD_TEMP_DIR=str(folder), FILE_UPLOAD_MAX_MEMORY_SIZE=1000):
        upload(bytes(result.content))

    assert list(folder.iterdir()) == []
    assert Result.objects.count() == before


def test_more_files_at_once_than_places_are_told_to_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "_WAIT_SECONDS", 0.01)
    with apart._places, apart._places:
        reply = Client().post(PAGE, {"file": io.BytesIO(b"%PDF-1.7")})

    assert reply.status_code == 503


def test_file_that_takes_too_long_cannot_be_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(apart, "WITHIN_SECONDS", 0.01)

    report: Report = apart.check_apart(b"%PDF-1.7", trust=tmp_path, at=NOW)

    assert report.answer.value == "cannot_tell"
