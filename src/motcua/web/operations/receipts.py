"""The receipt of a figure: definition, formula, moment, parameters, and the exact rows it came from."""

import re
from collections.abc import Sequence
from functools import cache

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from motcua.agencies.queries import place_names
from motcua.cases.counts import may_list
from motcua.identity.states import Purpose
from motcua.indicators.queries import NoSuchFigure, Receipt, figures_of, numbers_behind, receipt_of
from motcua.procedures.queries import ProcedureView, search_services
from motcua.web.operations.chosen import Chosen, chosen_in
from motcua.web.operations.panels import BY_OFFICER, parameters, tile
from motcua.web.operations.wording import reason_sentence
from motcua.web.ui.components import Pages
from motcua.web.ui.officers import Officer, for_officers
from motcua.web.ui.reading import as_of
from motcua.web.ui.words import Bilingual, InTwoLanguages

PAGE_SIZE = 100
SHOWN_ROWS = 200


@require_safe
@for_officers(Purpose.READ_CASES, Purpose.OVERSEE)
def receipt(request: HttpRequest, officer: Officer, code: str) -> HttpResponse:
    """Show where a figure comes from; the counts add up to it."""
    chosen = chosen_in(request, officer.now)
    figures = figures_of(chosen.service, rights=officer.rights, now=as_of(officer.now), within=chosen.within)
    try:
        found = receipt_of(figures, code)
    except NoSuchFigure:
        raise Http404 from None
    definition = found.figure.definition
    page = {
        "officer": officer,
        "section": "operations",
        "chosen": chosen,
        "receipt": found,
        "tile": tile(found.figure, chosen),
        "reads": [tile(figure, chosen) for figure in found.reads],
        "definition": definition,
        "condition": " ".join((definition.where or definition.formula or "").split()),
        "parameters": parameters(definition),
        "lines": _lines(found, [chosen.service] if chosen.service else search_services()),
        "left_out": max(0, len(found.breakdown) - SHOWN_ROWS),
        "rows_url": _rows_url(code, chosen) if definition.where and may_list(officer.rights) else "",
    }
    return render(request, "operations/receipt.html", page)


@require_safe
@for_officers(Purpose.READ_CASES)
def rows(request: HttpRequest, officer: Officer, code: str) -> HttpResponse:
    """List the numbers of the cases behind a figure, as far as the officer may read them."""
    chosen = chosen_in(request, officer.now)
    figures = figures_of(chosen.service, rights=officer.rights, now=as_of(officer.now), within=chosen.within)
    sent = request.GET.get("page", "")
    number = int(sent) if re.fullmatch(r"[1-9][0-9]{0,5}", sent) else 1
    try:
        listing = numbers_behind(
            figures,
            code,
            procedure=chosen.service,
            rights=officer.rights,
            within=chosen.within,
            page=number,
            size=PAGE_SIZE,
        )
    except NoSuchFigure:
        raise Http404 from None
    last = max(1, -(-listing.total // PAGE_SIZE))
    join = "&" if chosen.query else "?"
    page = {
        "officer": officer,
        "section": "operations",
        "chosen": chosen,
        "tile": tile(figures[code], chosen),
        "figure": figures[code],
        "listing": listing,
        "hidden": int(figures[code].value or 0) - listing.total,
        "pages": Pages(min(number, last), last, f"{chosen.query}{join}page={{page}}"),
    }
    return render(request, "operations/rows.html", page)


def _rows_url(code: str, chosen: Chosen) -> str:
    return reverse("operations:rows", args=(code,)) + chosen.query


def _lines(
    found: Receipt, services: Sequence[ProcedureView]
) -> list[tuple[str, InTwoLanguages, InTwoLanguages, int]]:
    """Return place, state and reason in words, and count, most first; a code that no service knows stays."""
    names = place_names({path for path, _, _, _ in found.breakdown})
    states = {code: state.label for each in services for code, state in each.content.workflow.states.items()}

    @cache
    def why(reason: str) -> InTwoLanguages:
        if reason == "person":
            return BY_OFFICER
        said = (reason_sentence(service.model, reason) for service in services)
        return next(
            (sentence for sentence in said if sentence), Bilingual(vi=reason or "–", en=reason or "–")
        )

    return [
        (names.get(path, path), states.get(state, Bilingual(vi=state, en=state)), why(reason), count)
        for path, state, reason, count in found.breakdown[:SHOWN_ROWS]
    ]
