"""Who helped to file a case, with which consent; and the citizen's word that they did not ask for it."""

import base64

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from motcua.cases.queries import CaseNotFound, CasePage, case_of_person
from motcua.teams.queries import HelpView, help_with, signature_on
from motcua.teams.services import object_to_help
from motcua.teams.services.object import LONGEST_WORDS
from motcua.teams.states import Clock, Finding
from motcua.web.portal.access import Citizen, for_citizens
from motcua.web.ui.components import Crumb, FieldError, Row
from motcua.web.ui.words import Bilingual, time_in_words

TOO_LONG = Bilingual("Viết ngắn lại, nhiều nhất 2.000 ký tự.", "Make it shorter: at most 2,000 characters.")
CLOCKS = {
    Clock.GOOD: Bilingual("", ""),
    Clock.CORRECTED: Bilingual(
        " (đồng hồ máy lệch, giờ đã được chỉnh)", " (the device's clock was off; corrected)"
    ),
    Clock.DOUBTFUL: Bilingual(
        " (đồng hồ máy đã bị đổi, giờ không chắc)", " (the device's clock was changed; uncertain)"
    ),
}
FOUND = {
    Finding.NOT_ASKED: Bilingual("Đã xác minh: bạn không nhờ nộp.", "Found: you did not ask for it."),
    Finding.ASKED: Bilingual("Đã xác minh: bạn có nhờ nộp.", "Found: you asked for it."),
}


@require_http_methods(["GET", "HEAD", "POST"])
@for_citizens
def help_page(request: HttpRequest, citizen: Citizen, number: str) -> HttpResponse:
    """Show the help with its consent, or take the word that it was not asked for."""
    try:
        found = case_of_person(number, citizen.person.id)
    except CaseNotFound:
        raise Http404(number) from None
    helped = help_with(number)
    if helped is None:
        raise Http404(number)
    if request.method != "POST":
        return _page(request, found, helped, "", ())
    words = request.POST.get("words", "").replace("\0", "").strip()
    if len(words) > LONGEST_WORDS:
        return _page(request, found, helped, words, (FieldError("words", TOO_LONG),))
    object_to_help(case_number=number, person_id=citizen.person.id, words=words, now=timezone.now())
    return redirect("portal:help", number)


def _page(
    request: HttpRequest, found: CasePage, helped: HelpView, words: str, errors: tuple[FieldError, ...]
) -> HttpResponse:
    number = found.case.number
    drawn = signature_on(number)
    page = {
        "case": found.case,
        "help": helped,
        "rows": rows_of(helped),
        "signature": base64.b64encode(drawn).decode() if drawn else "",
        "found": FOUND[helped.objection.finding] if helped.objection and helped.objection.finding else None,
        "may_withdraw": "withdraw" in found.acts,
        "words": words[: LONGEST_WORDS + 200],
        "longest": LONGEST_WORDS,
        "errors": errors,
        "crumbs": [Crumb(Bilingual("Hồ sơ của tôi", "My cases"), "/my/"), Crumb(number, f"/my/{number}/")],
        "section": "my",
    }
    return render(request, "portal/help.html", page, status=422 if errors else 200)


def rows_of(helped: HelpView) -> tuple[Row, ...]:
    """Return who helped, from which team, and when the consent was given, as rows."""
    clock = CLOCKS[helped.clock]
    when = Bilingual(
        time_in_words(helped.consented_at, "vi") + clock.vi,
        time_in_words(helped.consented_at, "en") + clock.en,
    )
    team = f"{helped.team}, {helped.place}" if helped.place else helped.team
    return (
        Row(Bilingual("Người giúp", "Who helped"), helped.member),
        Row(Bilingual("Tổ", "Team"), team),
        Row(Bilingual("Lời đồng ý lúc", "Consent given"), when),
    )
