"""What reminds a person of an appointment: a text to send or copy, and a file for the calendar of a phone."""

from datetime import UTC, datetime

from motcua.appointments.queries import BookingView
from motcua.web.ui.appointment_words import group_words, hall_words, time_words
from motcua.web.ui.words import Bilingual

TEXT = Bilingual(
    "Nhắc hẹn: {when}, tại {hall}, {address}. Việc: {group}. Mã hẹn {code}: nhập mã này ở máy lấy số khi đến. "
    "Nếu không đến được, hãy đổi hoặc hủy hẹn để nhường chỗ.",
    "Reminder: {when}, at {hall}, {address}. For: {group}. Code {code}: enter it at the ticket machine when you come. "
    "If you cannot come, move or cancel it so that somebody else can.",
)
SUMMARY = Bilingual("Hẹn tại {hall}: {group}", "Appointment at {hall}: {group}")
LONGEST_LINE = 73


def reminder(booking: BookingView) -> Bilingual:
    """Return the text of the reminder, short enough for a message."""
    return TEXT.filled(
        when=time_words(booking.starts_at, booking.ends_at),
        hall=hall_words(booking.hall),
        address=booking.hall.address,
        group=group_words(booking.group),
        code=booking.code,
    )


def calendar_file(booking: BookingView, language: str, *, host: str, now: datetime) -> str:
    """Return the appointment as iCalendar (RFC 5545) with an alarm a day and an hour before."""
    text = reminder(booking).in_language(language)
    summary = SUMMARY.filled(hall=hall_words(booking.hall), group=group_words(booking.group))
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Motcua//Appointments//VI",
        "METHOD:PUBLISH",
        "BEGIN:VEVENT",
        # The same appointment after a move replaces the one before: same name, later stamp.
        f"UID:booking-{booking.id}@{host}",
        f"SEQUENCE:{int(now.timestamp()) // 60}",
        f"DTSTAMP:{_moment(now)}",
        f"DTSTART:{_moment(booking.starts_at)}",
        f"DTEND:{_moment(booking.ends_at)}",
        f"SUMMARY:{_escaped(summary.in_language(language))}",
        f"LOCATION:{_escaped(booking.hall.address)}",
        f"DESCRIPTION:{_escaped(text)}",
    ]
    for before in ("-P1D", "-PT1H"):
        lines += [
            "BEGIN:VALARM",
            "ACTION:DISPLAY",
            f"TRIGGER:{before}",
            f"DESCRIPTION:{_escaped(text)}",
            "END:VALARM",
        ]
    lines += ["END:VEVENT", "END:VCALENDAR"]
    return "".join(f"{part}\r\n" for line in lines for part in _folded(line))


def _moment(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _escaped(text: str) -> str:
    for plain, written in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\n", "\\n")):
        text = text.replace(plain, written)
    return text


def _folded(line: str) -> list[str]:
    """Break a line where it would have more than 75 bytes, never inside a letter."""
    parts, part = [], ""
    for letter in line:
        if len((part + letter).encode()) > LONGEST_LINE:
            parts.append(part)
            part = " "
        part += letter
    return [*parts, part]
