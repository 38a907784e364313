"""Acts on halls, bookings and tickets."""

from motcua.appointments.services.arriving import (
    BookingNotHere,
    TooEarlyToMiss,
    check_in,
    mark_missed,
    mark_told,
)
from motcua.appointments.services.booking import (
    BookingNotOpen,
    KeyReused,
    SlotFull,
    TimeNotOffered,
    TooManyOpen,
    book,
    cancel_booking,
    move_booking,
)
from motcua.appointments.services.calling import (
    CounterBusy,
    NobodyWaits,
    NotAtCounter,
    call_next,
    end_serving,
    hand_over,
    recall,
)
from motcua.appointments.services.planning import (
    lift_hours,
    new_kiosk_key,
    open_hall,
    set_counter,
    set_hours,
    set_plan,
)
from motcua.appointments.services.ticketing import (
    HallClosed,
    NoTicketsLeft,
    TicketNotWaiting,
    leave_line,
    take_ticket,
)

__all__ = [
    "BookingNotHere",
    "BookingNotOpen",
    "CounterBusy",
    "HallClosed",
    "KeyReused",
    "NoTicketsLeft",
    "NobodyWaits",
    "NotAtCounter",
    "SlotFull",
    "TicketNotWaiting",
    "TimeNotOffered",
    "TooEarlyToMiss",
    "TooManyOpen",
    "book",
    "call_next",
    "cancel_booking",
    "check_in",
    "end_serving",
    "hand_over",
    "leave_line",
    "lift_hours",
    "mark_missed",
    "mark_told",
    "move_booking",
    "new_kiosk_key",
    "open_hall",
    "recall",
    "set_counter",
    "set_hours",
    "set_plan",
    "take_ticket",
]
