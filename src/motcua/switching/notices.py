"""One message to each person about a switch or its undoing, in plain words, however often the work restarts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from motcua.directives.complaints import Words
from motcua.switching.parts import allow_long
from motcua.switching.states import Category
from motcua.switching.steps import Kind
from motcua.switching.switch_models import Notice, Switch

# What weighs most is told first.
_BY_WEIGHT = (
    Category.REVOKED,
    Category.REFUSED,
    Category.TO_PERSON,
    Category.DOWNGRADED,
    Category.CHANGED,
    Category.EXTENDED,
    Category.GRANTED,
)
_TELL = """
INSERT INTO switching_notice (switch_id, person_id, kind, category, case_numbers, created_at)
SELECT switch_id, person_id, %(kind)s,
    (array_agg(category ORDER BY array_position(%(weights)s::text[], category)))[1],
    to_jsonb(array_agg(case_number ORDER BY case_number)), %(now)s
FROM switching_switchedcase
WHERE switch_id = %(switch)s AND (left_because = '' OR left_because <> 'moved_on')
    AND (%(kind)s = 'switched' OR not_undone_because = '')
GROUP BY switch_id, person_id
ON CONFLICT (switch_id, kind, person_id) DO NOTHING
"""


def tell_everyone(switch: Switch, kind: Kind, now: datetime) -> int:
    """Write one notice for each person whose case the switch moved, or put back; return how many there are.

    In the caller's transaction; one statement for all.
    """
    allow_long()
    with connection.cursor() as cursor:
        cursor.execute(
            _TELL,
            {
                "switch": switch.pk,
                "kind": str(kind),
                "weights": [str(each) for each in _BY_WEIGHT],
                "now": now,
            },
        )
    return Notice.objects.filter(switch=switch, kind=kind).count()


@dataclass(frozen=True, slots=True)
class NoticeView:
    """A message as its reader sees it; ``unread`` until the page that shows it was opened."""

    id: int
    title: Words
    text: Words
    directive: str
    category: Category
    case_numbers: tuple[str, ...]
    created_at: datetime
    unread: bool
    undone: bool = False


_TEXTS: dict[Category, Words] = {
    Category.EXTENDED: Words(
        "Giấy của bạn được đổi và có giá trị lâu hơn. Mở hồ sơ để lấy mã QR mới; mã cũ không còn dùng được.",
        "Your pass was renewed and holds for longer. Open the case for the new QR code; the old one no longer counts.",
    ),
    Category.DOWNGRADED: Words(
        "Giấy của bạn được đổi và hết giá trị sớm hơn. Mở hồ sơ để lấy mã QR mới; mã cũ không còn dùng được.",
        "Your pass was renewed and ends earlier. Open the case for the new QR code; the old one no longer counts.",
    ),
    Category.CHANGED: Words(
        "Giấy của bạn được đổi nội dung. Mở hồ sơ để lấy mã QR mới; mã cũ không còn dùng được.",
        "What your pass says has changed. Open the case for the new QR code; the old one no longer counts.",
    ),
    Category.REVOKED: Words(
        "Giấy của bạn không còn giá trị. Mở hồ sơ để xem lý do và cách khắc phục.",
        "Your pass is no longer valid. Open the case to see why and what helps.",
    ),
    Category.TO_PERSON: Words(
        "Một cán bộ sẽ xem lại hồ sơ của bạn. Cho đến khi có kết quả, giấy bạn đang có vẫn dùng được.",
        "An officer will review your case. Until there is an answer, the pass that you have still counts.",
    ),
    Category.GRANTED: Words(
        "Đề nghị của bạn đã được cấp. Mở hồ sơ để lấy mã QR.",
        "Your request was granted. Open the case for the QR code.",
    ),
    Category.REFUSED: Words(
        "Đề nghị của bạn không được cấp. Mở hồ sơ để xem lý do và cách gửi ý kiến.",
        "Your request was not granted. Open the case to see why and how to object.",
    ),
}
_UNDONE = Words(
    "Chỉ thị này đã được hoàn tác. Hồ sơ của bạn trở lại như trước; mã QR bạn có trước đó lại dùng được.",
    "This directive was undone. Your case is as it was before; the QR code that you had then counts again.",
)


def notices_of(person_id: int, *, most: int = 50) -> tuple[NoticeView, ...]:
    """Return what was told to a person, newest first; one query."""
    rows = Notice.objects.of_person(person_id).select_related("switch__directive")[:most]
    return tuple(_view(row) for row in rows)


def mark_read(*, person_id: int, ids: Sequence[int], now: datetime) -> int:
    """Note that the person has seen these messages of theirs, and return how many were unread."""
    return Notice.objects.filter(person_id=person_id, pk__in=list(ids), read_at__isnull=True).update(
        read_at=now
    )


def _view(row: Notice) -> NoticeView:
    directive = row.switch.directive
    undone = row.kind == Kind.UNDONE
    category = Category(row.category)
    begins = Words("Hoàn tác Chỉ thị", "Undone: directive") if undone else Words("Chỉ thị", "Directive")
    return NoticeView(
        id=row.pk,
        title=Words(
            f"{begins.vi} {directive.number}: {directive.title_vi}",
            f"{begins.en} {directive.number}: {directive.title_en}",
        ),
        text=_UNDONE if undone else _TEXTS[category],
        directive=directive.number,
        category=category,
        case_numbers=tuple(row.case_numbers),
        created_at=row.created_at,
        unread=row.read_at is None,
        undone=undone,
    )
