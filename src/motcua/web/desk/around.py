"""What stands around a case on its page: in whose hands it is, reasons that the office keeps ready, and an apology."""

from dataclasses import dataclass, replace
from datetime import datetime

from django.http import HttpRequest

from motcua.agencies.queries import AgencyNotKnown
from motcua.cases.desk.apologies import Owed, apology_owed
from motcua.cases.desk.assignments import Colleague, acted_for, colleagues_for, holdings_of
from motcua.cases.desk.reasons import TemplateView, templates_for
from motcua.cases.queries import CasePage
from motcua.cases.result_papers import keys_missing
from motcua.cases.states import Phase
from motcua.documents.states import Signatory
from motcua.identity.states import Purpose, Role
from motcua.web.desk.wishes import Wish
from motcua.web.ui.components import FieldView
from motcua.web.ui.officers import Officer
from motcua.web.ui.words import Bilingual, InTwoLanguages

NEW_DAY = Bilingual("Ngày hẹn trả mới", "The day that is promised now")


@dataclass(frozen=True, slots=True)
class Hands:
    """Who has the case in hand, what this officer may do about it, and to whom it may be given."""

    name: str
    mine: bool
    since: datetime | None
    may_take: bool
    may_pass_on: bool
    colleagues: tuple[Colleague, ...]


def around_case(found: CasePage, officer: Officer) -> dict[str, object]:
    """Return values of ``desk/case.html`` beside those of ``case_page``; five queries, two more a signature."""
    return {
        "hands": _hands(found, officer),
        "templates": _templates(found),
        "owed": _owed(found, officer),
        "no_key": _no_key(found, officer),
        "promise": FieldView(name="promised", label=NEW_DAY, widget="date"),
    }


def _no_key(found: CasePage, officer: Officer) -> list[tuple[InTwoLanguages, bool]]:
    """Return the acts for which the officer lacks a key, and whether it is the agency's seal, before they begin."""
    content = found.case.procedure.content
    try:
        missing = keys_missing(content, found.acts, account_id=officer.account_id, now=officer.now)
    except AgencyNotKnown:
        # The act itself says that its agency is not registered; the page of the case opens all the same.
        return []
    return [(found.acts[name].label, signs is Signatory.AGENCY) for name, signs in missing]


def _works_on(found: CasePage, officer: Officer) -> bool:
    place = {"agency_path": found.case.agency_path, "place_path": found.case.place_path}
    return any(officer.rights.may(each, **place) for each in (Purpose.HANDLE_CASES, Purpose.DECIDE_CASES))


def _hands(found: CasePage, officer: Officer) -> Hands | None:
    case = found.case
    if case.phase not in (Phase.PERSON, Phase.CITIZEN) or not _works_on(found, officer):
        return None
    holdings = holdings_of(case.number)
    standing = next((each for each in reversed(holdings) if each.until is None), None)
    mine = standing is not None and standing.account_id == officer.account_id
    leads = Role.APPROVER in officer.rights.roles_at(agency_path=case.agency_path, place_path=case.place_path)
    passes_on = standing is None or mine or leads
    colleagues = (
        colleagues_for(agency_path=case.agency_path, place_path=case.place_path, now=officer.now)
        if passes_on
        else []
    )
    holder = standing.account_id if standing else 0
    return Hands(
        name=standing.name if standing else "",
        mine=mine,
        since=standing.since if standing else None,
        may_take=standing is None,
        may_pass_on=passes_on,
        colleagues=tuple(each for each in colleagues if each.account_id not in (holder, officer.account_id)),
    )


def _templates(found: CasePage) -> list[TemplateView]:
    if not found.acts:
        return []
    case = found.case
    return templates_for(
        agency_path=case.agency_path, procedure_code=case.procedure.code, acts=tuple(found.acts)
    )


def from_template(wish: Wish, request: HttpRequest, found: CasePage) -> Wish:
    """Return the wish with the reason that the chosen template gives, places to fill in and all."""
    chosen = request.POST.get("template", "")
    text = next((each.text for each in _templates(found) if str(each.key) == chosen), "")
    return replace(wish, reason=text) if text else wish


def _owed(found: CasePage, officer: Officer) -> Owed | None:
    return apology_owed(found, officer.now) if _works_on(found, officer) else None


def stood_in(found: CasePage) -> dict[tuple[int, datetime], tuple[int, str]]:
    """Return for whom officers acted who stood in, by account and moment; two queries at most."""
    acts = [
        (int(entry.actor.partition(":")[2]), entry.happened_at)
        for entry in found.entries
        if entry.actor.startswith("account:") and entry.actor.partition(":")[2].isdigit()
    ]
    return acted_for(found.case.number, acts)
