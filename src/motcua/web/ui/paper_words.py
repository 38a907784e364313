"""What the pages of papers say, and papers in words."""

import uuid
from dataclasses import dataclass

from motcua.documents.states import Ground
from motcua.procedures.forms import REPLACED_BY_DATA
from motcua.vault.queries import PaperView, paper_by_id
from motcua.vault.states import Source
from motcua.web.ui.withdrawal_words import ground_in_words
from motcua.web.ui.words import Bilingual, InTwoLanguages, number_in_words

CHOOSE_KIND = Bilingual("Chọn loại giấy tờ.", "Choose the kind of paper.")
FILE_MISSING = Bilingual(
    "Chọn tệp hoặc chụp ảnh giấy tờ.", "Choose a file or take a photograph of the paper."
)
ONE_FILE = Bilingual(
    "Bạn đã chọn cả tệp lẫn ảnh chụp. Chỉ giữ một trong hai rồi tải lên.",
    "You chose both a file and a photograph. Keep one of them and upload again.",
)
SHARE_FAULTS = {
    "papers": Bilingual("Chọn ít nhất một giấy tờ của bạn.", "Choose at least one of your papers."),
    "for_whom": Bilingual(
        "Ghi người hoặc nơi nhận, nhiều nhất 120 ký tự.", "Write who it is for, in at most 120 characters."
    ),
    "purpose": Bilingual(
        "Ghi chia sẻ để làm gì, nhiều nhất 200 ký tự.", "Write what it is for, in at most 200 characters."
    ),
    "until": Bilingual(
        "Chọn thời hạn trong danh sách, nhiều nhất 30 ngày.", "Choose one of the terms, 30 days at most."
    ),
    "number": Bilingual(
        "Bạn đang có 50 liên kết còn hiệu lực. Thu hồi bớt rồi chia sẻ tiếp.",
        "50 of your links still work. Revoke some before you make another.",
    ),
}
BY_DATA = Bilingual("Không cần nộp: dữ liệu đã có thay giấy này", "Not needed: data stand in for this paper")
NO_PAPER = Bilingual("Chưa có giấy", "No paper yet")
SOURCES = {
    Source.UPLOADED: Bilingual("Tệp đã tải lên", "An uploaded file"),
    Source.RESULT: Bilingual("Kết quả của hồ sơ {number}", "Result of case {number}"),
    Source.REGISTER: Bilingual("Từ nguồn dữ liệu {number}", "From the register {number}"),
}


@dataclass(frozen=True, slots=True)
class PaperLine:
    """A paper as a line of a list shows it."""

    paper: PaperView
    source: InTwoLanguages
    details: InTwoLanguages

    @property
    def ground(self) -> Bilingual | None:
        """Return why its office took the paper back; None for one that stands."""
        known = self.paper.withdrawn_for in Ground.values
        return ground_in_words(Ground(self.paper.withdrawn_for)) if known else None


def line_of(paper: PaperView) -> PaperLine:
    """Return the paper with where it comes from and what it is, in words."""
    source = SOURCES[paper.source].filled(number=paper.case_number or paper.register)
    return PaperLine(paper, source, details_of(paper.media_type, paper.bytes, paper.pages))


def details_of(media_type: str, size: int, pages: int) -> Bilingual:
    """Return type, pages and size: ``PDF, 3 trang, 1,2 MB``."""
    if media_type != "application/pdf":
        return Bilingual(f"Ảnh, {_size(size, 'vi')}", f"Image, {_size(size, 'en')}")
    return Bilingual(
        f"PDF, {pages} trang, {_size(size, 'vi')}",
        f"PDF, {pages} page{'s' if pages > 1 else ''}, {_size(size, 'en')}",
    )


def title_of_paper(value: object) -> Bilingual:
    """Return what stands in a field for a paper, in words; one query for a paper."""
    if value == REPLACED_BY_DATA:
        return BY_DATA
    paper = _paper(value)
    return Bilingual(paper.title, paper.title) if paper else NO_PAPER


def source_of_paper(value: object) -> InTwoLanguages:
    """Return where a paper comes from, or that data stand in its place; one query for a paper."""
    if value == REPLACED_BY_DATA:
        return Bilingual("Từ nguồn dữ liệu", "From a register")
    paper = _paper(value)
    return line_of(paper).source if paper else Bilingual("", "")


def _paper(value: object) -> PaperView | None:
    try:
        return paper_by_id(uuid.UUID(str(value)))
    except ValueError:
        return None


def _size(size: int, language: str) -> str:
    if size < 1_000_000:
        return f"{max(1, round(size / 1000))} KB"
    return f"{number_in_words(round(size / 1_000_000, 1), language)} MB"
