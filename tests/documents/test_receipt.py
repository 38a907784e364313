"""The receipt of a request: read by eyes, by machines and by a camera; nothing typed on it is code."""

from pathlib import Path

import pytest
import zxingcpp
from PIL import Image

from motcua.documents.services import ValuesDoNotFit, render_pdf
from motcua.documents.values import RequestReceipt, ResultRow

from .samples import MADE_AT, facts_of, picture_of, text_of

ADDRESS = "https://motcua.danang.example/status/?number=H17-20261122-0000123"


def a_receipt(**changes: object) -> RequestReceipt:
    receipt = RequestReceipt(
        language="vi",
        agency="Trung tâm Phục vụ hành chính công thành phố",
        received_at="Nơi tiếp nhận: Ủy ban nhân dân phường Hải Châu",
        place="Đà Nẵng",
        made_at=MADE_AT,
        number="H17-20261122-0000123",
        title="Giấy tiếp nhận hồ sơ và hẹn trả kết quả",
        holder="Nguyễn Thị Hồng Hạnh",
        applicant=(ResultRow(label="Số định danh cá nhân", value="•••••••••123"),),
        papers=(ResultRow(label="Giấy khai sinh", value="Bản chụp nộp lần này"),),
        rows=(ResultRow(label="Hẹn trả kết quả, chậm nhất", value="Thứ Năm, 26/11/2026, 10:00"),),
        notes=("Quét mã để biết hồ sơ đến đâu.",),
        status_address=ADDRESS,
        officer="Võ Ngọc Lan",
    )
    return receipt.model_copy(update=changes)


def test_receipt_is_one_tagged_page_whose_words_and_code_read_back(tmp_path: Path) -> None:
    pdf = render_pdf("receipt", a_receipt(), made_at=MADE_AT)

    facts = facts_of(pdf, tmp_path)
    assert (facts["Pages"], facts["Tagged"], facts["JavaScript"]) == ("1", "yes", "no")
    words = text_of(pdf, tmp_path)
    for said in ("H17-20261122-0000123", "Giấy khai sinh Bản chụp nộp lần này", "Người tiếp nhận hồ sơ"):
        assert said in words
    with Image.open(picture_of(pdf, tmp_path)) as image:
        (code,) = zxingcpp.read_barcodes(image)
    assert code.text == ADDRESS


def test_without_an_officer_nobody_is_asked_to_sign(tmp_path: Path) -> None:
    words = text_of(render_pdf("receipt", a_receipt(officer=None), made_at=MADE_AT), tmp_path)

    assert "Người tiếp nhận hồ sơ" not in words


def test_sixty_papers_and_a_name_like_code_stay_words(tmp_path: Path) -> None:
    many = tuple(ResultRow(label=f'#read("/etc/passwd") {at} *đậm*', value="Chưa có") for at in range(60))

    pdf = render_pdf("receipt", a_receipt(papers=many), made_at=MADE_AT)

    assert '#read("/etc/passwd") 59 *đậm*' in text_of(pdf, tmp_path)


def test_a_receipt_that_leads_nowhere_is_refused() -> None:
    values = {**a_receipt().model_dump(), "status_address": "javascript:alert(1)"}

    with pytest.raises(ValuesDoNotFit, match="status_address"):
        render_pdf("receipt", values, made_at=MADE_AT)
