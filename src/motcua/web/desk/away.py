"""Being away with a stand-in: for oneself, and for a colleague who is ill, by who leads them."""

from datetime import date
from typing import Literal

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from motcua.cases.desk.absences import (
    AwayAlready,
    CannotStandIn,
    DaysNotPossible,
    NotYourColleague,
    absences_of,
    absences_written_by,
    colleagues_led,
    come_back,
    go_away,
    send_away,
    stand_ins_for,
    stands_in_for,
)
from motcua.cases.models import Absence
from motcua.identity.rights import rights_of
from motcua.identity.states import Purpose
from motcua.web.ui.components import Choice, FieldError, FieldView
from motcua.web.ui.officers import Officer, for_officers
from motcua.web.ui.words import Bilingual

# Who directs leads officers without working on cases.
WHO = (Purpose.HANDLE_CASES, Purpose.DECIDE_CASES, Purpose.DIRECT)
PARTS = ("day", "month", "year")
Field = Literal["from", "until", "stand_in"]
WHEN_AWAY = Bilingual(
    "Ghi ngày bắt đầu và ngày cuối cùng nghỉ, từ hôm nay trở đi.",
    "Give the first and the last day away, from today on.",
)
UNTIL_WHEN = Bilingual(
    "Ghi ngày cuối cùng nghỉ, từ hôm nay đến nhiều nhất một năm.",
    "Give the last day away, from today to a year from now.",
)
AWAY_TWICE = Bilingual("Bạn đã ghi nghỉ trong những ngày này.", "You are away on some of these days already.")
THEY_ARE_AWAY = Bilingual(
    "Người này đã được ghi nghỉ trong những ngày này.", "They are away on some of these days already."
)
WHO_STANDS_IN = Bilingual(
    "Chọn người làm thay khác: người này cũng nghỉ, hoặc bạn đang làm thay cho người khác trong những ngày này.",
    "Choose another stand-in: this one is away too, or you stand in for somebody on these days.",
)
WHO_FOR_THEM = Bilingual(
    "Chọn người làm thay khác: người này cũng nghỉ. Nếu đồng nghiệp đang làm thay cho ai, kết thúc việc đó trước.",
    "Choose another stand-in: this one is away too. If your colleague stands in for somebody, end that first.",
)
CHOOSE_COLLEAGUE = Bilingual("Đồng nghiệp nghỉ", "Who is away")


@require_http_methods(["GET", "HEAD", "POST"])
@for_officers(*WHO)
def away(request: HttpRequest, officer: Officer) -> HttpResponse:
    """Show when the officer is away and for whom they stand in, and write an absence down."""
    if request.method != "POST":
        return _away_page(request, officer)
    first, last = _day(request, "from"), _day(request, "until")
    if first is None or last is None:
        return _away_page(request, officer, FieldError("from", WHEN_AWAY))
    try:
        go_away(
            rights=officer.rights,
            stand_in=_account(request, "stand_in"),
            begins_on=first,
            ends_on=last,
            now=officer.now,
        )
    except DaysNotPossible:
        return _away_page(request, officer, FieldError("from", WHEN_AWAY))
    except AwayAlready:
        return _away_page(request, officer, FieldError("from", AWAY_TWICE))
    except CannotStandIn:
        return _away_page(request, officer, FieldError("stand_in", WHO_STANDS_IN))
    return redirect("desk:away")


@require_http_methods(["GET", "HEAD", "POST"])
@for_officers(*WHO)
def for_colleague(request: HttpRequest, officer: Officer) -> HttpResponse:
    """Ask until when a colleague is away and who stands in, and write it down from now on."""
    wanted = int(given) if (given := request.GET.get("officer", "")).isdecimal() and len(given) < 10 else 0
    names = dict(colleagues_led(officer.rights, now=officer.now))
    if wanted not in names:
        raise Http404
    colleague = wanted, names[wanted]
    if request.method != "POST":
        return _colleague_page(request, officer, colleague)
    last = _day(request, "until")
    if last is None:
        return _colleague_page(request, officer, colleague, FieldError("until", UNTIL_WHEN))
    try:
        send_away(
            account_id=wanted,
            stand_in=_account(request, "stand_in"),
            ends_on=last,
            rights=officer.rights,
            now=officer.now,
        )
    except NotYourColleague:
        raise Http404 from None
    except DaysNotPossible:
        return _colleague_page(request, officer, colleague, FieldError("until", UNTIL_WHEN))
    except AwayAlready:
        return _colleague_page(request, officer, colleague, FieldError("until", THEY_ARE_AWAY))
    except CannotStandIn:
        return _colleague_page(request, officer, colleague, FieldError("stand_in", WHO_FOR_THEM))
    return redirect("desk:away")


