"""What an archived dossier holds for people to read: a summary of everything in Vietnamese, and the receipt."""

from collections.abc import Iterator
from datetime import datetime

from django.utils import timezone

from motcua.agencies.queries import AgencyNotKnown, agency, place_names_on
from motcua.archives.bag import Part
from motcua.archives.gathering import ended_at_of
from motcua.archives.states import kept_until, rule_of, years_of
from motcua.cases.queries import CasePage, EntryView
from motcua.documents.queries import ResultOfCase, results_of_case
from motcua.documents.services import render_pdf
from motcua.documents.values import RecordPage, RecordSection, ResultRow
from motcua.identity.queries import account_names
from motcua.vault.queries import components_of_case
from motcua.web.ui.case_words import CaseWords, FactLine
from motcua.web.ui.components import Text
from motcua.web.ui.consult_words import consult_lines, found_lines
from motcua.web.ui.receipts import CITY, MEANS, receipt_pdf
from motcua.web.ui.words import short_date

PDF = "application/pdf"
EMPTY = "–"
LONGEST = 3900


def pages_of_case(page: CasePage, made_at: datetime) -> Iterator[Part]:
    """Yield the summary and the receipt of a dossier, as PDF/A."""
    yield Part("summary.pdf", "Tóm tắt hồ sơ", PDF, summary_pdf(page, made_at=made_at))
    yield Part(
        "receipt.pdf",
        "Giấy tiếp nhận hồ sơ và hẹn trả kết quả",
        PDF,
        receipt_pdf(page, "vi", made_at=made_at),
    )


def summary_pdf(page: CasePage, *, made_at: datetime) -> bytes:
    """Typeset what the dossier says, section by section; some five queries."""
    manifest = page.case.procedure.content.manifest
    try:
        office = agency(manifest.agency).name
    except AgencyNotKnown:
        office = manifest.agency
    values = RecordPage(
        agency=office,
        place=CITY.vi,
        made_at=made_at,
        number=page.case.number,
        title="Tóm tắt hồ sơ lưu trữ",
        sections=tuple(_sections(page)),
    )
    return render_pdf("record", values, made_at=made_at)


def _sections(page: CasePage) -> Iterator[RecordSection]:
    words, names = _words(page), account_names(_account_ids(page))
    yield RecordSection(heading="Hồ sơ", rows=tuple(_about(page)))
    yield RecordSection(
        heading="Nội dung khai", rows=tuple(_row(a.key, a.value) for a in words.answers(page.values))
    )
    if page.decisions:
        facts = words.facts(page.decisions[-1].facts)
        yield RecordSection(
            heading="Quyết định",
            columns=("Lúc", "Người quyết định", "Lý do"),
            lines=tuple(
                (_moment(each.decided_at), _who(each.decided_by, names), each.text.vi[:LONGEST])
                for each in page.decisions
            ),
        )
        if facts:
            yield RecordSection(
                heading="Dữ liệu đã dùng",
                columns=("Dữ liệu", "Giá trị", "Nguồn", "Tính đến"),
                lines=tuple(_fact(each) for each in facts),
            )
    found = [_row(row.key, row.value) for each in found_lines(page) for row in each.rows]
    if found:
        yield RecordSection(heading="Kết quả thẩm tra", rows=tuple(found))
    asked = consult_lines(page, page.case.changed_at)
    if asked:
        yield RecordSection(
            heading="Lấy ý kiến cơ quan khác",
            rows=tuple(
                _row(each.agency, f"{each.label.in_language('vi')}: {each.status.vi}") for each in asked
            ),
        )
    yield RecordSection(
        heading="Quá trình giải quyết",
        columns=("Lúc", "Việc", "Người làm", "Lý do"),
        lines=tuple(_entry(each, names) for each in page.entries),
    )
    yield from _papers(page)


def _about(page: CasePage) -> Iterator[ResultRow]:
    case, content = page.case, page.case.procedure.content
    rule = rule_of(content)
    until = kept_until(timezone.localdate(ended_at_of(page)), years_of(rule))
    yield _row("Thủ tục", content.manifest.title)
    yield _row("Nhóm hồ sơ", rule.heading)
    yield _row("Người nộp", page.applicant.name)
    yield _row("Số định danh cá nhân", page.applicant.masked_number)
    yield _row("Nộp lúc", _moment(case.filed_at))
    yield _row("Kết thúc lúc", _moment(ended_at_of(page)))
    yield _row("Kết quả", case.state.label)
    kept = "Vĩnh viễn" if until is None else f"{rule.keep_years} năm, đến hết {short_date(until, 'vi')}"
    yield _row("Thời hạn bảo quản", kept)


def _papers(page: CasePage) -> Iterator[RecordSection]:
    labels = {field.name: field.label.vi for field in page.case.procedure.content.form.fields}
    given = [
        _row(labels.get(each.field, each.field), MEANS[each.means])
        for each in components_of_case(page.case.number)
    ]
    if given:
        yield RecordSection(heading="Giấy tờ trong hồ sơ", rows=tuple(given))
    sealed = [each for each in results_of_case(page.case.number) if each.sealed_at is not None]
    if sealed:
        yield RecordSection(
            heading="Kết quả đã ký số",
            columns=("Số, ký hiệu", "Tên", "Mã kiểm tra", "Tình trạng"),
            lines=tuple((each.number, each.title, each.code, _standing(each)) for each in sealed),
        )


def _standing(result: ResultOfCase) -> str:
    done = result.withdrawn
    if done is None or done.withdrawn_at is None:
        return "Còn hiệu lực khi đưa vào lưu trữ"
    return f"Đã thu hồi {_moment(done.withdrawn_at)}. {done.ground.label}"


def _words(page: CasePage) -> CaseWords:
    case = page.case
    values = [*page.values.values(), *(fact.value for each in page.decisions for fact in each.facts)]
    codes = {each for each in values if isinstance(each, str) and each.isdigit() and len(each) == 5}
    return CaseWords(case.procedure.content, place_names_on(timezone.localdate(case.filed_at), codes))


def _fact(line: FactLine) -> tuple[str, ...]:
    as_of = short_date(timezone.localdate(line.as_of), "vi") if line.as_of else EMPTY
    return (_vi(line.label), _vi(line.value), line.source.vi or EMPTY, as_of)


def _entry(entry: EntryView, names: dict[int, str]) -> tuple[str, ...]:
    return (
        _moment(entry.happened_at),
        f"{entry.label.vi} → {entry.to_state.label.vi}",
        _who(entry.actor, names),
        entry.reason[:LONGEST],
    )


def _who(reference: str, names: dict[int, str]) -> str:
    kind, _, number = reference.partition(":")
    if kind == "directive":
        return f"Theo chỉ thị {number}"
    if number.isdigit():
        return names.get(int(number), "Cán bộ")
    return "Hệ thống, theo quy tắc" if kind == "machine" else "Người nộp"


def _account_ids(page: CasePage) -> set[int]:
    actors = {each.actor for each in page.entries} | {each.decided_by for each in page.decisions}
    numbers = (actor.partition(":")[2] for actor in actors if actor.startswith("account:"))
    return {int(number) for number in numbers if number.isdigit()}


def _row(label: Text, value: Text) -> ResultRow:
    said = _vi(value).strip()[:LONGEST] or EMPTY
    return ResultRow(label=_vi(label)[:300] or EMPTY, value=said)


def _vi(text: Text) -> str:
    return text if isinstance(text, str) else text.in_language("vi")


def _moment(moment: datetime) -> str:
    local = timezone.localtime(moment)
    return f"{local:%H:%M}, {short_date(local.date(), 'vi')}"
