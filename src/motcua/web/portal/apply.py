"""Filing a request: what is known, the questions in steps, the check, the submission once and only once."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from motcua.cases import intake
from motcua.cases.intake import IntakeFull
from motcua.cases.queries import draft_of, number_filed_under
from motcua.cases.services import (
    KeyReused,
    NothingLeft,
    Requested,
    SubmissionInFlight,
    discard_draft,
    save_draft,
)
from motcua.cases.states import Channel
from motcua.procedures.content import Bilingual, Form, FormStep
from motcua.procedures.forms import FormRefused
from motcua.procedures.queries import NoSuchProcedure, ProcedureView, procedure_in_force
from motcua.web.portal.access import Citizen, for_citizens
from motcua.web.ui.asked_papers import Offer, answered, offers
from motcua.web.ui.components import Step
from motcua.web.ui.errors import unavailable
from motcua.web.ui.known import known_facts
from motcua.web.ui.questions import (
    Answers,
    answer_rows,
    field_views,
    first_incomplete,
    next_step,
    read_step,
)

CHECK = Bilingual(vi="Kiểm tra và nộp", en="Check and file")


@dataclass(frozen=True, slots=True)
class Filling:
    """A form being filled in: its procedure, the answers so far, the key it will be filed under."""

    procedure: ProcedureView
    values: dict[str, object]
    key: uuid.UUID | None
    saved_at: datetime | None

    @property
    def form(self) -> Form:
        """Return the questions."""
        return self.procedure.content.form

    @property
    def title(self) -> object:
        """Return the name of the service."""
        return self.procedure.content.manifest.title

    def address_of(self, step: FormStep) -> str:
        """Return the address of a step."""
        return reverse("portal:step", args=[self.procedure.code, step.name])


@require_GET
@for_citizens
def start(request: HttpRequest, citizen: Citizen, code: str) -> HttpResponse:
    """Show what the registers already know, before anything is asked."""
    filling = _filling(citizen, code)
    now, today = _now()
    page = {
        **_frame(filling),
        "person": citizen.person,
        "known": known_facts(filling.procedure, citizen.person, now=now, today=today),
        "first": filling.address_of(filling.form.steps[0]),
    }
    return render(request, "portal/start.html", page)


@require_http_methods(["GET", "HEAD", "POST"])
@for_citizens
def step(request: HttpRequest, citizen: Citizen, code: str, name: str) -> HttpResponse:
    """Show one step, or keep what was answered and go on; mistakes stay on the page with what was typed."""
    filling = _filling(citizen, code)
    here = next((each for each in filling.form.steps if each.name == name), None)
    if here is None:
        raise Http404(name)
    now, today = _now()
    offered = offers(filling.procedure, here.fields, citizen.person, now=now, today=today)
    if request.method != "POST":
        return _step_page(request, filling, here, None, today=today, offered=offered)
    sent, wrong_files = answered(request, filling.procedure, offered, citizen.person, now=now)
    answers = read_step(filling.form, here, sent, filling.values).with_errors(wrong_files)
    if answers.errors:
        # What was uploaded just now is offered on the page that asks for the rest.
        offered = offers(filling.procedure, here.fields, citizen.person, now=now, today=today)
        return _step_page(request, filling, here, answers, today=today, offered=offered)
    save_draft(
        account_id=citizen.account_id,
        procedure_code=code,
        revision_id=filling.procedure.revision_id,
        values=answers.cleaned,
        now=now,
    )
    following = next_step(filling.form, name)
    if following is None or request.POST.get("back_to") == "check":
        return redirect("portal:check", code)
    return redirect(filling.address_of(following))


@require_http_methods(["GET", "HEAD", "POST"])
@for_citizens
def check(request: HttpRequest, citizen: Citizen, code: str) -> HttpResponse:
    """Show every answer once more, or file the request under the draft's key."""
    filling = _filling(citizen, code)
    if request.method == "POST":
        return _file(request, citizen, filling)
    missing = first_incomplete(filling.form, filling.values)
    if filling.key is None or missing is not None:
        return redirect(filling.address_of(missing or filling.form.steps[0]))
    return _check_page(request, filling, {})


@require_POST
@for_citizens
def discard(request: HttpRequest, citizen: Citizen, code: str) -> HttpResponse:
    """Drop the draft."""
    discard_draft(account_id=citizen.account_id, procedure_code=code)
    return redirect("portal:my_cases")


@require_GET
@for_citizens
def filed(request: HttpRequest, citizen: Citizen, key: uuid.UUID) -> HttpResponse:
    """Lead from the key of a submission to its receipt, or say that it is still under way."""
    number = number_filed_under(citizen.account_id, str(key))
    if number is not None:
        return redirect("portal:receipt", number)
    return render(request, "portal/in_flight.html", {"key": key}, status=202)


