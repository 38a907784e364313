"""The minutes of a decision to destroy: the council, what it was about, what was decided; nobody of a case."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from motcua.archives.models import ArchivedDossier
from motcua.archives.states import Outcome
from motcua.documents.services import render_pdf
from motcua.documents.values import RecordPage, RecordSection, ResultRow, moment_in_words

PLACE = "Đà Nẵng"
LAW = (
    "Căn cứ Luật Lưu trữ số 33/2024/QH15; căn cứ thời hạn bảo quản ghi trong từng hồ sơ."
    " Hồ sơ chỉ bị hủy khi đã hết thời hạn bảo quản, một người đề nghị và một người khác quyết định."
)
LEFT = (
    "Sau khi hủy, hệ thống chỉ còn giữ số hồ sơ, nhóm hồ sơ, mã băm của gói lưu trữ và biên bản này."
    " Sổ đăng ký kết quả đã ký số, chứng từ thu phí và nhật ký truy cập được giữ theo quy định riêng."
)
CONCLUSION = {
    Outcome.DESTROYED: "Quyết định hủy toàn bộ hồ sơ trong danh mục.",
    Outcome.KEPT: "Không đồng ý hủy; toàn bộ hồ sơ trong danh mục được giữ lại.",
}


@dataclass(frozen=True, slots=True)
class Decided:
    """What the minutes say of a decision."""

    agency: str
    number: str
    reason: str
    council: str
    outcome: Outcome
    words: str
    proposed_by: str
    proposed_at: datetime
    decided_by: str
    decided_at: datetime


def minutes_pdf(decided: Decided, dossiers: Sequence[ArchivedDossier]) -> bytes:
    """Typeset the minutes; the same decision gives the same bytes."""
    page = RecordPage(
        agency=decided.agency,
        place=PLACE,
        made_at=decided.decided_at,
        number=f"Đề nghị {decided.number}",
        title="Biên bản về việc hủy hồ sơ lưu trữ hết thời hạn bảo quản",
        sections=(
            RecordSection(heading="Căn cứ", paragraphs=(LAW,)),
            RecordSection(heading="Hội đồng xét hủy", paragraphs=tuple(_lines(decided.council))),
            RecordSection(heading="Lý do đề nghị", paragraphs=tuple(_lines(decided.reason))),
            RecordSection(
                heading=f"Danh mục: {len(dossiers)} hồ sơ",
                columns=(
                    "Số hồ sơ",
                    "Nhóm hồ sơ",
                    "Kết thúc năm",
                    "Giữ đến hết",
                    "Mã băm SHA-256 của gói lưu trữ",
                ),
                lines=tuple(_line(each) for each in dossiers),
            ),
            RecordSection(
                heading="Kết luận",
                paragraphs=(CONCLUSION[decided.outcome], *_lines(decided.words), LEFT),
            ),
        ),
        signers=(
            ResultRow(label="Người đề nghị", value=_signed(decided.proposed_by, decided.proposed_at)),
            ResultRow(label="Người quyết định", value=_signed(decided.decided_by, decided.decided_at)),
        ),
    )
    return render_pdf("record", page, made_at=decided.decided_at)


def _line(each: ArchivedDossier) -> tuple[str, ...]:
    groups = " ".join(each.sha256[at : at + 16] for at in range(0, 64, 16))
    number = each.case_number if each.edition == 1 else f"{each.case_number} (bản {each.edition})"
    until = f"{each.keep_until:%d/%m/%Y}" if each.keep_until else ""
    return (number, each.heading_vi, str(each.year), until, groups)


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _signed(name: str, moment: datetime) -> str:
    return f"{name}, {moment_in_words(moment)}"
