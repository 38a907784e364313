"""Pages that only a form leads to: whoever opens one by its address comes back to where the form is."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponseBase, HttpResponseNotAllowed
from django.shortcuts import redirect

Rest = ParamSpec("Rest")
View = Callable[Concatenate[HttpRequest, Rest], HttpResponseBase]


def sent_only(view: View[Rest]) -> View[Rest]:
    """Call the view with what was sent; lead a reader to the case that the address names, or to the queue.

    Browsers ask anew for the pages that were open when they start again, and a sign-in in between leads back as well.
    """

    @wraps(view)
    def door(request: HttpRequest, /, *args: Rest.args, **kwargs: Rest.kwargs) -> HttpResponseBase:
        if request.method == "POST":
            return view(request, *args, **kwargs)
        if request.method not in {"GET", "HEAD"}:
            return HttpResponseNotAllowed(["POST"])
        number = kwargs.get("number")
        return redirect("desk:case", number) if number else redirect("desk:queue")

    return door
