"""Who has a case in hand: take it, give it to another, give it back; and being away with a stand-in."""

from datetime import date

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from motcua.cases.desk.absences import (
    AwayAlready,
    CannotStandIn,
    DaysNotPossible,
    absences_of,
    come_back,
    go_away,
    stand_ins_for,
    stands_in_for,
)
from motcua.cases.desk.assignments import (
    AlreadyInHand,
    NotForThatOfficer,
    NotYoursToGive,
    give_back,
    give_case,
    take_case,
)
from motcua.cases.models import Absence, Assignment, Case
from motcua.identity.states import Purpose
from motcua.web.ui.components import Choice, FieldError, FieldView
from motcua.web.ui.officers import Officer, for_officers
from motcua.web.ui.words import Bilingual

WORKS = (Purpose.HANDLE_CASES, Purpose.DECIDE_CASES)
PARTS = ("day", "month", "year")
WHEN_AWAY = Bilingual(
    "Ghi ngày bắt đầu và ngày cuối cùng nghỉ, từ hôm nay trở đi.",
    "Give the first and the last day away, from today on.",
)
AWAY_TWICE = Bilingual("Bạn đã ghi nghỉ trong những ngày này.", "You are away on some of these days already.")
WHO_STANDS_IN = Bilingual(
    "Chọn người làm thay khác: người này cũng nghỉ, hoặc bạn đang làm thay cho người khác trong những ngày này.",
    "Choose another stand-in: this one is away too, or you stand in for somebody on these days.",
)


@require_POST
@for_officers(*WORKS)
def hand(request: HttpRequest, officer: Officer, number: str) -> HttpResponse:
    """Take the case, give it, or give it back; who came too late reads on the page who has it now."""
    wish, to = request.POST.get("hand", ""), request.POST.get("to", "")
    try:
        if wish == "take":
            take_case(number=number, rights=officer.rights, now=officer.now)
        elif wish == "back":
            give_back(number=number, rights=officer.rights, now=officer.now)
        elif wish == "give" and to.isdecimal() and len(to) < 10:
            give_case(number=number, to=int(to), rights=officer.rights, now=officer.now)
    except Case.DoesNotExist:
        raise Http404 from None
    except (AlreadyInHand, NotYoursToGive, NotForThatOfficer, Assignment.DoesNotExist):
        return redirect(f"{reverse('desk:case', args=(number,))}?hand=kept#hand")
    return redirect(f"{reverse('desk:case', args=(number,))}#hand")


@require_http_methods(["GET", "HEAD", "POST"])
@for_officers(*WORKS)
def away(request: HttpRequest, officer: Officer) -> HttpResponse:
    """Show when the officer is away and for whom they stand in, and write an absence down."""
    if request.method != "POST":
        return _away_page(request, officer)
    first, last = _day(request, "from"), _day(request, "until")
    to = request.POST.get("stand_in", "")
    if first is None or last is None:
        return _away_page(request, officer, FieldError("from", WHEN_AWAY))
    try:
        go_away(
            rights=officer.rights,
            stand_in=int(to) if to.isdecimal() and len(to) < 10 else 0,
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


@require_POST
@for_officers(*WORKS)
def back(request: HttpRequest, officer: Officer, absence_id: int) -> HttpResponse:
    """End an absence of the officer's own."""
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


def _away_page(request: HttpRequest, officer: Officer, error: FieldError | None = None) -> HttpResponse:
    others = stand_ins_for(officer.rights, now=officer.now)
    page = {
        "officer": officer,
        "section": "away",
        "absences": absences_of(officer.account_id, now=officer.now),
        "stands_in": stands_in_for(officer.account_id, now=officer.now),
        "fields": (
            _date_field(request, "from", Bilingual("Nghỉ từ ngày", "Away from"), error),
            _date_field(request, "until", Bilingual("Đến hết ngày", "Until the end of"), error),
            FieldView(
                name="stand_in",
                label=Bilingual("Người làm thay", "Who stands in"),
                widget="select",
                value=request.POST.get("stand_in", ""),
                choices=tuple(Choice(str(account), name) for account, name in others),
                error=error.message if error is not None and error.name == "stand_in" else "",
            ),
        ),
        "errors": (error,) if error is not None else (),
        "others": others,
    }
    return render(request, "desk/away.html", page, status=422 if error is not None else 200)


def _date_field(request: HttpRequest, name: str, label: Bilingual, error: FieldError | None) -> FieldView:
    day, month, year = (request.POST.get(f"{name}-{part}", "")[:4] for part in PARTS)
    return FieldView(
        name=name,
        label=label,
        widget="date",
        parts=(day, month, year),
        error=error.message if error is not None and error.name == name else "",
    )
