"""What community digital teams did, for who oversees them; and what people say they did not ask for, for auditors."""

import uuid

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from motcua.identity.states import Purpose
from motcua.teams.queries import HelpView
from motcua.teams.services import NotHelped, settle_objection
from motcua.teams.services.object import LONGEST_WORDS
from motcua.teams.states import Finding
from motcua.teams.tally import WEEKS, disputed, tally_by_team, tally_of_team
from motcua.web.ui.components import Choice, Crumb, FieldError
from motcua.web.ui.officers import Officer, for_officers
from motcua.web.ui.words import Bilingual

TITLE = Bilingual("Tổ công nghệ số cộng đồng", "Community digital teams")
NO_FINDING = Bilingual("Chọn điều đã xác minh.", "Choose what was found.")
NO_ANSWER = Bilingual(
    "Viết đã xác minh thế nào; người dân sẽ đọc nguyên văn, nhiều nhất 2.000 ký tự.",
    "Write how it was looked into; the person reads it word for word, at most 2,000 characters.",
)
FINDINGS = (
    Choice(
        Finding.NOT_ASKED.value,
        Bilingual("Người dân không nhờ nộp", "The person did not ask for it"),
        hint=Bilingual("Tính vào số lần bị phản ánh đúng của tổ.", "Counted for the team as found right."),
    ),
    Choice(Finding.ASKED.value, Bilingual("Người dân có nhờ nộp", "The person asked for it")),
)


@require_safe
@for_officers(Purpose.OVERSEE, Purpose.AUDIT)
def teams(request: HttpRequest, officer: Officer) -> HttpResponse:
    """Show what each team did in the last weeks, and the objections that wait."""
    return _page(request, officer, (), {})


@require_http_methods(["POST"])
@for_officers(Purpose.AUDIT)
def settle(request: HttpRequest, officer: Officer, key: uuid.UUID) -> HttpResponse:
    """Keep what an auditor found out about one objection; the person reads the answer."""
    finding, answer = request.POST.get(f"finding-{key}", ""), request.POST.get(f"answer-{key}", "")
    typed = {"key": key, "finding": finding, "answer": answer[: LONGEST_WORDS + 200]}
    errors = []
    if finding not in Finding.values:
        errors.append(FieldError(f"finding-{key}", NO_FINDING))
    if not answer.strip() or len(answer) > LONGEST_WORDS:
        errors.append(FieldError(f"answer-{key}", NO_ANSWER))
    if errors:
        return _page(request, officer, tuple(errors), typed)
    try:
        settle_objection(
            key=key, finding=Finding(finding), answer=answer, rights=officer.rights, now=officer.now
        )
    except NotHelped:
        # Another auditor was here first, or it lies outside the rights: the list shows what is left.
        return redirect("operations:teams")
    return redirect("operations:teams")


@require_safe
@for_officers(Purpose.OVERSEE)
def team(request: HttpRequest, officer: Officer, team_id: int) -> HttpResponse:
    """Show one team's last weeks by member and by service."""
    found = tally_of_team(team_id, officer.rights, now=officer.now)
    if found is None:
        raise Http404(team_id)
    page = {
        "officer": officer,
        "section": "teams",
        "team": found,
        "weeks": WEEKS,
        "crumbs": [Crumb(TITLE, "/operations/teams/")],
    }
    return render(request, "operations/team.html", page)


def _page(
    request: HttpRequest, officer: Officer, errors: tuple[FieldError, ...], typed: dict[str, object]
) -> HttpResponse:
    audits = officer.rights.serves(Purpose.AUDIT)
    page = {
        "officer": officer,
        "section": "teams",
        "teams": tally_by_team(officer.rights, now=officer.now),
        "weeks": WEEKS,
        "audits": audits,
        "waiting": [_line(each, typed) for each in disputed(officer.rights)] if audits else [],
        "settled": disputed(officer.rights, is_open=False) if audits else [],
        "findings": FINDINGS,
        "longest": LONGEST_WORDS,
        "errors": errors,
    }
    return render(request, "operations/teams.html", page, status=422 if errors else 200)


def _line(each: HelpView, typed: dict[str, object]) -> tuple[HelpView, str, str, str, object, object]:
    here = typed.get("key") == each.key
    return (
        each,
        f"finding-{each.key}",
        f"answer-{each.key}",
        str(each.key),
        typed.get("finding", "") if here else "",
        typed.get("answer", "") if here else "",
    )