@require_POST
@for_officers(*WHO)
def back(request: HttpRequest, officer: Officer, absence_id: int) -> HttpResponse:
    """End an absence of the officer's own, or one that they wrote down for a colleague."""
    try:
        come_back(absence_id=absence_id, rights=officer.rights, now=officer.now)
    except Absence.DoesNotExist:
        raise Http404 from None
    return redirect("desk:away")


def _day(request: HttpRequest, name: str) -> date | None:
    try:
        day, month, year = (int(request.POST.get(f"{name}-{part}", "")[:4]) for part in PARTS)
        return date(year, month, day)
    except (ValueError, OverflowError):
        return None


def _account(request: HttpRequest, name: str) -> int:
    given = request.POST.get(name, "")
    return int(given) if given.isdecimal() and len(given) < 10 else 0


def _away_page(request: HttpRequest, officer: Officer, error: FieldError | None = None) -> HttpResponse:
    others = stand_ins_for(officer.rights, now=officer.now)
    led = colleagues_led(officer.rights, now=officer.now)
    page = {
        "officer": officer,
        "section": "away",
        "absences": absences_of(officer.account_id, now=officer.now),
        "stands_in": stands_in_for(officer.account_id, now=officer.now),
        "written": absences_written_by(officer.account_id, now=officer.now),
        "fields": (
            _date_field(request, "from", Bilingual("Nghỉ từ ngày", "Away from"), error),
            _date_field(request, "until", Bilingual("Đến hết ngày", "Until the end of"), error),
            _stand_in_field(request, others, error),
        ),
        "errors": (error,) if error is not None else (),
        "others": others,
        "works": officer.handles_cases or officer.settles_mandates,
        "colleague": FieldView(
            name="officer",
            label=CHOOSE_COLLEAGUE,
            widget="select",
            choices=tuple(Choice(str(account), name) for account, name in led),
        )
        if led
        else None,
    }
    return render(request, "desk/away.html", page, status=422 if error is not None else 200)


def _colleague_page(
    request: HttpRequest, officer: Officer, colleague: tuple[int, str], error: FieldError | None = None
) -> HttpResponse:
    account_id, name = colleague
    others = stand_ins_for(rights_of(account_id, officer.now), now=officer.now)
    page = {
        "officer": officer,
        "section": "away",
        "name": name,
        "absences": absences_of(account_id, now=officer.now),
        "fields": (
            _date_field(request, "until", Bilingual("Nghỉ đến hết ngày", "Away until the end of"), error),
            _stand_in_field(request, others, error),
        ),
        "errors": (error,) if error is not None else (),
        "others": others,
    }
    return render(request, "desk/away_colleague.html", page, status=422 if error is not None else 200)


def _stand_in_field(
    request: HttpRequest, others: list[tuple[int, str]], error: FieldError | None
) -> FieldView:
    return FieldView(
        name="stand_in",
        label=Bilingual("Người làm thay", "Who stands in"),
        widget="select",
        value=request.POST.get("stand_in", ""),
        choices=tuple(Choice(str(account), name) for account, name in others),
        error=error.message if error is not None and error.name == "stand_in" else "",
    )


def _date_field(request: HttpRequest, name: Field, label: Bilingual, error: FieldError | None) -> FieldView:
    day, month, year = (request.POST.get(f"{name}-{part}", "")[:4] for part in PARTS)
    return FieldView(
        name=name,
        label=label,
        widget="date",
        parts=(day, month, year),
        error=error.message if error is not None and error.name == name else "",
    )
