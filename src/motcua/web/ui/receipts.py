"""The receipt of a request as a PDF, the same for its applicant and for the officer who received it."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.conf import settings

from motcua.agencies.queries import AgencyNotKnown, agencies_within, agency
from motcua.cases.counter.queries import FiledOnBehalf, filed_on_behalf
from motcua.cases.queries import CasePage
from motcua.cases.states import Channel
from motcua.documents.services import render_pdf
from motcua.documents.values import RequestReceipt, ResultRow
from motcua.fees.queries import demands_of_case
from motcua.fees.schedule import fee_lines
from motcua.identity.queries import account_names
from motcua.vault.queries import ComponentView, components_of_case
from motcua.vault.states import Means
from motcua.web.ui.fee_words import STATES, dong, fee_line_words
from motcua.web.ui.words import Bilingual, InTwoLanguages, short_date, term_in_words, time_in_words

# Of another surface: its address is public and stays.
STATUS = "/status/"
CITY = Bilingual("Đà Nẵng", "Đà Nẵng")
OFFICE = Bilingual("Thành phố Đà Nẵng", "City of Đà Nẵng")
ONLINE = Bilingual("Cổng dịch vụ trực tuyến", "Online services")
APPOINTMENT = Bilingual("Giấy tiếp nhận hồ sơ và hẹn trả kết quả", "Receipt with the date of the result")
CONFIRMATION = Bilingual("Giấy xác nhận đã nộp hồ sơ", "Confirmation of filing")
CHANNELS = {
    Channel.COUNTER: Bilingual("Nộp trực tiếp tại quầy", "In person, at a counter"),
    Channel.POST: Bilingual("Qua bưu chính công ích", "By public post"),
    Channel.ONLINE: Bilingual("Trực tuyến", "Online"),
    Channel.API: Bilingual("Từ hệ thống khác", "From another system"),
}
FORM = Bilingual("Tờ khai", "The form")
ON_SCREEN = Bilingual("Khai điện tử", "Filled in on screen")
MEANS = {
    Means.UPLOADED: Bilingual("Bản chụp nộp lần này", "Copy handed in this time"),
    Means.REUSED: Bilingual(
        "Đã có trong kho giấy tờ, không phải nộp lại", "Kept from before, not asked again"
    ),
    Means.DATA: Bilingual("Dữ liệu đã có, không phải nộp", "A register has the data, not asked"),
    Means.MISSING: Bilingual("Chưa có", "Still missing"),
}
NAME = Bilingual("Họ và tên", "Name")
NUMBER = Bilingual("Số định danh cá nhân", "Citizen number")
PHONE = Bilingual("Số điện thoại", "Telephone")
SERVICE = Bilingual("Thủ tục", "Service")
RECEIVED = Bilingual("Nhận hồ sơ lúc", "Received")
ARRIVED = Bilingual("Bưu chính phát đến ngày", "Delivered by post on")
HOW = Bilingual("Cách nộp", "How it was filed")
TERM = Bilingual("Thời hạn giải quyết", "Time limit")
ANSWER_BY = Bilingual("Trả lời có tiếp nhận hay không, chậm nhất", "Told whether it is accepted, by")
DUE = Bilingual("Hẹn trả kết quả, chậm nhất", "Result due by")
PAUSED = Bilingual("Tạm dừng, chờ người nộp", "On hold, waiting for the applicant")
STATE = Bilingual("Hồ sơ đang ở bước", "Where the case stands")
COLLECT = Bilingual("Nơi nhận kết quả", "Where to collect the result")
AT_COUNTER = Bilingual(
    "Bộ phận một cửa, {office}; bản điện tử trên trang hồ sơ của bạn",
    "One-stop office, {office}; the electronic one on the page of your case",
)
FEE = Bilingual("Phí, lệ phí", "Fees")
FREE = Bilingual("Miễn phí", "Free of charge")
SCAN = Bilingual(
    "Quét mã hoặc mở {address} và gõ số hồ sơ để biết hồ sơ đến đâu. Trang đó không cho biết hồ sơ của ai.",
    "Scan the code, or open {address} and type the case number, to see where it stands. That page tells nobody whose"
    " case it is.",
)
MINE = Bilingual(
    "Đăng nhập bằng tài khoản định danh của bạn để xem đầy đủ: hồ sơ nằm dưới tên bạn dù bạn chưa từng đăng nhập.",
    "Sign in with your national identity to see all of it: the case is under your name even if you never signed in.",
)
ASK = Bilingual(
    "Hỏi về hồ sơ tại bộ phận một cửa, {office}; nhớ nói số hồ sơ.",
    "Ask about it at the one-stop office, {office}; have the case number at hand.",
)
PROMISE = Bilingual(
    "Quá hạn mà chưa có kết quả, cơ quan giải quyết phải xin lỗi bằng văn bản và hẹn lại ngày trả.",
    "If the result is late, the agency has to apologize in writing and set a new date.",
)


def receipt_pdf(page: CasePage, language: str, *, made_at: datetime) -> bytes:
    """Typeset the receipt of a case in the language; some five queries."""
    behalf = filed_on_behalf(page.case.number)
    office, received = _office(page), _received_at(behalf)
    applicant = [(NAME, page.applicant.name), (NUMBER, page.applicant.masked_number)]
    if behalf is not None and behalf.phone:
        applicant.append((PHONE, behalf.phone))
    notes = [
        SCAN.filled(address=f"{settings.SITE_URL}{STATUS}"),
        MINE,
        ASK.filled(office=office),
    ]
    if _accepted(page):
        notes.append(PROMISE)
    values = RequestReceipt.model_validate(
        {
            "language": language,
            "agency": office.in_language(language),
            "received_at": received.in_language(language),
            "place": CITY.in_language(language),
            "made_at": page.case.filed_at,
            "number": page.case.number,
            "title": (APPOINTMENT if _accepted(page) else CONFIRMATION).in_language(language),
            "holder": page.applicant.name,
            "applicant": _rows(applicant, language),
            "papers": _rows(_papers(page), language),
            "rows": _rows(_terms(page, behalf, office), language),
            "notes": [note.in_language(language) for note in notes],
            "status_address": status_address(page.case.number),
            "officer": _officer(page, behalf),
        }
    )
    return render_pdf("receipt", values, made_at=made_at)


def receipt_name(number: str) -> str:
    """Return the name under which a browser saves the receipt."""
    return f"giay-tiep-nhan-{number}.pdf"


def status_address(number: str) -> str:
    """Return the public address at which anyone sees where the case stands."""
    return f"{settings.SITE_URL}{STATUS}?number={number}"


Line = tuple[InTwoLanguages, InTwoLanguages | str]


def _rows(lines: Iterable[Line], language: str) -> list[ResultRow]:
    return [
        ResultRow(
            label=label.in_language(language),
            value=value if isinstance(value, str) else value.in_language(language),
        )
        for label, value in lines
    ]


def _accepted(page: CasePage) -> bool:
    """Tell whether a result is promised: at once, or since the request was accepted."""
    return page.clock is None or not page.clock.receiving


def _papers(page: CasePage) -> list[Line]:
    labels = {field.name: field.label for field in page.case.procedure.content.form.fields}
    return [(FORM, ON_SCREEN), *(_paper(each, labels) for each in components_of_case(page.case.number))]


def _paper(part: ComponentView, labels: Mapping[str, InTwoLanguages]) -> Line:
    return labels.get(part.field, Bilingual(part.field, part.field)), MEANS[part.means]


def _terms(page: CasePage, behalf: FiledOnBehalf | None, office: Bilingual) -> list[Line]:
    manifest, case = page.case.procedure.content.manifest, page.case
    lines: list[Line] = [(SERVICE, manifest.title), (RECEIVED, _moment(case.filed_at))]
    if behalf is not None:
        lines.append((HOW, CHANNELS[behalf.channel]))
        if behalf.arrived_on is not None:
            day = behalf.arrived_on
            lines.append((ARRIVED, Bilingual(short_date(day, "vi"), short_date(day, "en"))))
    lines.append((TERM, term_in_words(manifest.within_working_days, manifest.within_working_hours)))
    if case.state.phase in ("granted", "refused", "closed"):
        lines.append((STATE, case.state.label))
    elif case.state.paused:
        lines.append((DUE, PAUSED))
    else:
        lines.append((DUE if _accepted(page) else ANSWER_BY, _moment(case.due_at)))
    lines += [(COLLECT, AT_COUNTER.filled(office=office)), (FEE, _fees(page))]
    return lines


def _fees(page: CasePage) -> Bilingual:
    """Return what is asked, or before anything is, what the schedule says."""
    content = page.case.procedure.content
    lines = fee_lines(content)
    if not lines:
        return FREE
    asked = demands_of_case(page.case.number)
    if asked:
        said = [
            Bilingual("{sum} ({state})", "{sum} ({state})").filled(
                sum=dong(demand.total_vnd), state=STATES[demand.state]
            )
            for demand in asked
        ]
    else:
        said = [
            Bilingual("{label}: {sum}", "{label}: {sum}").filled(label=line.label, sum=fee_line_words(line))
            for line in lines
        ]
    return Bilingual("; ".join(each.vi for each in said), "; ".join(each.en for each in said))


def _office(page: CasePage) -> Bilingual:
    try:
        office = agency(page.case.procedure.content.manifest.agency)
    except AgencyNotKnown:
        return OFFICE
    return Bilingual(office.name, office.name_en or office.name)


def _received_at(behalf: FiledOnBehalf | None) -> Bilingual:
    offices = agencies_within(behalf.agency_path) if behalf is not None else []
    if not offices:
        return ONLINE
    return Bilingual(
        f"Nơi tiếp nhận: {offices[0].name}", f"Received at: {offices[0].name_en or offices[0].name}"
    )


def _officer(page: CasePage, behalf: FiledOnBehalf | None) -> str | None:
    """Return who received it: at a counter, or who accepted what came online."""
    if behalf is not None:
        return behalf.officer
    for entry in page.entries:
        received = entry.from_state is not None and entry.from_state.clock == "receiving"
        kind, _, number = entry.actor.partition(":")
        if received and kind == "account" and number.isdigit():
            return account_names({int(number)}).get(int(number))
    return None


def _moment(moment: datetime) -> Bilingual:
    return Bilingual(time_in_words(moment, "vi"), time_in_words(moment, "en"))
