"""The letter about a case: the pack's words, with the decision's reasons and sources, as a PDF."""

from datetime import datetime

from django.utils import timezone

from motcua.cases.desk.apologies import APOLOGIZE
from motcua.cases.queries import CasePage
from motcua.cases.states import Phase
from motcua.credentials.queries import standing_credential
from motcua.documents.services import render_pdf
from motcua.documents.values import DecisionLetter, ReadFact
from motcua.procedures.content import Bilingual as Words
from motcua.procedures.content import Letter
from motcua.procedures.found import as_field
from motcua.web.portal.passes import issuer_of
from motcua.web.portal.reasons import Reasons, gives_less, reasons_of
from motcua.web.ui.known import FactLine
from motcua.web.ui.questions import in_words
from motcua.web.ui.words import Bilingual, short_date

PLACE = Bilingual("Đà Nẵng", "Đà Nẵng")
BY_RULE = Bilingual(
    "Hệ thống, theo bảng quyết định đã công bố", "The system, by the published decision tables"
)
BY_OFFICER = Bilingual("Cán bộ được phân công", "The officer in charge")
OBJECT_BY = Bilingual(
    "Gửi ý kiến trên trang hồ sơ của bạn hoặc tại bộ phận một cửa, đến hết ngày {day}. "
    "Một cán bộ sẽ đọc, xem lại dữ liệu và trả lời.",
    "Object on the page of your case or at the one-stop office, by {day}. "
    "An officer reads it, looks at the data again and answers.",
)
LAW = Bilingual("Căn cứ: {law}.", "Legal basis: {law}.")
IF_INSTEAD = Bilingual("{label}: {after} (hiện nay: {before})", "{label}: {after} (now: {before})")
CHANGES = Bilingual("Kết quả sẽ khác nếu {changes}.", "The answer would be another if {changes}.")
ANSWERS = {Phase.GRANTED: "granted", Phase.REFUSED: "refused"}
# An act that no letter goes with, such as a wait, leaves the letter before it standing.
UNDATED = "…"


# Sent when a date was missed, in any service: the law keeps the date, the office gives its word for another.
APOLOGY = Letter(
    title=Words(vi="Thư xin lỗi vì trả kết quả trễ hẹn", en="Apology for a late result"),
    body=Words(
        vi="Chào {applicant}. {agency} xin lỗi bạn vì kết quả hồ sơ {number} ({service}) không được trả đúng ngày"
        " hẹn {due_on}. Lý do: {officer_reason} Chúng tôi hẹn trả kết quả chậm nhất ngày {extended_until}. Thời hạn"
        " theo quy định không thay đổi: hồ sơ của bạn được tính là trễ hạn.",
        en="Dear {applicant}. {agency} apologizes: the result of case {number} ({service}) was not ready on"
        " {due_on} as promised. The reason: {officer_reason} We promise it by {extended_until}. The legal term"
        " stays as it was: your case counts as late.",
    ),
)


def letter_pdf(page: CasePage, language: str, *, made_at: datetime) -> bytes | None:
    """Typeset the letter of the last act that sends one, or return None if none has been sent."""
    found = _standing_letter(page)
    if found is None:
        return None
    letter, sent_at, reason = found
    reasons = reasons_of(page, timezone.localdate(made_at))
    if page.case.phase == Phase.GRANTED and not gives_less(page, reasons):
        # What was asked for needs no reason.
        reasons = None
    until = page.object_until if page.case.phase == Phase.REFUSED else None
    lines = (*reasons.decisive, *reasons.others) if reasons else ()
    manifest = page.case.procedure.content.manifest
    values = DecisionLetter.model_validate(
        {
            "language": language,
            "agency": issuer_of(page).in_language(language),
            "place": PLACE.in_language(language),
            "number": page.case.number,
            "title": filled(letter.title, page, sent_at, reason).in_language(language),
            "recipient": page.applicant.name,
            "decided_at": sent_at,
            "body": filled(letter.body, page, sent_at, reason).in_language(language),
            "answer": ANSWERS.get(page.case.phase, "waiting"),
            "reasons": _why(reasons, language),
            "facts": [_read(line, language) for line in lines],
            "remedies": _what_helps(reasons, language),
            "objection": OBJECT_BY.filled(day=_day(until)).in_language(language) if until else None,
            "legal_basis": [
                f"{law.title.in_language(language)} ({law.number})" for law in manifest.legal_basis
            ],
            "decided_by": _decided_by(page).in_language(language),
        }
    )
    return render_pdf("letter", values, made_at=made_at)


