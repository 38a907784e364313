"""The law of the demo: Directive 05 with the colors that the simulated city has, and 08 as a draft to be tried."""

import csv
from datetime import date, datetime
from pathlib import Path

from django.utils import timezone

from motcua.agencies.queries import places_now
from motcua.directives.content import Stated, read_directive
from motcua.directives.law import law_at
from motcua.directives.models import Directive
from motcua.directives.services import install, prepare
from motcua.directives.writing import with_beginning, with_parameters

# The directives that come with the source; an installation writes its own.
DIRECTIVES = Path(__file__).resolve().parents[4] / "directives"
FIRST, NEXT = DIRECTIVES / "05.yaml", DIRECTIVES / "08.yaml"
COLOR = "zones.color"


def install_first_law(zones: Path, *, since: datetime, now: datetime) -> None:
    """Install Directive 05 with the colors of the file unless some law is there already; needs the owner role."""
    if not Directive.objects.filter(begun_at__isnull=False).exists():
        install(
            text=first_law(zones, on=timezone.localtime(now).date(), since=since), now=now, name=FIRST.name
        )


def draft_next_law(*, author: int, now: datetime) -> int | None:
    """Keep Directive 08 as a draft to be tried, to begin now, and return its id.

    None if it was ever written, or if the law that it replaces is not in force: what a leader did stays as it is.
    """
    content = read_directive(NEXT.read_text(encoding="utf-8"), NEXT.name)
    standing = {each.number for each in law_at(now).directives()}
    written = Directive.objects.filter(number=content.number).exists()
    if written or not standing.issuperset(content.replaces):
        return None
    begins = now.replace(second=0, microsecond=0)
    return prepare(text=with_beginning(content, begins), account_id=author, now=now, name=NEXT.name)


def places_with_color(now: datetime) -> int:
    """Return for how many places the law in force sets a color; a few queries once a law."""
    codes = [place.code for place in places_now(timezone.localtime(now).date())]
    return sum(found is not None for found in law_at(now).column(COLOR, codes).values())


def first_law(zones: Path, *, on: date, since: datetime) -> str:
    """Return Directive 05 with the colors that the file of zones has on the day, to begin at the moment.

    A place with two colors at once or with none is left out, so that its color is not known.
    """
    found: dict[str, set[str]] = {}
    with zones.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["valid_from"] <= on.isoformat() <= (row["valid_to"] or "9999-12-31"):
                found.setdefault(row["place"], set()).add(row["color"])
    colors = {place: next(iter(several)) for place, several in sorted(found.items()) if len(several) == 1}
    text = with_beginning(read_directive(FIRST.read_text(encoding="utf-8"), FIRST.name), since)
    content = read_directive(text, FIRST.name)
    return with_parameters(content, {**content.parameters, COLOR: Stated(places=colors)})
