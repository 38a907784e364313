"""The work at a counter: call the next, call again, done, absent, on to another counter."""

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from motcua.appointments.lines import CallView, WaitingView, call_at, line_of, skipped_today
from motcua.appointments.models import Counter, Ticket
from motcua.appointments.queries import CounterView, HallView, counters_of, hall, halls_for
from motcua.appointments.services import (
    CounterBusy,
    NobodyWaits,
    NotAtCounter,
    call_next,
    end_serving,
    hand_over,
    recall,
)
from motcua.appointments.services.calling import back_in_line, counter_for
from motcua.appointments.states import Priority, ServingEnd
from motcua.identity.states import Purpose
from motcua.web.ui.appointment_words import PRIORITIES, group_words, hall_words
from motcua.web.ui.officers import Officer, for_officers
from motcua.web.ui.words import Bilingual

EVERY_SECONDS = 5
NOBODY = Bilingual("Không có ai chờ cho quầy này.", "Nobody waits for this counter.")
BUSY = Bilingual(
    "Quầy đang có người. Bấm Xong, Vắng mặt hoặc Chuyển quầy trước khi gọi số tiếp theo.",
    "Somebody is at the counter. Press Done, Absent or Hand over before calling the next.",
)
GONE = Bilingual(
    "Số này vừa được xử lý. Dưới đây là hiện tại.", "This number was settled meanwhile. This is now."
)


@dataclass(frozen=True, slots=True)
class AtCounter:
    """A counter with its hall, and what stands there now."""

    hall: HallView
    counter: CounterView
    call: CallView | None
    line: tuple[WaitingView, ...]


@require_safe
@for_officers(Purpose.HANDLE_CASES)
def counters(request: HttpRequest, officer: Officer) -> HttpResponse:
    """Let the officer choose the counter at which they sit."""
    page = {
        "officer": officer,
        "section": "halls",
        "part": "counters",
        "halls": [
            (hall_words(each), [(counter, _groups(each, counter)) for counter in counters_of(each.id)])
            for each in halls_for(officer.rights, Purpose.HANDLE_CASES)
        ],
    }
    return render(request, "desk/halls/counters.html", page)


@require_safe
@for_officers(Purpose.HANDLE_CASES)
def counter(request: HttpRequest, officer: Officer, counter: int) -> HttpResponse:
    """Show who is at the counter and who waits."""
    return _page(request, officer, counter, None)


@require_safe
@for_officers(Purpose.HANDLE_CASES)
def counter_live(request: HttpRequest, officer: Officer, counter: int) -> HttpResponse:
    """Return the line, which others change meanwhile."""
    return render(request, "desk/halls/line.html", _values(officer, counter))


@require_POST
@for_officers(Purpose.HANDLE_CASES)
def act(request: HttpRequest, officer: Officer, counter: int) -> HttpResponse:
    """Carry out what the officer pressed."""
    refused = None
    try:
        _carry_out(request, officer, counter)
    except (Counter.DoesNotExist, Ticket.DoesNotExist):
        raise Http404 from None
    except NobodyWaits:
        refused = NOBODY
    except CounterBusy:
        refused = BUSY
    except NotAtCounter:
        refused = GONE
    return _page(request, officer, counter, refused) if refused else redirect("desk:hall_counter", counter)


def _carry_out(request: HttpRequest, officer: Officer, counter: int) -> None:
    rights, now = officer.rights, officer.now
    serving = _id(request.POST.get("serving", ""))
    match request.POST.get("act", ""):
        case "next":
            call_next(counter_id=counter, rights=rights, now=now)
        case "finish_and_next":
            end_serving(
                counter_id=counter, serving_id=serving, end=ServingEnd.FINISHED, rights=rights, now=now
            )
            call_next(counter_id=counter, rights=rights, now=now)
        case "recall":
            recall(counter_id=counter, serving_id=serving, rights=rights, now=now)
        case "finish":
            end_serving(
                counter_id=counter, serving_id=serving, end=ServingEnd.FINISHED, rights=rights, now=now
            )
        case "skip":
            end_serving(
                counter_id=counter, serving_id=serving, end=ServingEnd.SKIPPED, rights=rights, now=now
            )
        case "hand_over":
            other = _id(request.POST.get("to", ""))
            hand_over(counter_id=counter, serving_id=serving, to_counter_id=other, rights=rights, now=now)
        case "back":
            back_in_line(ticket_id=_id(request.POST.get("ticket", "")), rights=rights, now=now)
        case _:
            raise Http404


def _id(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 18 else 0


def _page(request: HttpRequest, officer: Officer, counter: int, refused: Bilingual | None) -> HttpResponse:
    page = {**_values(officer, counter), "refused": refused, "every_seconds": EVERY_SECONDS}
    return render(request, "desk/halls/counter.html", page, status=409 if refused else 200)


def _values(officer: Officer, counter_id: int) -> dict[str, object]:
    try:
        code = counter_for(counter_id, officer.rights).hall.code
    except Counter.DoesNotExist:
        raise Http404 from None
    room = hall(code)
    every = counters_of(room.id)
    mine = next(each for each in every if each.id == counter_id)
    labels = {each.code: group_words(each) for each in room.groups}
    line = line_of(room.id, officer.now)
    call = call_at(counter_id, officer.now)
    own = [
        each
        for each in line
        if (each.for_counter == counter_id if each.for_counter else each.group in mine.groups)
    ]
    return {
        "officer": officer,
        "section": "halls",
        "part": "counters",
        "hall_name": hall_words(room),
        "counter": mine,
        "groups": _groups(room, mine),
        "call": call,
        "call_group": Bilingual(call.group_vi, call.group_en) if call else None,
        "call_priority": PRIORITIES[call.priority] if call and call.priority is not Priority.NONE else None,
        "others": [(each, _groups(room, each)) for each in every if each.id != counter_id],
        "line": [
            (
                each,
                labels[each.group],
                PRIORITIES[each.priority] if each.priority is not Priority.NONE else None,
            )
            for each in own
        ],
        "elsewhere": len(line) - len(own),
        "skipped": skipped_today(room.id, officer.now),
    }


def _groups(room: HallView, counter: CounterView) -> list[Bilingual]:
    return [group_words(each) for each in room.groups if each.code in counter.groups]
