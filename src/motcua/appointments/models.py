"""Tables of halls: what they offer and when, bookings, counters, tickets and visits to a counter."""

from datetime import datetime
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from motcua.agencies.fields import LtreeField
from motcua.appointments.states import (
    BookingState,
    Displaced,
    HoursKind,
    Priority,
    ServingEnd,
    TicketState,
)
from motcua.identity.models import Account, Person


class Hall(models.Model):
    """The room in which an agency receives people; ``code`` is the agency's.

    ``kiosk_key`` lets a machine in the hall give out numbers; a new key shuts every machine out.
    """

    code = models.CharField(max_length=40, unique=True)
    agency_path = LtreeField()
    place_path = LtreeField()
    name = models.CharField(max_length=160)
    name_en = models.CharField(max_length=160)
    address = models.CharField(max_length=200)
    latitude = models.DecimalField(max_digits=9, decimal_places=6, null=True)
    longitude = models.DecimalField(max_digits=9, decimal_places=6, null=True)
    most_open = models.PositiveSmallIntegerField()
    days_ahead = models.PositiveSmallIntegerField()
    tickets_per_day = models.PositiveIntegerField(null=True)
    kiosk_key = models.CharField(max_length=40)

    class Meta:
        """What a hall must have."""

        constraints = (
            models.CheckConstraint(condition=Q(most_open__gt=0), name="hall_lets_a_person_book"),
            models.CheckConstraint(condition=Q(days_ahead__range=(1, 180)), name="hall_days_ahead"),
        )

    def __str__(self) -> str:
        return self.name


class ServiceGroup(models.Model):
    """Services that a hall receives people for at the same counters; ``procedures`` are codes."""

    hall = models.ForeignKey(Hall, on_delete=models.PROTECT, related_name="groups")
    code = models.CharField(max_length=40)
    label_vi = models.CharField(max_length=120)
    label_en = models.CharField(max_length=120)
    procedures = ArrayField(models.CharField(max_length=60), default=list)
    position = models.PositiveSmallIntegerField()

    class Meta:
        """A code once a hall."""

        constraints = (models.UniqueConstraint(fields=("hall", "code"), name="service_group_once"),)

    def __str__(self) -> str:
        return self.label_vi


class GroupPlan(models.Model):
    """How many people of a group fit into one time, from a day on; of several the one set last holds."""

    group = models.ForeignKey(ServiceGroup, on_delete=models.PROTECT, related_name="plans")
    first_day = models.DateField()
    last_day = models.DateField(null=True)
    slot_minutes = models.PositiveSmallIntegerField()
    capacity = models.PositiveSmallIntegerField()
    set_at = models.DateTimeField()
    set_by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        """Times that a person can keep."""

        constraints = (
            models.CheckConstraint(condition=Q(slot_minutes__range=(5, 240)), name="plan_slot_minutes"),
            models.CheckConstraint(
                condition=Q(last_day__isnull=True) | Q(last_day__gte=F("first_day")),
                name="plan_days_in_order",
            ),
        )

    def __str__(self) -> str:
        return f"{self.group_id}: {self.capacity}/{self.slot_minutes}"


class HallHours(models.Model):
    """Hours at which a hall is closed or open otherwise than the calendar says, on each day from first to last."""

    hall = models.ForeignKey(Hall, on_delete=models.PROTECT, related_name="hours")
    kind = models.CharField(max_length=10, choices=HoursKind)
    first_day = models.DateField()
    last_day = models.DateField()
    opens = models.TimeField()
    closes = models.TimeField()
    reason = models.CharField(max_length=200)
    set_at = models.DateTimeField()
    set_by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")
    lifted_at = models.DateTimeField(null=True)

    class Meta:
        """Days and hours in order."""

        constraints = (
            models.CheckConstraint(
                condition=Q(last_day__gte=F("first_day")), name="hall_hours_days_in_order"
            ),
            models.CheckConstraint(condition=Q(closes__gt=F("opens")), name="hall_hours_in_order"),
        )

    def __str__(self) -> str:
        return f"{self.hall_id}: {self.kind} {self.first_day}"


class Slot(models.Model):
    """A time of a group that somebody booked once; ``taken`` counts the bookings that stand.

    It is raised by one statement that compares it with the capacity, so that no place is sold twice.
    """

    group = models.ForeignKey(ServiceGroup, on_delete=models.PROTECT, related_name="slots")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    taken = models.PositiveSmallIntegerField()

    class Meta:
        """A time once a group."""

        constraints = (
            models.UniqueConstraint(fields=("group", "starts_at"), name="slot_once"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="slot_has_length"),
        )

    def __str__(self) -> str:
        return f"{self.group_id} {self.starts_at:%Y-%m-%d %H:%M}"


class BookingQuerySet(models.QuerySet["Booking"]):
    """Bookings by what became of them."""

    def open(self, now: datetime) -> Self:
        """Keep those still to come."""
        return self.filter(state=BookingState.BOOKED, slot__ends_at__gt=now)


