"""The rules of a service as they stood on a day: for the public, and for whoever audits a decision."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from motcua.procedures.queries import RevisionLine, in_force_at, revision, revisions_of
from motcua.web.portal.catalogue import HOME, SERVICES
from motcua.web.ui.components import Crumb, FieldError, FieldView
from motcua.web.ui.rule_tables import rule_tables
from motcua.web.ui.words import Bilingual

LABEL = Bilingual("Xem quy tắc của ngày", "Show the rules of the day")
HINT = Bilingual("Ví dụ 3 9 2021.", "For example 3 9 2021.")
NO_DAY = Bilingual("Nhập một ngày có thật, ví dụ 3 9 2021.", "Enter a real day, such as 3 9 2021.")
PARTS = ("day", "month", "year")


@dataclass(frozen=True, slots=True)
class Asked:
    """The day asked for, as typed and, if it is one, as a day; a number names a revision itself."""

    on: date | None
    number: int | None
    typed: tuple[str, str, str]
    wrong: bool


@require_safe
def rules_page(request: HttpRequest, code: str) -> HttpResponse:
    """Show the tables by which the service is decided: now, on a day, or in one revision."""
    lines = revisions_of(code)
    if not lines:
        raise Http404(code)
    now = timezone.now()
    asked = _asked(request)
    line = _line(lines, asked, now)
    # A service that was withdrawn still has a name: that of its last state.
    shown = revision((line or lines[-1]).id)
    title = shown.content.manifest.title
    at = lines.index(line) if line else -1
    page = {
        "code": code,
        "title": title,
        "line": line,
        "in_force": line is not None and line.withdrawn_at is None,
        "asked": asked,
        "first": lines[0],
        "before_first": asked.on is not None and asked.on < timezone.localdate(lines[0].installed_at),
        "tables": rule_tables(shown.content, shown.model) if line else (),
        "law": shown.content.manifest.legal_basis if line else (),
        "caution": shown.content.manifest.caution,
        "before": lines[at - 1] if at > 0 else None,
        "after": lines[at + 1] if 0 <= at < len(lines) - 1 else None,
        "field": _field(asked),
        "errors": (FieldError("on", NO_DAY),) if asked.wrong else (),
        "section": "services",
        "crumbs": [HOME, SERVICES, *([Crumb(title, f"/services/{code}/")] if _stands(lines) else [])],
    }
    return render(request, "portal/rules.html", page, status=400 if asked.wrong else 200)


def _stands(lines: list[RevisionLine]) -> bool:
    return lines[-1].withdrawn_at is None


def _line(lines: list[RevisionLine], asked: Asked, now: datetime) -> RevisionLine | None:
    if asked.number is not None:
        found = next((line for line in lines if line.number == asked.number), None)
        if found is None:
            raise Http404(str(asked.number))
        return found
    if asked.on is None:
        # Without a day, and beside a day that is none, the page shows what holds now.
        return in_force_at(lines, now + timedelta(microseconds=1))
    end = timezone.make_aware(datetime.combine(asked.on + timedelta(days=1), time()))
    return in_force_at(lines, min(end, now + timedelta(microseconds=1)))


def _asked(request: HttpRequest) -> Asked:
    """Read ``?on=2026-11-01``, the three boxes of the form, or ``?revision=2``."""
    number = request.GET.get("revision", "")
    typed = tuple(request.GET.get(f"on-{part}", "").strip()[:10] for part in PARTS)
    text = request.GET.get("on", "").strip()[:10]
    if number.isascii() and number.isdigit() and len(number) < 7:
        return Asked(None, int(number), ("", "", ""), wrong=False)
    if any(typed):
        text = "-".join((typed[2].zfill(4), typed[1].zfill(2), typed[0].zfill(2)))
    if not text:
        return Asked(None, None, ("", "", ""), wrong=False)
    boxes = (typed[0], typed[1], typed[2])
    try:
        day = date.fromisoformat(text)
        # The end of the last day that there is has no next day.
        day + timedelta(days=1)
    except (ValueError, OverflowError):
        return Asked(None, None, boxes if any(boxes) else ("", "", ""), wrong=True)
    return Asked(day, None, (str(day.day), str(day.month), str(day.year)), wrong=False)


def _field(asked: Asked) -> FieldView:
    return FieldView(
        name="on",
        label=LABEL,
        widget="date",
        hint=HINT,
        error=NO_DAY if asked.wrong else "",
        parts=asked.typed,
    )
