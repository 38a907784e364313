"""The reasons that an office keeps ready, looked after by its approvers: listed, written, changed, withdrawn."""

import uuid

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from motcua.agencies.queries import agencies_within
from motcua.cases.desk.reasons import (
    LONGEST_TEXT,
    LONGEST_TITLE,
    NotYourOffice,
    TemplateSaysNothing,
    TemplateView,
    offices_of,
    templates_of,
    versions_of,
    withdraw_template,
    write_template,
)
from motcua.cases.models import ReasonTemplate
from motcua.identity.states import Purpose
from motcua.procedures.queries import search_services
from motcua.web.ui.components import Choice, FieldError, FieldView
from motcua.web.ui.officers import Officer, for_officers
from motcua.web.ui.words import Bilingual

ANY = Bilingual("Mọi dịch vụ và việc", "Any service and act")
NAME_IT = Bilingual("Ghi tên mẫu, nhiều nhất 80 ký tự.", "Give it a name of at most 80 letters.")
WRITE_IT = Bilingual("Ghi nội dung mẫu, nhiều nhất 2.000 ký tự.", "Write its text, at most 2,000 letters.")
NOT_HERE = Bilingual(
    "Bạn không viết mẫu cho cơ quan này. Chọn cơ quan khác.",
    "You do not write reasons for this agency. Choose another.",
)


@require_http_methods(["GET", "HEAD", "POST"])
@for_officers(Purpose.DECIDE_CASES)
def reasons(request: HttpRequest, officer: Officer) -> HttpResponse:
    """List the templates of the approver's offices, and write a new one."""
    if not offices_of(officer.rights):
        raise Http404
    if request.method == "POST":
        return _written(request, officer, None)
    return _page(request, officer, None, ())


@require_http_methods(["GET", "HEAD", "POST"])
@for_officers(Purpose.DECIDE_CASES)
def reason(request: HttpRequest, officer: Officer, key: str) -> HttpResponse:
    """Show a template with its versions, and write the next one."""
    versions = versions_of(_key(key), officer.rights)
    if not versions:
        raise Http404
    if request.method == "POST":
        return _written(request, officer, versions[0])
    return _page(request, officer, versions[0], ())


@require_POST
@for_officers(Purpose.DECIDE_CASES)
def withdraw(request: HttpRequest, officer: Officer, key: str) -> HttpResponse:
    """Offer a template no more."""
    try:
        withdraw_template(key=_key(key), rights=officer.rights, now=officer.now)
    except ReasonTemplate.DoesNotExist:
        raise Http404 from None
    return redirect("desk:reasons")


def _key(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        raise Http404 from None


def _written(request: HttpRequest, officer: Officer, before: TemplateView | None) -> HttpResponse:
    service, _, act = request.POST.get("used_for", "").partition("/")
    offices = offices_of(officer.rights)
    known = {choice.value for choice in _uses()}
    try:
        write_template(
            rights=officer.rights,
            agency_path=before.agency_path if before else request.POST.get("office", "") or offices[0],
            procedure_code=service if f"{service}/{act}" in known else "",
            act=act if f"{service}/{act}" in known else "",
            title=request.POST.get("title", ""),
            text=request.POST.get("text", ""),
            now=officer.now,
            key=before.key if before else None,
        )
    except (TemplateSaysNothing, NotYourOffice):
        return _page(request, officer, before, _missing(request))
    return redirect("desk:reasons")


def _missing(request: HttpRequest) -> tuple[FieldError, ...]:
    """Return what is missing or too long, each at its field."""
    title, text = (request.POST.get(name, "").strip() for name in ("title", "text"))
    errors = [] if 0 < len(title) <= LONGEST_TITLE else [FieldError("title", NAME_IT)]
    errors += [] if 0 < len(text) <= LONGEST_TEXT else [FieldError("text", WRITE_IT)]
    return tuple(errors) or (FieldError("title", NOT_HERE),)


def _uses() -> tuple[Choice, ...]:
    """Return each service with each of its officers' acts that take a reason."""
    choices = [Choice("/", ANY)]
    for service in search_services():
        title = service.content.manifest.title
        choices.append(Choice(f"{service.code}/", Bilingual(f"{title.vi}: mọi việc", f"{title.en}: any act")))
        for name, act in service.content.workflow.acts.items():
            if act.needs_reason and not {"citizen", "machine"} & set(act.by):
                label = Bilingual(f"{title.vi}: {act.label.vi}", f"{title.en}: {act.label.en}")
                choices.append(Choice(f"{service.code}/{name}", label))
    return tuple(choices)


def _page(
    request: HttpRequest, officer: Officer, before: TemplateView | None, errors: tuple[FieldError, ...]
) -> HttpResponse:
    uses = _uses()
    labels = {choice.value: choice.label for choice in uses}
    offices = [each for path in offices_of(officer.rights) for each in agencies_within(path)]
    sent = request.POST
    wrong = {each.name: each.message for each in errors}
    used_for = f"{before.procedure_code}/{before.act}" if before else "/"
    page = {
        "officer": officer,
        "section": "reasons",
        "kept": [
            (each, labels.get(f"{each.procedure_code}/{each.act}", ANY))
            for each in templates_of(officer.rights)
        ],
        "before": before,
        "versions": versions_of(before.key, officer.rights) if before else [],
        "errors": errors,
        "fields": (
            FieldView(
                name="title",
                label=Bilingual("Tên mẫu", "Name"),
                value=sent.get("title", before.title if before else ""),
                error=wrong.get("title", ""),
            ),
            FieldView(
                name="text",
                label=Bilingual("Nội dung", "Text"),
                widget="textarea",
                error=wrong.get("text", ""),
                value=sent.get("text", before.text if before else ""),
                hint=Bilingual(
                    "Chỗ cần điền đặt trong ngoặc vuông, ví dụ [tên giấy tờ]. Chưa điền đủ thì không gửi được.",
                    "What is to be filled in stands in square brackets, such as [name of the paper]. "
                    "Nothing is sent while one is left.",
                ),
                max_length=LONGEST_TEXT,
            ),
            FieldView(
                name="used_for",
                label=Bilingual("Dùng cho", "Used for"),
                widget="select",
                value=sent.get("used_for", used_for),
                choices=uses,
            ),
        ),
        "offices": offices if before is None and len(offices) > 1 else [],
        "office": sent.get("office", ""),
    }
    return render(request, "desk/reasons.html", page, status=422 if errors else 200)
