"""What switches of directives mean for one citizen: a message on their list of cases, with the pass as it is now."""

from dataclasses import dataclass
from datetime import datetime

from motcua.credentials.queries import standing_credential
from motcua.switching.notices import NoticeView, mark_read, notices_of
from motcua.switching.states import Category
from motcua.web.ui.words import Bilingual, InTwoLanguages, time_in_words

MOST = 5
UNTIL = Bilingual(
    "Vì Chỉ thị {directive}, giấy của bạn nay có giá trị đến {until}. Mã QR cũ không còn dùng được; "
    "hãy mở hồ sơ lấy mã mới.",
    "Because of Directive {directive} your pass now holds until {until}. The old QR no longer counts; open the case "
    "for the new one.",
)
RENEWED = (Category.EXTENDED, Category.DOWNGRADED, Category.CHANGED)


@dataclass(frozen=True, slots=True)
class Told:
    """One message to the reader, with the cases that it is about; ``about_law`` if a directive is behind it."""

    title: InTwoLanguages
    text: InTwoLanguages
    numbers: tuple[str, ...]
    told_at: datetime
    unread: bool
    about_law: bool = True


def told_to(person_id: int, *, now: datetime) -> tuple[Told, ...]:
    """Return the last messages to the person, newest first, and note that they were seen.

    One query, one for each pass that was renewed, and one more when something was unread.
    """
    found = notices_of(person_id, most=MOST)
    unread = [each.id for each in found if each.unread]
    if unread:
        mark_read(person_id=person_id, ids=unread, now=now)
    return tuple(_told(each) for each in found)


def _told(notice: NoticeView) -> Told:
    return Told(notice.title, _text(notice), notice.case_numbers, notice.created_at, notice.unread)


def _text(notice: NoticeView) -> InTwoLanguages:
    """Return the message; for one renewed pass, until when it holds now."""
    if not notice.undone and notice.category in RENEWED and len(notice.case_numbers) == 1:
        credential = standing_credential(notice.case_numbers[0])
        if credential is not None:
            until = Bilingual(
                time_in_words(credential.valid_to, "vi"), time_in_words(credential.valid_to, "en")
            )
            return UNTIL.filled(directive=notice.directive, until=until)
    return notice.text