def _file(request: HttpRequest, citizen: Citizen, filling: Filling) -> HttpResponse:
    key = _key(request.POST.get("key", ""))
    if key is None or filling.key != key:
        # The first of two clicks has filed it and dropped the draft, or the page is an old one.
        filed_before = number_filed_under(citizen.account_id, str(key)) if key else None
        if filed_before is not None:
            return redirect("portal:receipt", filed_before)
        return redirect("portal:apply", filling.procedure.code)
    try:
        done = intake.submit(
            Requested(
                procedure=filling.procedure,
                values=filling.values,
                applicant=citizen.person,
                account_id=citizen.account_id,
                channel=Channel.ONLINE,
                key=str(key),
                discards_draft=True,
            )
        )
    except IntakeFull as refusal:
        # Nothing is lost: the draft stays, and sending it again is the same request.
        return unavailable(request, retry_after_seconds=refusal.retry_after_seconds)
    except FormRefused as refusal:
        return _check_page(request, filling, refusal.errors, status=422)
    except NothingLeft as refusal:
        # Of no field: the draft stays, for the day on which the next are given.
        return _check_page(request, filling, {"": refusal.told}, status=409)
    except (SubmissionInFlight, KeyReused):
        return redirect("portal:filed", key)
    return redirect("portal:receipt", done.number)


def _key(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def _filling(citizen: Citizen, code: str) -> Filling:
    """Return the citizen's draft under the revision in force, or an empty form."""
    try:
        procedure = procedure_in_force(code)
    except NoSuchProcedure:
        raise Http404(code) from None
    draft = draft_of(citizen.account_id, code)
    if draft is None:
        return Filling(procedure, {}, None, None)
    names = {field.name for field in procedure.content.form.fields}
    # A newer revision asks what it asks: answers to questions that it no longer has are left behind.
    values = {name: value for name, value in draft.values.items() if name in names}
    return Filling(procedure, values, draft.key, draft.saved_at)


def _now() -> tuple[datetime, date]:
    now = timezone.now()
    return now, timezone.localdate(now)


def _frame(filling: Filling, current: str = "") -> dict[str, object]:
    """Return what every page of the form shows: its title, the steps, and when the draft was kept."""
    names = [each.name for each in filling.form.steps]
    place = len(names) if current == "check" else names.index(current) if current in names else -1
    bar = [
        Step(
            label=each.label,
            state="current" if index == place else "done" if index < place else "ahead",
            url=filling.address_of(each) if index < place else "",
        )
        for index, each in enumerate(filling.form.steps)
    ]
    bar.append(Step(label=CHECK, state="current" if current == "check" else "ahead"))
    return {
        "procedure": filling.procedure,
        "title": filling.title,
        "steps": bar,
        "saved_at": filling.saved_at,
        "section": "services",
    }


def _step_page(
    request: HttpRequest,
    filling: Filling,
    here: FormStep,
    answers: Answers | None,
    *,
    today: date,
    offered: Mapping[str, Offer],
) -> HttpResponse:
    from_check = "check" in (request.GET.get("from"), request.POST.get("back_to"))
    errors = answers.errors if answers else ()
    page = {
        **_frame(filling, here.name),
        "step": here,
        "fields": field_views(
            filling.form,
            here,
            values=filling.values if answers is None else answers.cleaned,
            typed=answers.typed if answers else None,
            errors=errors,
            today=today,
            offered=offered,
        ),
        "with_files": bool(offered),
        "errors": errors,
        "back": reverse("portal:check", args=[filling.procedure.code])
        if from_check
        else _address_before(filling, here),
        "back_to": "check" if from_check else "",
    }
    return render(request, "portal/step.html", page, status=422 if errors else 200)


def _address_before(filling: Filling, here: FormStep) -> str:
    place = [each.name for each in filling.form.steps].index(here.name)
    if place == 0:
        return reverse("portal:apply", args=[filling.procedure.code])
    return filling.address_of(filling.form.steps[place - 1])


def _check_page(
    request: HttpRequest, filling: Filling, refused: Mapping[str, Bilingual], status: int = 200
) -> HttpResponse:
    _, today = _now()
    addresses = {each.name: f"{filling.address_of(each)}?from=check" for each in filling.form.steps}
    steps = {field.name: each.name for each in filling.form.steps for field in each.fields}
    page = {
        **_frame(filling, "check"),
        "problems": [
            (message, f"{addresses[steps[name]]}#field-{name}" if name in steps else "")
            for name, message in refused.items()
        ],
        "groups": answer_rows(filling.form, filling.values, today=today, address_of_step=addresses),
        "key": filling.key,
        "manifest": filling.procedure.content.manifest,
        "back": filling.address_of(filling.form.steps[-1]),
    }
    return render(request, "portal/check.html", page, status=status)
