"""A parameter place by place: colored on the map, chosen in the table, or imported from a file."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from motcua.agencies.queries import places_now
from motcua.directives.complaints import DirectiveRefused
from motcua.directives.content import Stated
from motcua.directives.law import law_at, law_with
from motcua.directives.parameters import ParameterSpec
from motcua.directives.queries import DirectiveView, parameters
from motcua.directives.services import (
    DirectiveNotOpen,
    DirectiveNotYours,
    NothingChanged,
    change,
    import_values,
)
from motcua.directives.states import DirectiveState
from motcua.directives.writing import with_parameters
from motcua.identity.states import Purpose
from motcua.web.operations.directives.drafting import (
    CLOSED,
    MOVED_ON,
    NO_FILE,
    NOT_TEXT,
    NOT_YOURS,
    Fault,
    draft_to_change,
    faults_of,
    refused,
)
from motcua.web.operations.directives.pages import READERS, directive_page, found_directive
from motcua.web.ui.components import Choice, FieldError
from motcua.web.ui.law_words import labels_of_values, value_in_words
from motcua.web.ui.officers import Officer, for_officers
from motcua.web.ui.words import Bilingual, InTwoLanguages

LARGEST_FILE = 256 * 1024
PLACE_CODE = re.compile(r"[0-9]{2,5}", re.ASCII)


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """One place: its value now, what the directive names for it, and what holds there under the directive."""

    code: str
    name: str
    now_value: str
    now: InTwoLanguages | None
    value: str
    effective: str
    words: InTwoLanguages
    differs: bool


@require_http_methods(["GET", "HEAD", "POST"])
@for_officers(*READERS)
def places(request: HttpRequest, officer: Officer, directive_id: int, parameter: str) -> HttpResponse:
    """Show a parameter place by place; on POST save what was chosen into the draft."""
    found, spec = found_directive(directive_id, officer), _spec(parameter)
    if request.method != "POST":
        return _places_page(request, officer, found, spec)
    if not officer.directs or draft_to_change(directive_id, officer) is None:
        return refused(request, officer, CLOSED, 409)
    content = found.content
    chosen = {
        name.removeprefix("place-"): str(value)
        for name, value in request.POST.items()
        if name.startswith("place-") and value and PLACE_CODE.fullmatch(name.removeprefix("place-"))
    }
    default = request.POST.get("default", "") or None
    stated = {address: each for address, each in content.parameters.items() if address != spec.address}
    if default or chosen:
        # Not validated here: a value that there is not is refused with the text that it would stand in.
        stated[spec.address] = Stated.model_construct(default=default, places=dict(sorted(chosen.items())))
    try:
        change(
            directive_id=found.id,
            text=with_parameters(content, stated),
            seen_sha256=request.POST.get("seen", ""),
            account_id=officer.account_id,
            now=officer.now,
        )
    except DirectiveRefused as refusal:
        faults = faults_of(refusal.complaints, [])
        return _places_page(request, officer, found, spec, faults=faults, status=422)
    except NothingChanged:
        pass
    except DirectiveNotOpen:
        return refused(request, officer, MOVED_ON, 409)
    except DirectiveNotYours:
        return refused(request, officer, NOT_YOURS, 403)
    return redirect(f"{reverse('operations:directive_places', args=(found.id, spec.address))}?saved=1")


@require_POST
@for_officers(Purpose.DIRECT)
def import_places(request: HttpRequest, officer: Officer, directive_id: int, parameter: str) -> HttpResponse:
    """Take the values of a CSV file into the draft, all or none."""
    found, spec = found_directive(directive_id, officer), _spec(parameter)
    if found.state is not DirectiveState.DRAFT:
        return refused(request, officer, CLOSED, 409)
    uploaded = request.FILES.get("file")
    content = uploaded.read(LARGEST_FILE + 1) if uploaded else None
    try:
        text = content.decode("utf-8-sig") if content is not None and len(content) <= LARGEST_FILE else None
    except UnicodeDecodeError:
        text = None
    if text is None:
        wrong = FieldError("file", NO_FILE if content is None else NOT_TEXT)
        return _places_page(request, officer, found, spec, errors=(wrong,), status=422)
    try:
        import_values(
            directive_id=found.id,
            parameter=spec.address,
            csv_text=text,
            seen_sha256=request.POST.get("seen", ""),
            account_id=officer.account_id,
            now=officer.now,
        )
    except DirectiveRefused as refusal:
        faults = faults_of(refusal.complaints, [])
        return _places_page(request, officer, found, spec, faults=faults, status=422)
    except NothingChanged:
        pass
    except DirectiveNotOpen:
        return refused(request, officer, MOVED_ON, 409)
    except DirectiveNotYours:
        return refused(request, officer, NOT_YOURS, 403)
    return redirect(f"{reverse('operations:directive_places', args=(found.id, spec.address))}?saved=1")


def _spec(parameter: str) -> ParameterSpec:
    spec = parameters().get(parameter)
    if spec is None or not (spec.by_place and spec.allowed):
        raise Http404(parameter)
    return spec


def _places_page(
    request: HttpRequest,
    officer: Officer,
    found: DirectiveView,
    spec: ParameterSpec,
    *,
    faults: tuple[Fault, ...] = (),
    errors: tuple[FieldError, ...] = (),
    status: int = 200,
) -> HttpResponse:
    stated = found.content.parameters.get(spec.address)
    editable = officer.directs and found.state is DirectiveState.DRAFT
    labels = labels_of_values()
    page = {
        **directive_page(found, officer),
        "parameter": spec.address,
        "label": spec.label,
        "default": (stated.default if stated else "") or "",
        "options": [Choice(value, value_in_words(value, spec.address, labels)) for value in spec.allowed],
        "rows": _rows(found, spec, officer, labels),
        "editable": editable,
        "column": spec.column,
        "example": spec.allowed[0],
        "seen": found.sha256,
        "form_url": reverse("operations:directive_places", args=(found.id, spec.address)),
        "import_url": reverse("operations:directive_import", args=(found.id, spec.address)),
        "complaints": faults,
        "errors": errors,
        "saved": request.GET.get("saved", "") == "1",
    }
    return render(request, "operations/directives/places.html", page, status=status)


def _rows(
    found: DirectiveView,
    spec: ParameterSpec,
    officer: Officer,
    labels: Mapping[tuple[str, str], InTwoLanguages],
) -> list[PlaceRow]:
    begins = found.begun_at or max(found.switch_at or found.from_at, officer.now)
    now, then = law_at(officer.now), law_with(found.id, begins)
    stated = found.content.parameters.get(spec.address)
    named = dict(stated.places) if stated else {}
    rows = []
    for place in places_now(timezone.localdate(begins)):
        standing, coming = now.value(spec.address, place.code), then.value(spec.address, place.code)
        rows.append(
            PlaceRow(
                code=place.code,
                name=place.name,
                now_value=standing.text if standing else "",
                now=value_in_words(standing.text, spec.address, labels) if standing else None,
                value=named.get(place.code, ""),
                effective=coming.text if coming else "",
                words=value_in_words(coming.text, spec.address, labels) if coming else Bilingual("–", "–"),
                differs=(standing.text if standing else "") != (coming.text if coming else ""),
            )
        )
    return rows
