"""What is in force where somebody lives: since when, until when, what it means; as a page and as a feed."""

import re
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.views.decorators.http import require_safe

from motcua.agencies.queries import PlaceNotKnown, PlaceView, place_at, place_names_and_paths, places_now
from motcua.cases.queries import cases_of_person
from motcua.directives.content import LegalBasis, Meaning
from motcua.directives.law import Enacted, InForce, Law, law_at
from motcua.directives.queries import DirectiveView
from motcua.directives.queries import directives as every_directive
from motcua.directives.states import DirectiveState
from motcua.identity.people import NoPersonBehind, person_of
from motcua.procedures.queries import ProcedureView, search_services
from motcua.web.portal.catalogue import HOME
from motcua.web.ui.components import Choice, FieldError, FieldView
from motcua.web.ui.law_words import value_in_words
from motcua.web.ui.words import Bilingual, InTwoLanguages, time_in_words

CODE = re.compile(r"[0-9]{5}")
# The parameter that everybody asks for first, where an installation has it.
ZONE = "zones.color"
ENTRIES = 50
WHERE = Bilingual("Bạn ở phường, xã nào?", "Which ward or commune do you live in?")
NO_PLACE = Bilingual("Chọn một phường hoặc xã trong danh sách.", "Choose a ward or commune from the list.")
FEED_TITLE = Bilingual("Chỉ thị của thành phố", "Directives of the city")


@dataclass(frozen=True, slots=True)
class Zone:
    """The color of a place, in words, and from when until when."""

    value: str
    words: InTwoLanguages
    since: datetime
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Applies:
    """One directive in force, as it concerns people."""

    number: str
    title: InTwoLanguages
    since: datetime
    until: datetime | None
    meaning: InTwoLanguages
    means: tuple[Meaning, ...]
    legal_basis: tuple[LegalBasis, ...]


@require_safe
def law(request: HttpRequest) -> HttpResponse:
    """Ask where one lives, and lead on to what applies there."""
    code = request.GET.get("place")
    if code is None:
        return _page(request, None, ())
    if _place(code) is None:
        return _page(request, None, (FieldError("place", NO_PLACE),), status=422)
    return redirect("portal:law_place", code)


@require_safe
def law_place(request: HttpRequest, code: str) -> HttpResponse:
    """Show what is in force at a place."""
    place = _place(code)
    if place is None:
        raise Http404(code)
    return _page(request, place, ())


@require_safe
def law_feed(request: HttpRequest) -> HttpResponse:
    """Return the directives that began or were undone of late, the last first, as an Atom feed in Vietnamese."""
    address = f"{settings.SITE_URL}{reverse('portal:law')}"
    feed = Atom1Feed(
        title=FEED_TITLE.vi, link=address, description="", language="vi",
        feed_url=f"{settings.SITE_URL}{reverse('portal:law_feed')}",
    )  # fmt: skip
    told = [
        (at, each, undone)
        for each in every_directive(timezone.now())
        for at, undone in ((each.begun_at, False), (each.undone_at, True))
        if at is not None
    ]
    for at, each, undone in sorted(told, key=lambda one: one[0], reverse=True)[:ENTRIES]:
        _add(feed, each, address, at=at, undone=undone)
    answer = HttpResponse(feed.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")
    answer.headers["Cache-Control"] = "public, max-age=60"
    return answer


def _add(feed: Atom1Feed, each: DirectiveView, address: str, *, at: datetime, undone: bool) -> None:
    until = f" Đến {time_in_words(each.until_at, 'vi')}." if each.until_at and not undone else ""
    what = "đã được hoàn tác" if undone else "có hiệu lực"
    feed.add_item(
        title=f"Chỉ thị {each.number} {what}: {each.title.vi}",
        link=address,
        description=f"{each.content.meaning.vi}{until}",
        pubdate=at,
        updateddate=at,
        unique_id=f"{address}#{each.id}-{'undone' if undone else 'begun'}",
    )


def _place(code: str) -> PlaceView | None:
    if not CODE.fullmatch(code):
        return None
    try:
        return place_at(code, timezone.localdate())
    except PlaceNotKnown:
        return None


def _page(
    request: HttpRequest, place: PlaceView | None, errors: tuple[FieldError, ...], status: int = 200
) -> HttpResponse:
    now = timezone.now()
    in_force = law_at(now)
    own = _own_place(request)
    choices = tuple(Choice(each.code, each.name) for each in places_now(timezone.localdate(now)))
    chosen = place or own
    page = {
        "place": place,
        "own": own if own and (place is None or own.code == place.code) else None,
        "zone": _zone(in_force.value(ZONE, place.code)) if place else None,
        "directives": [_applies(each) for each in in_force.directives(place.code)] if place else (),
        "coming": _awaited(place, now) if place else (),
        "services": services_under(in_force) if place else (),
        "place_field": FieldView(
            "place", WHERE, widget="place", value=chosen.code if chosen else "", choices=choices,
            error=errors[0].message if errors else "",
        ),
        "json_url": f"/api/law?place={place.code}" if place else "/api/law",
        "errors": errors,
        "crumbs": [HOME],
        "section": "law",
    }  # fmt: skip
    return render(request, "portal/law.html", page, status=status)


def _own_place(request: HttpRequest) -> PlaceView | None:
    """Return where the signed-in person's last case lies; two queries, none for who is not signed in."""
    if not request.user.is_authenticated:
        return None
    try:
        last = cases_of_person(person_of(request.user.pk).id, limit=1)
    except NoPersonBehind:
        return None
    return _place(last[0].place_code) if last else None


def _awaited(place: PlaceView, now: datetime) -> list[DirectiveView]:
    """Return the confirmed directives whose moment is still to come and that concern the place."""
    waiting = (each for each in every_directive(now) if each.state is DirectiveState.CONFIRMED)
    # One whose moment passed without it becoming law was stopped: nobody is told that it is about to come.
    coming = (each for each in waiting if each.switch_at is not None and each.switch_at > now)
    return [each for each in coming if _concerns(each, place, now)]


def _concerns(directive: DirectiveView, place: PlaceView, now: datetime) -> bool:
    scope = directive.content.scope
    if not scope:
        return True
    paths = place_names_and_paths(timezone.localdate(directive.switch_at or now), scope)
    return any(place.path == path or place.path.startswith(f"{path}.") for _, path in paths.values())


def _zone(found: InForce | None) -> Zone | None:
    if found is None:
        return None
    words = value_in_words(found.text)
    named = Bilingual(f"Vùng {str(words.in_language('vi')).lower()}", f"{words.in_language('en')} zone")
    return Zone(found.text, named, found.since, found.until)


def _applies(each: Enacted) -> Applies:
    said = each.content
    return Applies(
        each.number, each.title, each.begun_at, each.until, said.meaning, said.means, said.legal_basis
    )


def services_under(law: Law) -> tuple[ProcedureView, ...]:
    """Return the services in force that read something which the directives set."""
    registers = {statement.address.partition(".")[0] for each in law.enacted for statement in each.statements}
    return tuple(
        service
        for service in search_services()
        if any(fact.register_name in registers for fact in service.content.facts)
    )
