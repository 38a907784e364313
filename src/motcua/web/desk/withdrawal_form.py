"""What an officer sends about a sealed paper: on what ground it is taken back, and the words of a corrected one."""

from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import ValidationError

from motcua.cases.desk.reasons import left_to_fill
from motcua.cases.services.withdrawing import ResultStanding
from motcua.documents.replacing import own_words
from motcua.documents.states import Ground
from motcua.documents.values import ResultRow, ResultText
from motcua.web.desk.wishes import FILL_PLACES, GIVE_REASON, LONGEST_REASON, SHORTEN
from motcua.web.ui.components import FieldError, FieldView
from motcua.web.ui.words import Bilingual

LONGEST_VALUE = 4000
CHOOSE_GROUND = Bilingual("Chọn căn cứ thu hồi.", "Choose the ground of the withdrawal.")
CHOOSE_WHAT = Bilingual(
    "Chọn chỉ thu hồi, hay thu hồi và cấp giấy đúng.",
    "Choose to withdraw only, or to withdraw and give a corrected paper.",
)
ANSWERING = Bilingual(
    "Chọn giữ nguyên việc thu hồi, hay cấp lại giấy.", "Choose whether it stands or the paper is given again."
)
GIVE_WORDS = Bilingual(
    "Viết câu trả lời. Người dân sẽ đọc nguyên văn.",
    "Write the answer. The applicant will read it word for word.",
)
EMPTY = Bilingual("Mục này không được để trống.", "This must not be empty.")
NOTHING_CORRECTED = Bilingual(
    "Nội dung chưa khác giấy cũ. Sửa chỗ sai, hoặc chọn chỉ thu hồi.",
    "The words are those of the earlier paper. Correct what is wrong, or only withdraw.",
)
TOO_LONG = Bilingual("Viết ngắn lại, nhiều nhất 4.000 ký tự.", "Make it shorter: at most 4,000 characters.")
OPENING = Bilingual("Phần mở đầu (mỗi đoạn một dòng)", "Opening (one paragraph a line)")
CLOSING = Bilingual("Phần kết (mỗi đoạn một dòng)", "Closing (one paragraph a line)")


class WordsNotUsable(ValueError):
    """The corrected words cannot stand on a paper; ``errors`` say where and why."""

    def __init__(self, errors: tuple[FieldError, ...]) -> None:
        self.errors = errors
        super().__init__(f"{len(errors)} of the words cannot stand on a paper")


@dataclass(frozen=True, slots=True)
class Proposal:
    """What is proposed: ``ground`` is null where the paper is withdrawn already and only replaced."""

    ground: Ground | None
    reason: str
    what: str
    errors: tuple[FieldError, ...]
    sent: Mapping[str, str]

    @property
    def corrects(self) -> bool:
        """Tell whether another paper comes in the place of the one taken back."""
        return self.what == "replace"

    @property
    def typed(self) -> Mapping[str, str]:
        """What stands in the first form."""
        return {name: self.sent.get(name, "") for name in ("ground", "reason", "what")}

    def fields(self, found: ResultStanding, errors: tuple[FieldError, ...]) -> tuple[FieldView, ...]:
        """Return the words of the paper as questions, with what was typed."""
        text = _words_before(found)
        wrong = {each.name: each.message for each in errors}
        given: list[tuple[str, Bilingual, str]] = [("opening", OPENING, "\n".join(text.opening))]
        given += [
            (f"row-{at}", Bilingual(row.label, row.label), row.value) for at, row in enumerate(text.rows)
        ]
        given.append(("closing", CLOSING, "\n".join(text.closing)))
        return tuple(
            FieldView(
                name=name,
                label=label,
                widget="text" if name.startswith("row-") and len(before) < 80 else "textarea",
                value=self.sent.get(name, before),
                error=wrong.get(name, ""),
                required=name.startswith("row-"),
            )
            for name, label, before in given
        )


def proposal_of(sent: Mapping[str, str], found: ResultStanding) -> Proposal:
    """Return what was sent, with what has to be mended."""
    given = {name: str(value).replace("\0", "").strip() for name, value in sent.items()}
    kept = {
        name: given[name]
        for name in ("ground", "reason", "what", "opening", "closing", *_row_names(found))
        if name in given
    }
    if found.result.withdrawn is not None:
        return Proposal(None, "", "replace", (), kept)
    errors: list[FieldError] = []
    ground, reason, what = (kept.get(name, "") for name in ("ground", "reason", "what"))
    if ground not in Ground.values:
        errors.append(FieldError("ground", CHOOSE_GROUND))
    if not reason:
        errors.append(FieldError("reason", GIVE_REASON))
    elif len(reason) > LONGEST_REASON:
        errors.append(FieldError("reason", SHORTEN))
    elif left_to_fill(reason):
        places = ", ".join(left_to_fill(reason))
        errors.append(FieldError("reason", FILL_PLACES.filled(places=places)))
    if what not in ("only", "replace"):
        errors.append(FieldError("what", CHOOSE_WHAT))
    return Proposal(Ground(ground) if ground in Ground.values else None, reason, what, tuple(errors), kept)


def words_in(sent: Mapping[str, str], found: ResultStanding) -> ResultText:
    """Return the corrected words; raises ``WordsNotUsable``."""
    before = _words_before(found)
    errors: list[FieldError] = []
    rows = []
    for at, row in enumerate(before.rows):
        value = str(sent.get(f"row-{at}", row.value)).replace("\0", "").strip()
        if not value or len(value) > LONGEST_VALUE:
            errors.append(FieldError(f"row-{at}", TOO_LONG if value else EMPTY))
        else:
            rows.append(ResultRow(label=row.label, value=value))
    opening = _paragraphs(sent, "opening", before.opening, errors)
    closing = _paragraphs(sent, "closing", before.closing, errors)
    if errors:
        raise WordsNotUsable(tuple(errors))
    try:
        text = ResultText.model_validate(
            before.model_dump() | {"opening": opening, "rows": rows, "closing": closing}
        )
    except ValidationError as fault:
        raise WordsNotUsable((FieldError("opening", TOO_LONG),)) from fault
    # A paper taken back for another reason than its words may be given again as it was.
    if text == before and found.result.withdrawn is None:
        raise WordsNotUsable((FieldError("opening" if not rows else "row-0", NOTHING_CORRECTED),))
    return text


def _paragraphs(
    sent: Mapping[str, str], name: str, before: tuple[str, ...], errors: list[FieldError]
) -> tuple[str, ...]:
    if name not in sent:
        return before
    lines = tuple(line.strip() for line in str(sent[name]).replace("\0", "").splitlines() if line.strip())
    if any(len(line) > LONGEST_VALUE for line in lines):
        errors.append(FieldError(name, TOO_LONG))
    return lines


def _words_before(found: ResultStanding) -> ResultText:
    text = found.result.text
    if text is None:
        raise WordsNotUsable((FieldError("", EMPTY),))
    return own_words(text)


def _row_names(found: ResultStanding) -> tuple[str, ...]:
    return tuple(f"row-{at}" for at in range(len(found.result.text.rows))) if found.result.text else ()
