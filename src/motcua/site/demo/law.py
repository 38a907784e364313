"""The first law of the demo: Directive 05 with the colors that the simulated city has, since the day it begins."""

import csv
from datetime import date, datetime
from pathlib import Path

from django.utils import timezone

from motcua.directives.content import Stated, read_directive
from motcua.directives.models import Directive
from motcua.directives.services import install
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
