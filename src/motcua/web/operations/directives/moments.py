"""Days and hours as leaders type and read them, in the time of the city."""

import re
from datetime import datetime

from django.utils import timezone

from motcua.web.ui.words import Bilingual, time_in_words

_TYPED = re.compile(
    r"(?P<day>[0-9]{1,2})[/.-](?P<month>[0-9]{1,2})[/.-](?P<year>[0-9]{4})"
    r"[ ,T]+(?P<hour>[0-9]{1,2})[:h](?P<minute>[0-9]{2})(:(?P<second>[0-9]{2}))?"
)
NO_MOMENT = Bilingual(
    "Ghi ngày và giờ có thật, như 28/9/2026 06:00.", "Write a real day and time, such as 28/9/2026 06:00."
)


class NotAMoment(ValueError):
    """What was typed is no day and time that there is."""


def read_moment(typed: str) -> datetime:
    """Return the moment typed as ``28/9/2026 06:00``; raises ``NotAMoment``."""
    found = _TYPED.fullmatch(" ".join(typed.split())[:40])
    if found is None:
        raise NotAMoment(typed)
    parts = {name: int(value) for name, value in found.groupdict(default="0").items()}
    try:
        return timezone.make_aware(datetime(**parts))  # type: ignore[arg-type]  # the names of the groups  # noqa: DTZ001 - made aware here
    except ValueError:
        raise NotAMoment(typed) from None


def typed_moment(moment: datetime | None) -> str:
    """Return the moment as one would type it; nothing for none."""
    if moment is None:
        return ""
    local = timezone.localtime(moment)
    return f"{local.day}/{local.month}/{local.year} {local:%H:%M:%S}".removesuffix(":00")


def in_both(moment: datetime) -> Bilingual:
    """Return the moment in words, in both languages."""
    return Bilingual(time_in_words(moment, "vi"), time_in_words(moment, "en"))
