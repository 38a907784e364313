"""The display of a hall: who is called to which counter, readable from eight meters; numbers name nobody."""

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from motcua.appointments.lines import CallView, calls_now, line_of
from motcua.appointments.queries import HallNotKnown, HallView, hall
from motcua.web.ui.appointment_words import hall_words
from motcua.web.ui.words import Bilingual, in_words

EVERY_SECONDS = 3
PLAIN_SECONDS = 10
NEXT_SHOWN = 8
# More would stand so small that nobody reads them from the last row; who was called before that has come by now.
MOST_SHOWN = 5
SAID = Bilingual("Mời số {number} đến quầy {counter}.", "Number {number}, please come to counter {counter}.")


@require_safe
def display(request: HttpRequest, code: str) -> HttpResponse:
    """Show the calls of now; a script renews them, and ``?plain=1`` loads itself anew without one."""
    found = _hall(code)
    page = {
        **_now(found),
        "hall": hall_words(found),
        "code": code,
        "every_seconds": EVERY_SECONDS,
    }
    answer = render(request, "portal/halls/display.html", {**page, "plain": "plain" in request.GET})
    if "plain" in request.GET:
        answer.headers["Refresh"] = str(PLAIN_SECONDS)
    return answer


@require_safe
def display_live(request: HttpRequest, code: str) -> HttpResponse:
    """Return the part that changes."""
    return render(request, "portal/halls/display_live.html", _now(_hall(code)))


@require_safe
def display_json(request: HttpRequest, code: str) -> JsonResponse:
    """Return the calls of now for other displays: number, counter and a mark that changes with each call."""
    shown = _now(_hall(code))
    calls: list[CallView] = shown["calls"]  # type: ignore[assignment]  # what _now puts there
    return JsonResponse(
        {
            "calls": [
                {"number": each.number, "counter": each.counter, "mark": each.mark, "open": each.open}
                for each in calls
            ],
            "next": shown["next"],
            "waiting": shown["waiting"],
        }
    )


def _now(found: HallView) -> dict[str, object]:
    now = timezone.now()
    calls = calls_now(found.id, now)
    line = line_of(found.id, now)
    standing = [each for each in calls if each.open][:MOST_SHOWN]
    return {
        "calls": calls,
        "standing": [(each, Bilingual(each.group_vi, each.group_en), said(each)) for each in standing],
        "next": [each.number for each in line[:NEXT_SHOWN]],
        "waiting": len(line),
        "at": timezone.localtime(now),
    }


def said(call: CallView) -> str:
    """Return what is read aloud, in the language of the page."""
    return in_words(SAID.filled(number=call.number, counter=call.counter))


def _hall(code: str) -> HallView:
    try:
        return hall(code)
    except HallNotKnown:
        raise Http404 from None
