"""Who has a case in hand: take it, give it to another, give it back."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from motcua.cases.desk.assignments import (
    AlreadyInHand,
    NotForThatOfficer,
    NotYoursToGive,
    give_back,
    give_case,
    take_case,
)
from motcua.cases.models import Assignment, Case
from motcua.identity.states import Purpose
from motcua.web.desk.sent import sent_only
from motcua.web.ui.officers import Officer, for_officers

WORKS = (Purpose.HANDLE_CASES, Purpose.DECIDE_CASES)


@sent_only
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
