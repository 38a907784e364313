"""Keeping and dropping filters of the queue."""

import contextlib
from urllib.parse import parse_qsl

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from motcua.cases.desk.filters import NameMissing, TooManyFilters, drop_filter, save_filter
from motcua.cases.models import SavedFilter
from motcua.identity.states import Purpose
from motcua.web.desk.asked import asked_for
from motcua.web.ui.officers import Officer, for_officers


@require_POST
@for_officers(Purpose.READ_CASES)
def keep_filter(request: HttpRequest, officer: Officer) -> HttpResponse:
    """Keep the filter of the page that was looked at; a name that is none leaves everything as it was."""
    # Read and written anew, so that nothing is kept that is no filter.
    query = asked_for(dict(parse_qsl(request.POST.get("query", "")[:1000]))).query_text
    with contextlib.suppress(NameMissing, TooManyFilters):
        save_filter(
            account_id=officer.account_id,
            name=request.POST.get("name", ""),
            query=query,
            is_start=request.POST.get("start") == "yes",
        )
    return redirect(f"{reverse('desk:queue')}?{query or 'all=1'}")


@require_POST
@for_officers(Purpose.READ_CASES)
def forget_filter(request: HttpRequest, officer: Officer, filter_id: int) -> HttpResponse:
    """Drop one of the officer's own filters; one that is not theirs is not there."""
    try:
        drop_filter(account_id=officer.account_id, filter_id=filter_id)
    except SavedFilter.DoesNotExist:
        raise Http404 from None
    return redirect(f"{reverse('desk:queue')}?all=1")
