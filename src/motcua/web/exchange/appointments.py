"""The door for appointments: halls and free times for everyone; booking, moving and giving back for a person."""

from datetime import UTC, date, datetime

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router, Schema, Status
from pydantic import AwareDatetime, ConfigDict, Field

from motcua.agencies.queries import PlaceNotKnown, place_at
from motcua.appointments import queries
from motcua.appointments.models import Booking, ServiceGroup
from motcua.appointments.queries import BookingNotKnown, BookingView, HallNotKnown
from motcua.appointments.services import (
    BookingNotOpen,
    KeyReused,
    SlotFull,
    TimeNotOffered,
    TooManyOpen,
    book,
    cancel_booking,
    move_booking,
)
from motcua.procedures.queries import NoSuchProcedure, procedure_in_force
from motcua.web.exchange import refusals
from motcua.web.exchange.bearers import BearerToken, applicant_behind
from motcua.web.exchange.refusals import KEY, Refused

router = Router(auth=BearerToken())


class AppointmentProblem(Schema):
    """A refusal; ``free`` are other times of the same day that had room a moment ago."""

    error: str
    message: str
    message_vi: str
    free: list[datetime] | None = None


class GroupOut(Schema):
    """Services that are received together; ``services`` are codes of procedures."""

    code: str
    name_vi: str
    name_en: str
    services: list[str]


class HallOut(Schema):
    """A hall; ``km`` from the center of the place that was asked for."""

    code: str
    name_vi: str
    name_en: str
    address: str
    km: int | None
    groups: list[GroupOut]


class DayOut(Schema):
    """A day with times, and how many places are left in all."""

    day: date
    left: int


class TimeOut(Schema):
    """A time and its places."""

    starts_at: datetime
    ends_at: datetime
    capacity: int
    left: int


class TimesOut(Schema):
    """The days within reach, and the times of the day that was asked for."""

    days: list[DayOut]
    times: list[TimeOut]


class BookIn(Schema):
    """What is booked."""

    model_config = ConfigDict(extra="forbid")

    hall: str = Field(max_length=40)
    group: str = Field(max_length=40)
    starts_at: AwareDatetime
    service: str = Field(default="", max_length=60)


class MoveIn(Schema):
    """The other time."""

    model_config = ConfigDict(extra="forbid")

    starts_at: AwareDatetime


class AppointmentOut(Schema):
    """An appointment; ``affected`` says why the office has no room for it since, or is empty."""

    id: int
    hall: str
    group: str
    service: str
    starts_at: datetime
    ends_at: datetime
    place: int
    code: str
    state: str
    affected: str


PROBLEMS = {
    401: AppointmentProblem,
    404: AppointmentProblem,
    409: AppointmentProblem,
    422: AppointmentProblem,
}


@router.get("/appointments/halls", auth=None, response={200: list[HallOut], **PROBLEMS})
def halls(request: HttpRequest, place: str = "") -> list[HallOut]:
    """List the halls; with a place, those that serve it first, then by distance."""
    near = None
    if place:
        try:
            found = place_at(place[:5], timezone.localdate())
        except PlaceNotKnown:
            raise Refused(404, "no_such_place", "No such place today.", "Không có nơi này.") from None
        near = (
            found.path,
            float(found.latitude) if found.latitude is not None else None,
            float(found.longitude) if found.longitude is not None else None,
        )
    return [
        HallOut(
            code=each.code,
            name_vi=each.name,
            name_en=each.name_en,
            address=each.address,
            km=each.km,
            groups=[
                GroupOut(
                    code=group.code,
                    name_vi=group.label_vi,
                    name_en=group.label_en,
                    services=list(group.procedures),
                )
                for group in each.groups
            ],
        )
        for each in queries.halls(near=near)
    ]


@router.get("/appointments/times", auth=None, response={200: TimesOut, **PROBLEMS})
def times(request: HttpRequest, hall: str, group: str, day: date | None = None) -> TimesOut:
    """Tell the days with places, and the times of one of them."""
    now = datetime.now(UTC)
    try:
        found = queries.hall(hall).group(group)
    except HallNotKnown:
        found = None
    if found is None:
        raise _no_group()
    return TimesOut(
        days=[DayOut(day=each, left=left) for each, left in queries.days_with_room(found.id, now)],
        times=_times(found.id, day, now) if day else [],
    )


@router.get("/appointments", response={200: list[AppointmentOut], **PROBLEMS})
def appointments(request: HttpRequest) -> list[AppointmentOut]:
    """List the caller's appointments, those to come first."""
    _, person = applicant_behind(request)
    return [_out(each) for each in queries.bookings_of(person.id, datetime.now(UTC))]


