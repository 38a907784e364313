"""Who looked at my data: every question that was put to a register about the citizen."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from motcua.agencies.queries import agencies_within
from motcua.identity.states import Purpose, Role
from motcua.procedures.content import Content
from motcua.procedures.queries import NoSuchProcedure, procedure_in_force
from motcua.registers.queries import AccessView, accesses_of
from motcua.web.portal.access import Citizen, for_citizens
from motcua.web.ui.words import Bilingual, InTwoLanguages

MOST = 500
READING = Bilingual("Xem hồ sơ để xử lý", "Read the case in order to handle it")
WHOLE_CASE = Bilingual(
    "Cả hồ sơ: người nộp, nội dung đề nghị, dữ kiện, quyết định, lịch sử",
    "The whole case: applicant, what was asked, facts, decisions, history",
)
# A firm that filed for the citizen sees no more of the case than this.
ANSWER_ONLY = ("answer", "validity")
ANSWER = Bilingual("Kết quả và thời hạn", "The answer and how long it holds")
ENGLISH_ROLES = {
    str(Role.ONE_STOP_OFFICER.label): "One-stop officer",
    str(Role.SPECIALIST.label): "Specialist",
    str(Role.APPROVER.label): "Approver",
}


@dataclass(frozen=True, slots=True)
class Look:
    """One occasion: who asked which register, when, for what, about which things."""

    asked_at: datetime
    asker: InTwoLanguages
    by_machine: bool
    agency: InTwoLanguages
    purpose: InTwoLanguages
    register: Bilingual
    asked_for: tuple[InTwoLanguages, ...]
    case_number: str


@require_GET
@for_citizens
def access(request: HttpRequest, citizen: Citizen) -> HttpResponse:
    """Show the citizen every look at their data, newest first."""
    seen = accesses_of(citizen.person.key, limit=MOST)
    page = {"looks": looks(seen), "most": MOST if len(seen) == MOST else 0, "section": "access"}
    return render(request, "portal/access.html", page)


def looks(accesses: Iterable[AccessView]) -> list[Look]:
    """Return the questions put together by occasion, newest first; a query a purpose and an agency."""
    occasions: dict[tuple[object, ...], list[AccessView]] = {}
    for each in accesses:
        key = (each.asked_at, each.asker_reference, each.case_number, each.register, each.purpose)
        occasions.setdefault(key, []).append(each)
    firsts = [questions[0] for questions in occasions.values()]
    contents = {purpose: _content(purpose) for purpose in {each.purpose for each in firsts}}
    offices = {path: _office(path) for path in {each.agency_path for each in firsts}}
    return [
        _look(questions, contents[questions[0].purpose], offices[questions[0].agency_path])
        for questions in occasions.values()
    ]


def _look(questions: list[AccessView], content: Content | None, office: Bilingual) -> Look:
    first = questions[0]
    labels = {fact.name: fact.label for fact in content.facts} if content else {}
    by_machine = first.asker_kind == "machine"
    asker: InTwoLanguages = Bilingual(
        first.asker_label, ENGLISH_ROLES.get(first.asker_label, first.asker_label)
    )
    if by_machine and content is not None:
        asker = content.manifest.title
    return Look(
        asked_at=first.asked_at,
        asker=asker,
        by_machine=by_machine,
        agency=office,
        purpose=content.manifest.purpose if content else _other_purpose(first.purpose),
        register=Bilingual(first.register_title_vi, first.register_title_en),
        asked_for=tuple(_asked_for(each, labels) for each in questions),
        case_number=first.case_number,
    )


def _asked_for(each: AccessView, labels: Mapping[str, InTwoLanguages]) -> InTwoLanguages:
    if not each.fact and each.columns == ANSWER_ONLY:
        return ANSWER
    # An officer who opens a case sees all of it, not one fact.
    return labels.get(each.fact) or (Bilingual(each.fact, each.fact) if each.fact else WHOLE_CASE)


def _other_purpose(purpose: str) -> Bilingual:
    return READING if purpose == Purpose.READ_CASES.value else Bilingual(purpose, purpose)


def _content(purpose: str) -> Content | None:
    try:
        return procedure_in_force(purpose).content
    except NoSuchProcedure:
        return None


def _office(path: str) -> Bilingual:
    found = agencies_within(path)
    if not found or found[0].path != path:
        return Bilingual(path, path)
    return Bilingual(found[0].name, found[0].name_en or found[0].name)
