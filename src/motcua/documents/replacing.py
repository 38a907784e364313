"""The words of a paper that stands in the place of a withdrawn one, and of the notice that withdraws it."""

from collections.abc import Iterable, Mapping

from .models import Result
from .states import Ground
from .values import LOCAL, ResultRow, ResultText, number_in_words

NOTICE_TITLE = "Quyết định về việc thu hồi giấy đã cấp"
_LEGAL_BASIS = (
    "Căn cứ Nghị định số 30/2020/NĐ-CP ngày 05/3/2020 của Chính phủ về công tác văn thư;",
    "Căn cứ Luật Khiếu nại số 02/2011/QH13 ngày 11/11/2011;",
)
_LONGEST_NOTATION = 40
_INSTEAD = "Giấy này thay thế "
# The grounds in words, Vietnamese and English, for pages and histories.
GROUNDS: Mapping[Ground, tuple[str, str]] = {
    Ground.MISTAKE: ("Giấy có sai sót do cơ quan lập", "The office made a mistake on the paper"),
    Ground.UNTRUE: (
        "Giấy được cấp từ thông tin hoặc giấy tờ không đúng sự thật",
        "It was given on information or papers that were not true",
    ),
    Ground.NOT_LAWFUL: (
        "Giấy được cấp không đúng thẩm quyền, trình tự hoặc điều kiện",
        "It was given without the authority, the procedure or the conditions that the law wants",
    ),
    Ground.CHANGED: ("Sự việc ghi trên giấy đã thay đổi", "What the paper says has changed since"),
    Ground.HIGHER: (
        "Theo bản án, quyết định của tòa án hoặc cơ quan cấp trên",
        "By a ruling of a court or a decision of a higher authority",
    ),
    Ground.REQUESTED: ("Theo đề nghị của người được cấp", "Its holder asked for it"),
}


def replacing(text: ResultText, earlier: Result) -> ResultText:
    """Return the words with the sentence, first of all, that names the paper in whose place they stand."""
    return text.model_copy(
        update={"opening": (f"{_INSTEAD}{described(earlier)}; giấy đó đã bị thu hồi.", *_own(text))}
    )


def own_words(text: ResultText) -> ResultText:
    """Return the words without the sentence that names an earlier paper."""
    return text.model_copy(update={"opening": _own(text)})


def _own(text: ResultText) -> tuple[str, ...]:
    return tuple(each for each in text.opening if not each.startswith(_INSTEAD))


def notice_text(result: Result, *, ground: Ground, reason: str, replaced: bool) -> ResultText:
    """Return the words of the notice: which paper, by number, date and hash, on what ground, and what follows."""
    own = ResultText.model_validate(result.text) if result.text else None
    after = (
        "Cơ quan cấp giấy khác thay thế; giấy thay thế có số mới."
        if replaced
        else "Từ thời điểm đóng dấu quyết định này, giấy nêu trên không còn giá trị sử dụng."
    )
    return ResultText(
        agency_above=own.agency_above if own else None,
        title=NOTICE_TITLE,
        legal_basis=_LEGAL_BASIS,
        opening=(f"Thu hồi {described(result)}.",),
        rows=(
            ResultRow(label="Giấy bị thu hồi", value=result.title),
            ResultRow(label="Số", value=number_of(result)),
            ResultRow(label="Ngày ban hành", value=day_of(result)),
            ResultRow(label="Mã xác minh", value=" ".join(_in_parts(result.code, 4))),
            ResultRow(label="Mã băm SHA-256 của tệp", value=" ".join(_in_parts(result.sha256, 8))),
            ResultRow(label="Căn cứ thu hồi", value=str(ground.label)),
            ResultRow(label="Lý do", value=reason),
        ),
        closing=(
            after,
            "Người được cấp giấy có quyền khiếu nại quyết định này với cơ quan ban hành hoặc khởi kiện tại tòa án"
            " theo quy định của pháp luật.",
        ),
        signing_post=own.signing_post if own else "Người có thẩm quyền",
        copies=("Người được cấp giấy", "Lưu: VT, hồ sơ"),
    )


def notice_notation(result: Result, agency_code: str) -> str:
    """Return what follows number and year on the notice: that of the agency's decisions, as ``QĐ-TTPVHCC``.

    A result that is a decision itself shares its sequence (Decree 30/2020, annex I: type, then agency).
    """
    if result.notation.startswith("QĐ-"):
        return result.notation
    short = "".join(each for each in agency_code.upper() if each.isascii() and each.isalnum())
    return f"QĐ-{short}"[:_LONGEST_NOTATION]


def described(result: Result) -> str:
    """Return a sealed paper by title, number and day."""
    return f"{result.title} số {number_of(result)} ngày {day_of(result)}"


def number_of(result: Result) -> str:
    """Return the number of a sealed paper, or nothing."""
    if result.number is None or result.year is None:
        return ""
    return number_in_words(result.number, result.year, result.notation)


def day_of(result: Result) -> str:
    """Return the local day on which a paper was sealed, or nothing."""
    return f"{result.sealed_at.astimezone(LOCAL):%d/%m/%Y}" if result.sealed_at else ""


def _in_parts(text: str, length: int) -> Iterable[str]:
    return (text[start : start + length] for start in range(0, len(text), length))
