"""What a draft would look like: its form, its workflow drawn, its acts, letters with stand-ins, and examples."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from motcua.identity.states import Purpose
from motcua.procedures.content import Act, Content, Form, FormStep, Workflow
from motcua.web.studio.diagram import drawn
from motcua.web.studio.draft import draft_page, opened_draft
from motcua.web.ui.components import FieldView
from motcua.web.ui.officers import Officer, for_officers
from motcua.web.ui.questions import field_views
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
class StepShown:
    """A step of the form as citizens meet it; each question with the condition under which it is asked."""

    label: InTwoLanguages
    questions: tuple[tuple[FieldView, str], ...]


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
        "steps": tuple(_steps(content.form)),
        "diagram": drawn(content.workflow),
        "acts": tuple(_acts(content.workflow)),
        "letters": tuple(_letters(content)),
    }
    return render(request, "studio/preview.html", page)


def _steps(form: Form) -> Iterator[StepShown]:
    """Yield each step with every question that it may ask, before anything is answered."""
    today = timezone.localdate()
    conditions = {field.name: field.show_if or "" for field in form.fields}
    for step in form.steps:
        # Without their conditions: what an earlier step's answer calls for is looked at as well.
        fields = tuple(field.model_copy(update={"show_if": None}) for field in step.fields)
        whole = FormStep(name=step.name, label=step.label, fields=fields)
        views = field_views(form, whole, values={}, typed=None, errors=(), today=today)
        yield StepShown(step.label, tuple((view, conditions[view.name]) for view in views))


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
