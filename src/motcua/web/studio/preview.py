"""What a draft would look like: its workflow drawn, its acts, its letters with stand-ins, and its examples."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from motcua.identity.states import Purpose
from motcua.procedures.content import Act, Content, Workflow
from motcua.web.studio.diagram import drawn
from motcua.web.studio.draft import draft_page, opened_draft
from motcua.web.ui.officers import Officer, for_officers
from motcua.web.ui.words import Bilingual, InTwoLanguages, short_date

ACTORS = {
    "machine": Bilingual("hệ thống", "the system"),
    "directive": Bilingual("chỉ thị", "a directive"),
    "citizen": Bilingual("người dân", "the citizen"),
    "one_stop_officer": Bilingual("cán bộ một cửa", "a one-stop officer"),
    "specialist": Bilingual("chuyên viên", "a specialist"),
    "approver": Bilingual("lãnh đạo", "a leader"),
}


@dataclass(frozen=True, slots=True)
class ActLine:
    """One act under the number that the drawing gives it."""

    number: int
    label: InTwoLanguages
    source: tuple[InTwoLanguages, ...]
    target: InTwoLanguages
    by: tuple[InTwoLanguages, ...]
    condition: str
    letter: str


@dataclass(frozen=True, slots=True)
class LetterShown:
    """A letter as somebody would read it, with stand-ins for the names in it."""

    name: str
    title: InTwoLanguages
    body: InTwoLanguages


@require_safe
@for_officers(Purpose.DESIGN_SERVICES)
def preview(request: HttpRequest, officer: Officer, code: str) -> HttpResponse:
    """Show the open draft as people would meet it; without one, the service."""
    opened = opened_draft(code, officer)
    if opened is None:
        return redirect("studio:service", code)
    content = opened.pack.content
    page = {
        **draft_page(opened, officer),
        "diagram": drawn(content.workflow),
        "acts": tuple(_acts(content.workflow)),
        "letters": tuple(_letters(content)),
    }
    return render(request, "studio/preview.html", page)


def _acts(workflow: Workflow) -> Iterator[ActLine]:
    for number, act in enumerate(workflow.acts.values(), 1):
        yield ActLine(
            number=number,
            label=act.label,
            source=tuple(workflow.states[name].label for name in act.source),
            target=workflow.states[act.target].label,
            by=_actors(act),
            condition=act.when or "",
            letter=act.letter or "",
        )


def _actors(act: Act) -> tuple[InTwoLanguages, ...]:
    return tuple(ACTORS[actor] for actor in act.by)


def _letters(content: Content) -> Iterator[LetterShown]:
    """Yield each letter with stand-ins that nobody takes for a real person."""
    today = timezone.localdate()
    names: dict[str, object] = {
        "applicant": Bilingual("Nguyễn Thị Ví Dụ", "Nguyễn Thị Ví Dụ"),
        "number": "VD-261101-00001",
        "service": content.manifest.title,
        "agency": Bilingual("cơ quan giải quyết", "the agency"),
        "filed_on": _day(today),
        "decided_on": _day(today),
        "due_on": _day(today + timedelta(days=5)),
        "valid_from": _day(today),
        "valid_until": _day(today + timedelta(days=30)),
        "objection_until": _day(today + timedelta(days=content.manifest.objection_within_days)),
        "officer_reason": Bilingual("(lý do của cán bộ)", "(the officer's reason)"),
    }
    for name, letter in content.letters.items():
        body = Bilingual(letter.body.vi, letter.body.en).filled(**names)
        title = Bilingual(letter.title.vi, letter.title.en).filled(**names)
        yield LetterShown(name, title, body)


def _day(day: date) -> Bilingual:
    return Bilingual(short_date(day, "vi"), short_date(day, "en"))
