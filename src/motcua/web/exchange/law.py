"""The law in force at a place and a moment, for machines; anyone may ask, no token is needed."""

import re
from datetime import datetime

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router, Schema

from motcua.agencies.queries import PlaceNotKnown, place_at
from motcua.directives.law import Enacted, InForce, law_at
from motcua.web.exchange.refusals import Refused

router = Router()
_CODE = re.compile(r"[0-9]{2,5}")
_YEARS = range(1900, 2200)


class Said(Schema):
    """One text in both languages."""

    vi: str
    en: str


class MeansOut(Schema):
    """What a directive means for one group of people."""

    whom: Said
    text: Said


class DirectiveOut(Schema):
    """A directive in force: since when, until when if that is set, and what it means."""

    number: str
    title: Said
    issuer: str
    since: datetime
    until: datetime | None
    meaning: Said
    means: list[MeansOut]


class ParameterOut(Schema):
    """A value that a directive sets; ``place`` is the code that it was set for, null for the whole scope."""

    value: str
    directive: str
    since: datetime
    until: datetime | None
    place: str | None


class PlaceOut(Schema):
    """A place as it is called on that day."""

    code: str
    name: str


class LawOut(Schema):
    """What is in force at one moment; without a place, all directives and what holds for the whole city."""

    at: datetime
    place: PlaceOut | None
    directives: list[DirectiveOut]
    parameters: dict[str, ParameterOut]


@router.get("/law", response=LawOut)
def law(request: HttpRequest, place: str = "", at: str = "") -> LawOut:
    """Tell what is in force at a place (a code of five digits) and a moment (ISO 8601; now if none is given)."""
    moment = _moment(at)
    named = _place(place, moment) if place else None
    found = law_at(moment)
    code = named.code if named else None
    addresses = sorted({each.address for enacted in found.enacted for each in enacted.statements})
    values = ((address, found.value(address, code)) for address in addresses)
    return LawOut(
        at=moment,
        place=named,
        directives=[_told(each) for each in found.directives(code)],
        parameters={address: _value(value) for address, value in values if value is not None},
    )


def _moment(text: str) -> datetime:
    if not text:
        return timezone.now()
    try:
        # A plus sign in an address that nobody escaped arrives as a space.
        moment = datetime.fromisoformat(text[:40].replace(" ", "+"))
        moment = moment if moment.tzinfo else timezone.make_aware(moment)
        # At the ends of the calendar no time zone can be told.
        if timezone.localtime(moment).year not in _YEARS:
            raise ValueError(text)
        return moment
    except (ValueError, OverflowError):
        raise Refused(
            422,
            "no_such_moment",
            "'at' is a day or time such as 2026-09-28T06:00+07:00.",
            "'at' là ngày hoặc giờ, như 2026-09-28T06:00+07:00.",
        ) from None


def _place(code: str, moment: datetime) -> PlaceOut:
    on = timezone.localtime(moment).date()
    try:
        found = place_at(code, on) if _CODE.fullmatch(code) else None
    except PlaceNotKnown:
        found = None
    if found is None:
        raise Refused(
            404,
            "no_such_place",
            f"No place had that code on {on:%Y-%m-%d}.",
            f"Ngày {on:%d/%m/%Y} không có đơn vị hành chính mang mã này.",
        )
    return PlaceOut(code=found.code, name=found.name)


def _told(each: Enacted) -> DirectiveOut:
    said = each.content
    return DirectiveOut(
        number=each.number,
        title=Said(vi=said.title.vi, en=said.title.en),
        issuer=said.issuer,
        since=each.begun_at,
        until=each.until,
        meaning=Said(vi=said.meaning.vi, en=said.meaning.en),
        means=[
            MeansOut(whom=Said(vi=one.whom.vi, en=one.whom.en), text=Said(vi=one.text.vi, en=one.text.en))
            for one in said.means
        ],
    )


def _value(value: InForce) -> ParameterOut:
    return ParameterOut(
        value=value.text,
        directive=value.directive,
        since=value.since,
        until=value.until,
        place=value.place_code,
    )
