"""The archive as archivists look through it: by year, service, term and number; one dossier, and its package."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from motcua.archives.bag import read_bag
from motcua.archives.queries import (
    FOREVER,
    MOST_LISTED,
    DossierLine,
    Shelf,
    Wanted,
    archived,
    archived_dossier,
    last_stamps,
    shelves,
)
from motcua.archives.services import DossierNotFound, PackageGone, open_package
from motcua.archives.stamps import stamped_file
from motcua.identity.states import Purpose
from motcua.web.ui.attachments import attachment
from motcua.web.ui.components import Choice, Row
from motcua.web.ui.officers import Officer, for_officers
from motcua.web.ui.words import Bilingual, date_in_words, number_in_words, short_date

FOR_EVER = Bilingual("Vĩnh viễn", "For ever")
YEARS = Bilingual("{years} năm", "{years} years")
COUNTED = Bilingual("{label} ({many})", "{label} ({many})")
UNTIL = Bilingual("{years} năm, đến hết ngày {day}", "{years} years, until the end of {day}")
SIZE = Bilingual("{files} tệp, {size} KB", "{files} files, {size} KB")


@require_safe
@for_officers(Purpose.KEEP_ARCHIVES, Purpose.DESTROY_RECORDS)
def archive(request: HttpRequest, officer: Officer) -> HttpResponse:
    """List what stands in the archive, as far as the filter says; nothing on the page names a person."""
    wanted = _wanted(request)
    lines, many = archived(officer.rights, wanted)
    page = {
        "officer": officer,
        "section": "archive",
        "part": "shelf",
        "wanted": wanted,
        "lines": [(line, term_of(line)) for line in lines],
        "many": many,
        "most": MOST_LISTED,
        **_choices(officer),
    }
    return render(request, "desk/archive/shelf.html", page)


@require_safe
@for_officers(Purpose.KEEP_ARCHIVES, Purpose.DESTROY_RECORDS)
def dossier(request: HttpRequest, officer: Officer, dossier_id: UUID) -> HttpResponse:
    """Show what is on record of one dossier; its package is opened by a press of its own."""
    line = archived_dossier(dossier_id, officer.rights)
    if line is None:
        raise Http404
    page = {
        "officer": officer,
        "section": "archive",
        "line": line,
        "rows": _rows(line),
        "stamps": last_stamps(dossier_id) if line.standing else (),
        "past": line.past_term(timezone.localdate(officer.now)),
    }
    return render(request, "desk/archive/dossier.html", page)


@require_safe
@for_officers(Purpose.KEEP_ARCHIVES)
def package(request: HttpRequest, officer: Officer, dossier_id: UUID) -> HttpResponse:
    """Give out the package; the applicant sees who opened it and when."""
    line, packed = _opened(officer, dossier_id)
    return attachment(packed, media_type="application/zip", file_name=f"ho-so-{line.case_number}.zip")


@require_safe
@for_officers(Purpose.KEEP_ARCHIVES)
def summary(request: HttpRequest, officer: Officer, dossier_id: UUID) -> HttpResponse:
    """Give out the summary of a dossier, which is a reading of it like any other."""
    line, packed = _opened(officer, dossier_id)
    content = read_bag(packed)["data/summary.pdf"]
    return attachment(content, media_type="application/pdf", file_name=f"tom-tat-{line.case_number}.pdf")


@require_safe
@for_officers(Purpose.KEEP_ARCHIVES)
def stamped(request: HttpRequest, officer: Officer, dossier_id: UUID, code: str) -> HttpResponse:
    """Give out a sealed result with every time stamp that the archive has put on it, the last one too."""
    line, packed = _opened(officer, dossier_id)
    content = stamped_file(packed, dossier_id=dossier_id, code=code)
    if content is None:
        raise Http404
    return attachment(
        content, media_type="application/pdf", file_name=f"ket-qua-{line.case_number}-{code}.pdf"
    )


def term_of(line: DossierLine) -> Bilingual:
    """Return how long the dossier is kept, in words."""
    if line.keep_years is None or line.keep_until is None:
        return FOR_EVER
    until = Bilingual(short_date(line.keep_until, "vi"), short_date(line.keep_until, "en"))
    return UNTIL.filled(years=line.keep_years, day=until)


def _opened(officer: Officer, dossier_id: UUID) -> tuple[DossierLine, bytes]:
    line = archived_dossier(dossier_id, officer.rights)
    try:
        packed = open_package(dossier_id=dossier_id, rights=officer.rights, now=officer.now)
    except (DossierNotFound, PackageGone):
        raise Http404 from None
    assert line is not None
    return line, packed


def _wanted(request: HttpRequest) -> Wanted:
    asked = request.GET
    year, term = asked.get("year", ""), asked.get("term", "")
    return Wanted(
        year=int(year) if year.isdecimal() and len(year) == 4 else None,
        procedure=asked.get("service", "")[:60],
        term=term if term == FOREVER or (term.isdecimal() and len(term) < 4) else "",
        number="".join(asked.get("number", "").split()).upper()[:60],
    )


def _choices(officer: Officer) -> dict[str, object]:
    found = shelves(officer.rights)
    return {
        "years": [_choice(each, Bilingual(each.value, each.value)) for each in found.years],
        "services": [
            _choice(each, each.label or Bilingual(each.value, each.value)) for each in found.procedures
        ],
        "terms": [
            _choice(each, FOR_EVER if each.value == FOREVER else YEARS.filled(years=each.value))
            for each in found.terms
        ],
    }


def _choice(shelf: Shelf, label: object) -> Choice:
    return Choice(shelf.value, COUNTED.filled(label=label, many=shelf.dossiers))


def _rows(line: DossierLine) -> tuple[Row, ...]:
    days = {
        name: Bilingual(*(date_in_words(timezone.localdate(moment), language) for language in ("vi", "en")))
        for name, moment in (
            ("filed", line.filed_at),
            ("ended", line.ended_at),
            ("archived", line.archived_at),
        )
    }
    kilobytes = max(1, round(line.bytes / 1024))
    size = Bilingual(number_in_words(kilobytes, "vi"), number_in_words(kilobytes, "en"))
    return (
        Row(Bilingual("Thủ tục", "Service"), line.title),
        Row(Bilingual("Nhóm hồ sơ", "Heading"), line.heading),
        Row(Bilingual("Thời hạn bảo quản", "Kept for"), term_of(line)),
        Row(Bilingual("Ngày nộp", "Filed"), days["filed"]),
        Row(Bilingual("Ngày kết thúc", "Ended"), days["ended"]),
        Row(Bilingual("Ngày đưa vào lưu trữ", "Archived"), days["archived"]),
        Row(Bilingual("Gói lưu trữ", "Package"), SIZE.filled(files=line.files, size=size)),
        Row(Bilingual("Mã băm SHA-256", "SHA-256"), line.sha256),
    )
