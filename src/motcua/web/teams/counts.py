"""How often each team helped, for everybody: no count below ten."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from motcua.teams.tally import LEAST_SHOWN, public_counts


@require_safe
@cache_control(max_age=600, public=True)
def counts(request: HttpRequest) -> HttpResponse:
    """Show the counts of the last year."""
    found = public_counts(now=timezone.now())
    return render(request, "teams/counts.html", {"counts": found, "least": LEAST_SHOWN})
