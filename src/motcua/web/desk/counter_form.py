"""The form at the counter: the same questions as online on one page, what is known already, the check, the filing."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from motcua.cases.counter.drafts import (
    CounterDraftView,
    DraftNotYours,
    draft_of_officer,
    drop_draft,
    file_draft,
    save_values,
)
from motcua.cases.intake import IntakeFull
from motcua.cases.models import Case
from motcua.cases.queries import number_filed_under
from motcua.cases.services import CaseMovedOn, KeyReused, NothingLeft, SubmissionInFlight, act_on_case
from motcua.cases.states import ActNotOpen
from motcua.identity.states import Purpose, Role
from motcua.procedures.content import Bilingual as Words
from motcua.procedures.content import Form, FormField, FormStep, Workflow
from motcua.procedures.forms import FormRefused, is_shown
from motcua.procedures.queries import NoSuchProcedure
from motcua.vault.queries import papers_of
from motcua.web.ui.asked_papers import Offer, answered, offers
from motcua.web.ui.components import FieldError, FieldView
from motcua.web.ui.errors import unavailable
from motcua.web.ui.known import known_facts
from motcua.web.ui.officers import Officer, for_officers
from motcua.web.ui.questions import Answers, answer_rows, field_views, first_incomplete, read_step


@dataclass(frozen=True, slots=True)
class Question:
    """A question's place on the page: drawn, or empty until an answer calls for it; ``depends`` says it may change."""

    name: str
    depends: bool
    view: FieldView | None


WHOLE = Words(vi="Tờ khai", en="The form")


@require_http_methods(["GET", "HEAD", "POST"])
@for_officers(Purpose.RECEIVE_CASES)
def draft(request: HttpRequest, officer: Officer, draft_id: uuid.UUID) -> HttpResponse:
    """Show the whole form with what is known of the person, or keep what was answered and go on to the check."""
    found = _own(officer, draft_id)
    if isinstance(found, HttpResponse):
        return found
    today = timezone.localdate(officer.now)
    whole = whole_form(found.procedure.content.form)
    offered = offers(found.procedure, whole.fields, found.person, now=officer.now, today=today)
    if request.method != "POST":
        return _form_page(request, officer, found, None, offered=offered)
    taken: list[uuid.UUID] = []
    sent, wrong_files = answered(
        request,
        found.procedure,
        offered,
        found.person,
        now=officer.now,
        actor=f"account:{officer.account_id}",
        taken=taken,
    )
    answers = read_step(found.procedure.content.form, whole, sent, {}).with_errors(wrong_files)
    # What stands is kept beside what does not: the person need not say it twice.
    save_values(
        draft_id=draft_id,
        account_id=officer.account_id,
        values=answers.cleaned,
        taken=taken,
        now=officer.now,
    )
    if answers.errors:
        offered = offers(found.procedure, whole.fields, found.person, now=officer.now, today=today)
        return _form_page(request, officer, found, answers, offered=offered)
    return redirect("desk:counter_check", draft_id)


@require_POST
@for_officers(Purpose.RECEIVE_CASES)
def keep(request: HttpRequest, officer: Officer, draft_id: uuid.UUID) -> HttpResponse:
    """Keep what has been typed so far, and give the questions that it calls for or makes needless; the page sends it.

    Without a script the same happens when the form is saved.
    """
    try:
        found = draft_of_officer(draft_id, officer.account_id)
    except (DraftNotYours, NoSuchProcedure):
        raise Http404(str(draft_id)) from None
    form = found.procedure.content.form
    papers = {field.name for field in form.fields if field.paper is not None}
    sent = {name: value for name, value in request.POST.items() if isinstance(value, str)}
    answers = read_step(form, whole_form(form), sent, {})
    typed = {name: value for name, value in answers.cleaned.items() if name not in papers}
    kept = {name: value for name, value in found.values.items() if name in papers}
    values = {**typed, **kept}
    save_values(draft_id=draft_id, account_id=officer.account_id, values=values, taken=(), now=officer.now)
    drawn = set(request.POST.getlist("drawn"))
    changed = tuple(
        field
        for field in form.fields
        if field.show_if is not None and is_shown(field, values, form) != (field.name in drawn)
    )
    if not changed:
        return HttpResponse(status=204)
    today = timezone.localdate(officer.now)
    offered = offers(found.procedure, changed, found.person, now=officer.now, today=today)
    page = {"questions": questions(form, changed, values, None, (), today=today, offered=offered)}
    return render(request, "desk/counter_questions.html", page)


@require_http_methods(["GET", "HEAD", "POST"])
@for_officers(Purpose.RECEIVE_CASES)
def check(request: HttpRequest, officer: Officer, draft_id: uuid.UUID) -> HttpResponse:
    """Show every answer for the person to hear or read, or file it."""
    found = _own(officer, draft_id)
    if isinstance(found, HttpResponse):
        return found
    if request.method == "POST":
        return _file(request, officer, found)
    if first_incomplete(found.procedure.content.form, found.values) is not None:
        return redirect("desk:counter_draft", draft_id)
    return _check_page(request, officer, found, {})


@require_POST
@for_officers(Purpose.RECEIVE_CASES)
def discard(request: HttpRequest, officer: Officer, draft_id: uuid.UUID) -> HttpResponse:
    """Drop the draft with the papers that were taken for it."""
    try:
        drop_draft(draft_id=draft_id, account_id=officer.account_id, now=officer.now)
    except DraftNotYours:
        raise Http404(str(draft_id)) from None
    return redirect("desk:counter")


