"""Lets a citizen in: their account and the person behind it, or the way to sign in."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Concatenate, ParamSpec
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from motcua.identity.people import NoPersonBehind, PersonView, person_of

Rest = ParamSpec("Rest")


@dataclass(frozen=True, slots=True)
class Citizen:
    """Who is signed in: the account that acts, and the person whose data and cases these are."""

    account_id: int
    person: PersonView


CitizenView = Callable[Concatenate[HttpRequest, Citizen, Rest], HttpResponseBase]


def for_citizens(
    view: Callable[Concatenate[HttpRequest, Citizen, Rest], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, Rest], HttpResponseBase]:
    """Call the view with the citizen; anyone else is asked to sign in, and comes back afterwards."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: Rest.args, **kwargs: Rest.kwargs) -> HttpResponseBase:
        if not request.user.is_authenticated:
            # A form that was sent is not sent again after signing in: its page is shown instead.
            query = urlencode({"next": request.get_full_path()})
            return redirect(f"{reverse('portal:sign_in')}?{query}")
        try:
            person = person_of(request.user.pk)
        except NoPersonBehind:
            return not_a_citizen(request)
        return view(request, Citizen(request.user.pk, person), *args, **kwargs)

    return guarded


def not_a_citizen(request: HttpRequest) -> HttpResponse:
    """Tell an officer or a system that this page belongs to citizens."""
    return render(request, "portal/not_a_citizen.html", status=403)