class Booking(models.Model):
    """A person's place in a time. ``code`` is what they say or type in the hall.

    ``displaced`` says that the office changed its plan since; the booking stands until the person moves it.
    """

    hall = models.ForeignKey(Hall, on_delete=models.PROTECT, related_name="+")
    group = models.ForeignKey(ServiceGroup, on_delete=models.PROTECT, related_name="+")
    slot = models.ForeignKey(Slot, on_delete=models.PROTECT, related_name="bookings")
    place = models.PositiveSmallIntegerField()
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=200)
    code = models.CharField(max_length=6)
    day = models.DateField()
    procedure = models.CharField(max_length=60, blank=True)
    case_number = models.CharField(max_length=40, blank=True)
    booked_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=BookingState, default=BookingState.BOOKED)
    settled_at = models.DateTimeField(null=True)
    displaced = models.CharField(max_length=10, choices=Displaced, blank=True)
    displaced_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True)

    objects = BookingQuerySet.as_manager()

    class Meta:
        """A place is sold once; a key and a code name one booking."""

        constraints = (
            models.UniqueConstraint(
                fields=("slot", "place"),
                condition=~Q(state="cancelled"),
                name="place_sold_once",
            ),
            models.CheckConstraint(condition=Q(place__gt=0), name="places_begin_with_one"),
            models.UniqueConstraint(fields=("person", "key"), name="booking_once"),
            models.UniqueConstraint(fields=("hall", "day", "code"), name="booking_code_once_a_day"),
            models.CheckConstraint(
                condition=Q(displaced="", displaced_at__isnull=True)
                | (~Q(displaced="") & Q(displaced_at__isnull=False)),
                name="displaced_since_a_moment",
            ),
        )
        indexes = (models.Index(fields=("day",), name="booking_by_day"),)

    def __str__(self) -> str:
        return f"booking:{self.pk}"


class Counter(models.Model):
    """A window of a hall, and the codes of the groups that it receives; closed ones call nobody."""

    hall = models.ForeignKey(Hall, on_delete=models.PROTECT, related_name="counters")
    number = models.PositiveSmallIntegerField()
    groups = ArrayField(models.CharField(max_length=40), default=list)

    class Meta:
        """A number once a hall."""

        constraints = (models.UniqueConstraint(fields=("hall", "number"), name="counter_once"),)

    def __str__(self) -> str:
        return f"{self.hall_id}: {self.number}"


class TicketSeries(models.Model):
    """The last number that a hall gave on a day; its row is the lock of the line of that day."""

    hall = models.ForeignKey(Hall, on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    last_number = models.PositiveIntegerField()

    class Meta:
        """One row a day."""

        constraints = (models.UniqueConstraint(fields=("hall", "day"), name="ticket_series_once"),)

    def __str__(self) -> str:
        return f"{self.hall_id} {self.day}: {self.last_number}"


class Ticket(models.Model):
    """A number in the line of a hall. It names nobody; ``secret`` leads its holder to its page."""

    hall = models.ForeignKey(Hall, on_delete=models.PROTECT, related_name="+")
    group = models.ForeignKey(ServiceGroup, on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    number = models.PositiveIntegerField()
    secret = models.CharField(max_length=24, unique=True)
    priority = models.CharField(max_length=12, choices=Priority, default=Priority.NONE)
    booking = models.OneToOneField(Booking, on_delete=models.SET_NULL, null=True, related_name="ticket")
    taken_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=TicketState, default=TicketState.WAITING)
    for_counter = models.ForeignKey(Counter, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        """A number once a day."""

        constraints = (
            models.UniqueConstraint(fields=("hall", "day", "number"), name="ticket_number_once"),
            models.CheckConstraint(condition=Q(number__gt=0), name="ticket_numbers_begin_with_one"),
        )

    def __str__(self) -> str:
        return f"{self.hall_id} {self.day} {self.number}"


class Serving(models.Model):
    """One visit of a ticket to a counter, from the first call; ``ahead`` if it was called before its number."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="servings")
    counter = models.ForeignKey(Counter, on_delete=models.PROTECT, related_name="servings")
    called_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    called_at = models.DateTimeField()
    waited_from = models.DateTimeField()
    last_called_at = models.DateTimeField()
    calls = models.PositiveSmallIntegerField(default=1)
    ahead = models.BooleanField()
    ended_at = models.DateTimeField(null=True)
    end = models.CharField(max_length=12, choices=ServingEnd, blank=True)

    class Meta:
        """One person at a counter, one counter for a person."""

        constraints = (
            models.UniqueConstraint(
                fields=("ticket",), condition=Q(ended_at__isnull=True), name="ticket_at_one_counter"
            ),
            models.UniqueConstraint(
                fields=("counter",), condition=Q(ended_at__isnull=True), name="counter_serves_one"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, end="") | (Q(ended_at__isnull=False) & ~Q(end="")),
                name="serving_ended_somehow",
            ),
        )
        indexes = (models.Index(fields=("called_at",), name="serving_by_call"),)

    def __str__(self) -> str:
        return f"{self.ticket_id} at {self.counter_id}"