def whole_form(form: Form) -> FormStep:
    """Return all questions as one step: at the counter the form is one page."""
    fields = tuple(field for step in form.steps for field in step.fields)
    return FormStep(name="whole", label=WHOLE, fields=fields)


def questions(
    form: Form,
    fields: Sequence[FormField],
    values: Mapping[str, object],
    typed: Mapping[str, str] | None,
    errors: Sequence[FieldError],
    *,
    today: date,
    offered: Mapping[str, Offer],
) -> list[Question]:
    """Return these questions of the form; one that the answers do not call for is an empty place for it."""
    shown = tuple(field for field in fields if is_shown(field, values, form))
    views = field_views(
        form,
        FormStep(name="shown", label=WHOLE, fields=shown),
        values=values,
        typed=typed,
        errors=errors,
        today=today,
        offered=offered,
    )
    drawn = {view.name: view for view in views}
    return [Question(field.name, field.show_if is not None, drawn.get(field.name)) for field in fields]


def acts_to_accept(workflow: Workflow) -> list[str]:
    """Return the acts by which a one-stop officer accepts a request without saying more, in the order of the pack.

    Which of them is open its condition says, once the case is there.
    """
    start = workflow.start
    if workflow.states[start].clock != "receiving":
        return []
    return [
        name
        for name, act in workflow.acts.items()
        if start in act.source
        and Role.ONE_STOP_OFFICER.value in act.by
        and workflow.states[act.target].clock in ("runs", "payment")
        and not (act.needs_reason or act.findings or act.effect)
    ]


def _own(officer: Officer, draft_id: uuid.UUID) -> CounterDraftView | HttpResponse:
    """Return the officer's draft, or where what became of it is shown."""
    try:
        return draft_of_officer(draft_id, officer.account_id)
    except (DraftNotYours, NoSuchProcedure):
        number = number_filed_under(officer.account_id, str(draft_id))
        if number is not None:
            # The first of two clicks has filed it.
            return redirect("desk:counter_filed", number)
        raise Http404(str(draft_id)) from None


def _file(request: HttpRequest, officer: Officer, found: CounterDraftView) -> HttpResponse:
    today = timezone.localdate(officer.now)
    try:
        filed = file_draft(draft_id=found.id, account_id=officer.account_id, now=officer.now, today=today)
    except IntakeFull as refusal:
        return unavailable(request, retry_after_seconds=refusal.retry_after_seconds)
    except FormRefused as refusal:
        return _check_page(request, officer, found, refusal.errors, status=422)
    except NothingLeft as refusal:
        return _check_page(request, officer, found, {"": refusal.told}, status=409)
    except (SubmissionInFlight, KeyReused):
        return redirect("desk:counter_draft", found.id)
    address = reverse("desk:counter_filed", args=(filed.number,))
    if request.POST.get("then") != "accept":
        return redirect(address)
    for act in acts_to_accept(found.procedure.content.workflow):
        try:
            act_on_case(
                number=filed.number,
                act=act,
                rights=officer.rights,
                reason="",
                seen_state=found.procedure.content.workflow.start,
                now=timezone.now(),
            )
        except Case.DoesNotExist:
            # Received here for an office whose cases this counter does not handle: that office accepts.
            return redirect(f"{address}?accepted=elsewhere")
        except ActNotOpen:
            continue
        except CaseMovedOn:
            break
        break
    return redirect(address)


def _frame(officer: Officer, found: CounterDraftView) -> dict[str, object]:
    return {
        "officer": officer,
        "section": "counter",
        "draft": found,
        "title": found.procedure.content.manifest.title,
    }


def _form_page(
    request: HttpRequest,
    officer: Officer,
    found: CounterDraftView,
    answers: Answers | None,
    *,
    offered: Mapping[str, Offer],
) -> HttpResponse:
    today = timezone.localdate(officer.now)
    errors = answers.errors if answers else ()
    form = found.procedure.content.form
    values = found.values if answers is None else answers.cleaned
    typed = answers.typed if answers else None
    page = {
        **_frame(officer, found),
        "known": known_facts(found.procedure, found.person, now=officer.now, today=today),
        "papers": papers_of(found.person.id),
        "groups": [
            (step, questions(form, step.fields, values, typed, errors, today=today, offered=offered))
            for step in form.steps
        ],
        "errors": errors,
        "with_files": bool(offered),
    }
    return render(request, "desk/counter_form.html", page, status=422 if errors else 200)


def _check_page(
    request: HttpRequest,
    officer: Officer,
    found: CounterDraftView,
    refused: Mapping[str, Words],
    status: int = 200,
) -> HttpResponse:
    today: date = timezone.localdate(officer.now)
    content = found.procedure.content
    address = reverse("desk:counter_draft", args=(found.id,))
    names = {field.name for field in content.form.fields}
    page = {
        **_frame(officer, found),
        "problems": [
            (message, f"{address}#field-{name}" if name in names else "") for name, message in refused.items()
        ],
        "groups": answer_rows(
            content.form,
            found.values,
            today=today,
            address_of_step={step.name: address for step in content.form.steps},
        ),
        "accepts": bool(acts_to_accept(content.workflow)),
        "manifest": content.manifest,
        "back": address,
    }
    return render(request, "desk/counter_check.html", page, status=status)
