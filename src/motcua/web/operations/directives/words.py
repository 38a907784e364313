"""A directive in words, as every page of it begins: number, title, state, dates, and which step comes now."""

from dataclasses import dataclass
from datetime import datetime

from motcua.directives.queries import DirectiveView
from motcua.directives.states import DirectiveState
from motcua.switching.steps import SwitchState
from motcua.web.operations.directives.moments import in_both
from motcua.web.ui.components import Step
from motcua.web.ui.words import Bilingual, InTwoLanguages

STATES = {
    DirectiveState.DRAFT: (Bilingual("Đang soạn", "Draft"), "yellow"),
    DirectiveState.SCHEDULED: (
        Bilingual("Chờ người thứ hai xác nhận", "Waits for a second person"),
        "yellow",
    ),
    DirectiveState.CONFIRMED: (
        Bilingual("Đã xác nhận, chờ đến giờ", "Confirmed, waits for its time"),
        "blue",
    ),
    DirectiveState.IN_FORCE: (Bilingual("Đang áp dụng", "In force"), "green"),
    DirectiveState.REPLACED: (Bilingual("Đã được thay", "Replaced"), "grey"),
    DirectiveState.EXPIRED: (Bilingual("Đã hết hạn", "Ended"), "grey"),
    DirectiveState.UNDONE: (Bilingual("Đã hoàn tác", "Undone"), "red"),
    DirectiveState.DISCARDED: (Bilingual("Đã bỏ", "Given up"), "grey"),
}
SWITCH_STATES = {
    SwitchState.SCHEDULED: Bilingual("Chờ đến giờ", "Waits for its time"),
    SwitchState.COMPARING: Bilingual("Đang đối chiếu với lần chạy thử", "Comparing with the dry run"),
    SwitchState.PUBLISHING: Bilingual(
        "Đang công bố các giấy không còn giá trị", "Publishing which passes no longer hold"
    ),
    SwitchState.APPLYING: Bilingual("Đang chuyển hồ sơ và cấp đổi giấy", "Moving cases and renewing passes"),
    SwitchState.TELLING: Bilingual("Đang báo cho người dân", "Telling the people"),
    SwitchState.DONE: Bilingual("Đã chuyển xong", "The switch is done"),
    SwitchState.STOPPED: Bilingual("Đã dừng, chưa đổi gì", "Stopped; nothing was changed"),
    SwitchState.UNDOING: Bilingual("Đang hoàn tác", "The undoing is under way"),
    SwitchState.UNDONE: Bilingual("Đã hoàn tác", "Undone"),
}
_STEPS = (
    Bilingual("Soạn", "Write"),
    Bilingual("Chạy thử", "Dry run"),
    Bilingual("Hẹn giờ", "Set the time"),
    Bilingual("Xác nhận", "Confirm"),
    Bilingual("Chuyển", "Switch"),
)
_PLANNED = Bilingual("Dự kiến từ {since}", "Planned from {since}")
_SWITCHES = Bilingual("Chuyển lúc {since}", "Switches on {since}")
_HOLDS = Bilingual("Từ {since}", "Since {since}")
_BOTH = Bilingual("Từ {since} đến {until}", "From {since} until {until}")


@dataclass(frozen=True, slots=True)
class Line:
    """What every page and list says of a directive first."""

    id: int
    number: str
    title: InTwoLanguages
    state: Bilingual
    color: str
    dates: Bilingual
    at: datetime
    is_draft: bool
    begin_vi: str
    begin_en: str


def line_of(directive: DirectiveView) -> Line:
    """Return the directive in words."""
    state, color = STATES[directive.state]
    return Line(
        id=directive.id,
        number=directive.number,
        title=directive.title,
        state=state,
        color=color,
        dates=_dates(directive),
        at=directive.begun_at or directive.switch_at or directive.from_at,
        is_draft=directive.state is DirectiveState.DRAFT,
        begin_vi=f"Soạn từ Chỉ thị {directive.number}",
        begin_en=f"Write one from Directive {directive.number}",
    )


def _dates(directive: DirectiveView) -> Bilingual:
    ended = min((at for at in (directive.undone_at, directive.ended_at) if at is not None), default=None)
    if directive.begun_at is None:
        if directive.switch_at is not None:
            return _SWITCHES.filled(since=in_both(directive.switch_at))
        return _PLANNED.filled(since=in_both(directive.from_at))
    until = ended or directive.until_at
    if until is None:
        return _HOLDS.filled(since=in_both(directive.begun_at))
    return _BOTH.filled(since=in_both(directive.begun_at), until=in_both(until))


def steps_of(directive: DirectiveView, *, tried: bool) -> tuple[Step, ...]:
    """Return the five steps from draft to switch; none for what is over."""
    reached = {
        DirectiveState.DRAFT: 2 if tried else 1,
        DirectiveState.SCHEDULED: 3,
        DirectiveState.CONFIRMED: 4,
        DirectiveState.IN_FORCE: 5,
    }.get(directive.state)
    if reached is None or (directive.state is DirectiveState.IN_FORCE and directive.switch_at is None):
        return ()
    return tuple(
        Step(label, "done" if at < reached else "current" if at == reached else "ahead")
        for at, label in enumerate(_STEPS)
    )