@router.post("/appointments", response={200: AppointmentOut, 201: AppointmentOut, **PROBLEMS})
def make(request: HttpRequest, body: BookIn) -> Status[AppointmentOut]:
    """Book a time once: the same key with the same time answers 200 with the first booking.

    409 ``slot_full`` when the last place is gone, with other times of the day; 409 ``too_many_open`` when the
    person holds as many as the hall allows.
    """
    key = request.headers.get("Idempotency-Key", "")
    if not KEY.fullmatch(key):
        raise refusals.key_missing()
    _, person = applicant_behind(request)
    if body.service:
        try:
            procedure_in_force(body.service)
        except NoSuchProcedure:
            raise refusals.no_such_procedure(body.service) from None
    now = datetime.now(UTC)
    try:
        booked = book(
            hall_code=body.hall.replace("\0", ""),
            group_code=body.group.replace("\0", ""),
            starts_at=body.starts_at,
            person_id=person.id,
            key=key,
            procedure=body.service,
            now=now,
        )
    except ServiceGroup.DoesNotExist:
        raise _no_group() from None
    except KeyReused:
        raise Refused(
            422,
            "key_reused",
            "This Idempotency-Key was used for another time; take a new key.",
            "Idempotency-Key này đã dùng cho giờ khác; hãy dùng khóa mới.",
        ) from None
    except TooManyOpen as refusal:
        raise Refused(
            409,
            "too_many_open",
            f"The person holds {refusal.most} appointments in this group, the most there may be; move or cancel one.",
            f"Người này đang có {refusal.most} lịch hẹn cho nhóm việc, là nhiều nhất; hãy đổi hoặc hủy một lịch.",
        ) from None
    except (SlotFull, TimeNotOffered) as refusal:
        raise _not_sold(refusal, body.hall, body.group, body.starts_at, now) from None
    told = _out(queries.booking_of(person.id, booked.booking.pk))
    return Status(200 if booked.repeated else 201, told)


@router.get("/appointments/{int:booking}", response={200: AppointmentOut, **PROBLEMS})
def one(request: HttpRequest, booking: int) -> AppointmentOut:
    """Tell one appointment of the caller."""
    _, person = applicant_behind(request)
    return _out(_own(person.id, booking))


@router.post("/appointments/{int:booking}/move", response={200: AppointmentOut, **PROBLEMS})
def move(request: HttpRequest, booking: int, body: MoveIn) -> AppointmentOut:
    """Move to another time of the group; if that is full, 409 and the old time stays."""
    _, person = applicant_behind(request)
    found = _own(person.id, booking)
    now = datetime.now(UTC)
    try:
        move_booking(booking_id=booking, person_id=person.id, starts_at=body.starts_at, now=now)
    except (BookingNotOpen, Booking.DoesNotExist):
        raise _not_open() from None
    except (SlotFull, TimeNotOffered) as refusal:
        raise _not_sold(refusal, found.hall.code, found.group.code, body.starts_at, now) from None
    return _out(_own(person.id, booking))


@router.delete("/appointments/{int:booking}", response={200: AppointmentOut, **PROBLEMS})
def cancel(request: HttpRequest, booking: int) -> AppointmentOut:
    """Give the place back."""
    _, person = applicant_behind(request)
    _own(person.id, booking)
    try:
        cancel_booking(booking_id=booking, person_id=person.id, now=datetime.now(UTC))
    except BookingNotOpen:
        raise _not_open() from None
    return _out(_own(person.id, booking))


def _own(person_id: int, booking: int) -> BookingView:
    try:
        return queries.booking_of(person_id, booking)
    except BookingNotKnown:
        raise Refused(
            404, "no_such_appointment", "No such appointment of yours.", "Không có lịch hẹn này."
        ) from None


def _times(group_id: int, day: date, now: datetime) -> list[TimeOut]:
    return [
        TimeOut(starts_at=each.starts_at, ends_at=each.ends_at, capacity=each.capacity, left=each.left)
        for each in queries.times_with_room(group_id, day, now)
    ]


def _not_sold(refusal: Exception, hall: str, group: str, starts_at: datetime, now: datetime) -> Refused:
    """Return how a time that was not sold is told: full, or none that is offered."""
    if isinstance(refusal, TimeNotOffered):
        return Refused(
            422, "time_not_offered", "The group has no such time to book.", "Không có giờ hẹn này."
        )
    found = queries.hall(hall).group(group)
    day = timezone.localdate(starts_at)
    free = [each.starts_at.isoformat() for each in _times(found.id, day, now) if each.left] if found else []
    return Refused(
        409,
        "slot_full",
        "Every place of this time is taken; nothing was booked.",
        "Giờ này đã hết chỗ; chưa có gì được đặt.",
        free=free,
    )


def _not_open() -> Refused:
    return Refused(
        409,
        "not_open",
        "This appointment is cancelled, settled or over.",
        "Lịch hẹn này đã hủy, đã xong hoặc đã qua.",
    )


def _no_group() -> Refused:
    return Refused(
        404, "no_such_group", "No such hall or group.", "Không có nơi tiếp dân hoặc nhóm việc này."
    )


def _out(found: BookingView) -> AppointmentOut:
    return AppointmentOut(
        id=found.id,
        hall=found.hall.code,
        group=found.group.code,
        service=found.procedure,
        starts_at=found.starts_at,
        ends_at=found.ends_at,
        place=found.place,
        code=found.code,
        state=found.state.value,
        affected=found.displaced,
    )