def letter_name(number: str) -> str:
    """Return the name under which a browser saves the letter."""
    return f"thu-{number}.pdf"


def filled(words: Words, page: CasePage, sent_at: datetime, reason: str) -> Bilingual:
    """Fill in the names that a letter may use; a value that the case does not have is an ellipsis."""
    credential = standing_credential(page.case.number)
    content = page.case.procedure.content
    title = content.manifest.title
    # Put in once and never read again: a name or a reason that looks like {number} stays as it is.
    return Bilingual(words.vi, words.en).filled(
        applicant=page.applicant.name,
        number=page.case.number,
        service=title,
        agency=issuer_of(page),
        filed_on=_day(page.case.filed_at),
        decided_on=_day(sent_at),
        due_on=_day(page.case.due_at),
        valid_from=_day(credential.valid_from) if credential else UNDATED,
        valid_until=_day(credential.valid_to) if credential else UNDATED,
        objection_until=_day(page.object_until) if page.object_until else UNDATED,
        officer_reason=reason or UNDATED,
        extended_until=_extended(page),
        **_found(page),
    )


def _found(page: CasePage) -> dict[str, object]:
    """Return everything that may be found out, in words; what nobody has found out is an ellipsis."""
    found: dict[str, object] = {}
    for entry in page.entries:
        found |= entry.findings
    today = timezone.localdate()
    return {
        name: UNDATED if found.get(name) is None else in_words(as_field(declared), found[name], today)
        for name, declared in page.case.procedure.content.workflow.findings.items()
    }


def _extended(page: CasePage) -> Bilingual | str:
    """Return the new date that was set for the answer."""
    until = next((entry.until for entry in reversed(page.entries) if entry.until is not None), None)
    return _day(until) if until else UNDATED


def _standing_letter(page: CasePage) -> tuple[Letter, datetime, str] | None:
    content = page.case.procedure.content
    for entry in reversed(page.entries):
        if entry.act == APOLOGIZE:
            return APOLOGY, entry.happened_at, entry.reason
        act = content.workflow.acts.get(entry.act)
        if act is not None and act.letter is not None:
            return content.letters[act.letter], entry.happened_at, entry.reason
    return None


def _why(reasons: Reasons | None, language: str) -> list[str]:
    if reasons is None:
        return []
    sentence = reasons.sentence.in_language(language)
    return [
        f"{sentence} {LAW.filled(law=reasons.source).in_language(language)}" if reasons.source else sentence
    ]


def _read(line: FactLine, language: str) -> ReadFact:
    unclear = "" if line.known else f" ({line.reason.in_language(language)})"
    return ReadFact(
        label=line.label.in_language(language),
        value=f"{line.value.in_language(language)}{unclear}",
        source=line.source.in_language(language),
        as_of=_day(line.as_of).in_language(language) if line.as_of else UNDATED,
    )


def _what_helps(reasons: Reasons | None, language: str) -> list[str]:
    if reasons is None:
        return []
    found = [reasons.remedy.in_language(language)] if reasons.remedy else []
    for change in reasons.changes[:1]:
        parts = [
            IF_INSTEAD.filled(label=one.label, before=one.before, after=one.after).in_language(language)
            for one in change
        ]
        found.append(CHANGES.filled(changes="; ".join(parts)).in_language(language))
    return found


def _decided_by(page: CasePage) -> Bilingual:
    return BY_RULE if page.decision is None or page.decision.by_machine else BY_OFFICER


def _day(moment: datetime) -> Bilingual:
    day = timezone.localdate(moment)
    return Bilingual(short_date(day, "vi"), short_date(day, "en"))
