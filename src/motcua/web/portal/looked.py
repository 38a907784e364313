"""Who looked at my data: every question that was put to a register about the citizen."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from motcua.agencies.queries import agencies_within
from motcua.appointments.services.arriving import WHO_BOOKED
from motcua.identity.states import Purpose, Role
from motcua.procedures.content import Content
from motcua.procedures.queries import NoSuchProcedure, procedure_in_force
from motcua.registers.queries import AccessFilter, AccessView, accesses_of
from motcua.vault.services.read import LOGGED_AS
from motcua.web.portal.access import Citizen, for_citizens
from motcua.web.ui.components import Choice
from motcua.web.ui.words import Bilingual, InTwoLanguages

MOST = 500
READING = Bilingual("Xem hồ sơ để xử lý", "Open the case to handle it")
WHOLE_CASE = Bilingual(
    "Cả hồ sơ: người nộp, nội dung đề nghị, dữ kiện, quyết định, lịch sử",
    "The whole case: applicant, what was asked, facts, decisions, history",
)
NAME_OF_APPOINTMENT = Bilingual("Họ tên và lịch hẹn", "Name and appointment")
COUNTER_WORK = Bilingual("Đón tiếp người có hẹn", "Receive people with an appointment")
# A firm that filed for the citizen sees no more of the case than this.
ANSWER_ONLY = ("answer", "validity")
RECEIVING = Bilingual("Tiếp nhận hồ sơ tại quầy", "Receive your request at a counter")
ARCHIVED = Bilingual("Xem hồ sơ đã lưu trữ", "Read a case in the archive")
AT_A_COUNTER = {
    ("name", "registers", "papers"): Bilingual(
        "Họ tên, dữ liệu đã có và tên giấy tờ trong kho, để không hỏi lại bạn",
        "Your name, what registers know and the titles of your papers, so as not to ask you again",
    ),
    ("receipt",): Bilingual("Giấy tiếp nhận và hẹn trả kết quả", "The receipt of your request"),
}
ANSWER = Bilingual("Kết quả và thời hạn", "The answer and how long it holds")
BY_LINK = Bilingual("Người mở liên kết bạn gửi cho {whom}", "Whoever opened your link for {whom}")
YOUR_LINK = Bilingual("Qua liên kết bạn đã tạo", "By a link that you made")
SHARED_FOR = Bilingual("Bạn chia sẻ để: {purpose}", "You shared it for: {purpose}")
EVERYTHING = Choice("", Bilingual("Tất cả", "Everything"))
SOURCES = (
    EVERYTHING,
    Choice("registers", Bilingual("Nguồn dữ liệu", "Registers")),
    Choice("cases", Bilingual("Hồ sơ đã nộp", "Cases filed")),
    Choice(LOGGED_AS, Bilingual("Giấy tờ", "Papers")),
    Choice("archives", Bilingual("Kho lưu trữ", "Archive")),
    Choice("appointments", Bilingual("Lịch hẹn", "Appointments")),
)
ASKERS = (
    Choice("", Bilingual("Tất cả", "Everyone")),
    Choice("account", Bilingual("Cán bộ", "Officers")),
    Choice("machine", Bilingual("Hệ thống", "The system")),
    Choice("link", Bilingual("Người có liên kết", "Whoever holds a link")),
)
SINCE = (
    Choice("", Bilingual("Tất cả", "Any time")),
    Choice("7", Bilingual("7 ngày qua", "The last 7 days")),
    Choice("30", Bilingual("30 ngày qua", "The last 30 days")),
    Choice("365", Bilingual("Một năm qua", "The last year")),
)
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
    times: int = 1
    since: datetime | None = None


@require_GET
@for_citizens
def access(request: HttpRequest, citizen: Citizen) -> HttpResponse:
    """Show the citizen every look at their data, newest first: registers, cases and papers in one list."""
    source, who, since = (
        _chosen(request, name, choices)
        for name, choices in (("source", SOURCES), ("who", ASKERS), ("since", SINCE))
    )
    wanted = AccessFilter(
        source="" if source == "registers" else source,
        registers_only=source == "registers",
        asker_kind=who,
        since=timezone.now() - timedelta(days=int(since)) if since else None,
    )
    seen = accesses_of(citizen.person.key, limit=MOST, wanted=wanted)
    page = {
        "looks": told_once(looks(seen)),
        "most": MOST if len(seen) == MOST else 0,
        "filters": (
            ("source", Bilingual("Xem gì", "What"), SOURCES, source),
            ("who", Bilingual("Ai xem", "Who"), ASKERS, who),
            ("since", Bilingual("Khi nào", "When"), SINCE, since),
        ),
        "filtered": bool(source or who or since),
        "section": "access",
    }
    return render(request, "portal/access.html", page)


def _chosen(request: HttpRequest, name: str, choices: tuple[Choice, ...]) -> str:
    sent = request.GET.get(name, "")
    return sent if sent in {choice.value for choice in choices} else ""


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


def told_once(found: Iterable[Look]) -> list[Look]:
    """Return the looks with those that one person repeated on one day told once, at the last of them."""
    told: list[Look] = []
    for look in found:
        last = told[-1] if told else None
        if last is not None and _same_day(last) == _same_day(look):
            told[-1] = replace(last, times=last.times + 1, since=look.asked_at)
        else:
            told.append(look)
    return told


def _same_day(look: Look) -> Look:
    midnight = datetime.combine(timezone.localdate(look.asked_at), time.min)
    return replace(look, asked_at=midnight, times=1, since=None)


def _look(questions: list[AccessView], content: Content | None, office: Bilingual) -> Look:
    first = questions[0]
    labels = {fact.name: fact.label for fact in content.facts} if content else {}
    by_machine = first.asker_kind == "machine"
    asker: InTwoLanguages = Bilingual(
        first.asker_label, ENGLISH_ROLES.get(first.asker_label, first.asker_label)
    )
    if by_machine and content is not None:
        asker = content.manifest.title
    purpose = content.manifest.purpose if content else _other_purpose(first.purpose)
    by_link = first.asker_kind == "link"
    if by_link:
        # The first of what a link notes is what its owner made it for.
        asker, purpose = BY_LINK.filled(whom=first.asker_label), SHARED_FOR.filled(purpose=first.columns[0])
    return Look(
        asked_at=first.asked_at,
        asker=asker,
        by_machine=by_machine,
        agency=YOUR_LINK if by_link else office,
        purpose=purpose,
        register=Bilingual(first.register_title_vi, first.register_title_en),
        asked_for=_papers_read(questions, by_link=by_link)
        if first.register == LOGGED_AS and tuple(first.columns) not in AT_A_COUNTER
        else tuple(_asked_for(each, labels) for each in questions),
        case_number=first.case_number,
    )


def _papers_read(questions: list[AccessView], *, by_link: bool) -> tuple[InTwoLanguages, ...]:
    titles = [title for each in questions for title in each.columns[1 if by_link else 0 :]]
    return tuple(Bilingual(title, title) for title in titles)


def _asked_for(each: AccessView, labels: Mapping[str, InTwoLanguages]) -> InTwoLanguages:
    if not each.fact and each.columns == ANSWER_ONLY:
        return ANSWER
    if not each.fact and tuple(each.columns) in AT_A_COUNTER:
        return AT_A_COUNTER[tuple(each.columns)]
    if each.register == "appointments":
        return NAME_OF_APPOINTMENT
    # An officer who opens a case sees all of it, not one fact.
    return labels.get(each.fact) or (Bilingual(each.fact, each.fact) if each.fact else WHOLE_CASE)


def _other_purpose(purpose: str) -> Bilingual:
    own = {
        Purpose.READ_CASES.value: READING,
        Purpose.RECEIVE_CASES.value: RECEIVING,
        Purpose.KEEP_ARCHIVES.value: ARCHIVED,
        WHO_BOOKED: COUNTER_WORK,
    }
    return own.get(purpose, Bilingual(purpose, purpose))


def _content(purpose: str) -> Content | None:
    try:
        return procedure_in_force(purpose).content
    except NoSuchProcedure:
        return None


def _office(path: str) -> Bilingual:
    if not path:
        return Bilingual("", "")
    found = agencies_within(path)
    if not found or found[0].path != path:
        return Bilingual(path, path)
    return Bilingual(found[0].name, found[0].name_en or found[0].name)
