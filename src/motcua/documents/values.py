"""What each template is filled with: strict models, so that a missing value is an error, not a blank."""

from datetime import datetime
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

LOCAL = ZoneInfo("Asia/Ho_Chi_Minh")
Line = Annotated[str, StringConstraints(min_length=1, max_length=300)]
Paragraph = Annotated[str, StringConstraints(min_length=1, max_length=4000)]


class Values(BaseModel):
    """Values of a template: frozen, and an unknown name is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Words(Values):
    """One line in both languages."""

    vi: Line
    en: Line


class PassRow(Values):
    """A labelled line of a pass."""

    label: Words
    value: Line


class PassPage(Values):
    """A printable pass: both languages, because citizen and inspector may read different ones."""

    agency: Words
    title: Words
    number: Line
    holder: Line
    birth_year: int | None
    rows: tuple[PassRow, ...]
    valid_from: datetime
    valid_to: datetime
    qr_text: Annotated[str, StringConstraints(min_length=1, max_length=2000)]
    check_address: Line
    legal_basis: tuple[Line, ...] = ()
    notes: tuple[Words, ...] = ()
    paper: Literal["a4", "a5"] = "a5"


class QrCard(Values):
    """One person's QR on a sheet; ``line`` is the row of the list, by which sheets are handed out."""

    number: Line
    holder: Line
    line: int
    valid_from: datetime
    valid_to: datetime
    qr_text: Annotated[str, StringConstraints(min_length=1, max_length=2000)]


class QrSheets(Values):
    """Sheets of QR for many people: ``one`` to a page (A6) or ``eight`` (A4)."""

    agency: Words
    title: Words
    check_address: Line
    layout: Literal["one", "eight"]
    cards: Annotated[tuple[QrCard, ...], Field(min_length=1, max_length=1000)]


class ReadFact(Values):
    """A fact that the decision read, as the letter shows it."""

    label: Line
    value: Line
    source: Line
    as_of: Line


class DecisionLetter(Values):
    """A decision told to a citizen, in the one language they chose."""

    language: Literal["vi", "en"]
    agency: Line
    place: Line
    number: Line
    title: Line
    recipient: Line
    decided_at: datetime
    body: Paragraph
    answer: Literal["granted", "refused", "waiting"]
    reasons: tuple[Paragraph, ...]
    facts: tuple[ReadFact, ...]
    remedies: tuple[Paragraph, ...]
    objection: Paragraph | None
    legal_basis: tuple[Line, ...]
    decided_by: Line


class ReceiptLine(Values):
    """One item of a receipt, with the reason why it is less than the schedule says, if so."""

    label: Words
    legal_basis: Line
    amount: Line
    exempt: Words | None = None


class FeeReceiptPage(Values):
    """The receipt of a fee: amounts as they are written, ``total_in_words`` in Vietnamese."""

    agency: Words
    number: Line
    issued_at: Line
    case_number: Line
    service: Words
    payer: Line | None
    lines: Annotated[tuple[ReceiptLine, ...], Field(min_length=1, max_length=40)]
    total: Line
    total_in_words: Line
    payments: tuple[Line, ...]


class ResultRow(Values):
    """A labelled line of a result."""

    label: Line
    value: Paragraph


class RequestReceipt(Values):
    """The receipt of a request, in one language; ``officer`` is who received it at a counter."""

    language: Literal["vi", "en"]
    agency: Line
    received_at: Line
    place: Line
    made_at: datetime
    number: Line
    title: Line
    holder: Line
    applicant: tuple[ResultRow, ...]
    papers: Annotated[tuple[ResultRow, ...], Field(min_length=1, max_length=60)]
    rows: tuple[ResultRow, ...]
    notes: tuple[Paragraph, ...]
    status_address: Annotated[str, StringConstraints(min_length=1, max_length=300, pattern=r"^https?://\S+$")]
    officer: Line | None = None


class ResultText(Values):
    """What a result says, as whoever drafts it fills it in; ``signing_post`` stands over the leader's signature."""

    agency_above: Line | None = None
    title: Line
    legal_basis: tuple[Line, ...] = ()
    opening: tuple[Paragraph, ...] = ()
    rows: tuple[ResultRow, ...] = ()
    closing: tuple[Paragraph, ...] = ()
    signing_post: Line
    copies: tuple[Line, ...] = ()


class ResultPaper(ResultText):
    """A result before it is signed; number and date come with the seal."""

    agency: Line
    case_number: Line
    code: Line
    verify_address: Annotated[str, StringConstraints(min_length=1, max_length=300, pattern=r"^https?://\S+$")]


Cell = Annotated[str, StringConstraints(max_length=4000)]


class RecordSection(Values):
    """A part of a record: paragraphs, labelled lines, and a table whose lines are as long as its ``columns``."""

    heading: Line
    paragraphs: tuple[Paragraph, ...] = ()
    rows: tuple[ResultRow, ...] = ()
    columns: tuple[Line, ...] = ()
    lines: tuple[tuple[Cell, ...], ...] = ()


class RecordPage(Values):
    """A record for the archive, in Vietnamese: a summary of a dossier, the minutes of a destruction."""

    agency: Line
    place: Line
    made_at: datetime
    number: Line
    title: Line
    sections: Annotated[tuple[RecordSection, ...], Field(min_length=1)]
    signers: tuple[ResultRow, ...] = ()


class SignatureStamp(Values):
    """What a person's signature shows on the paper."""

    part: Literal["specialist", "leader"]
    name: Line
    agency: Line
    signed_at: datetime


class SealStamp(Values):
    """What the seal of an agency shows on the paper: number and date too."""

    part: Literal["agency"] = "agency"
    agency: Line
    number: Line
    place: Line
    signed_at: datetime


def moment_in_words(at: datetime) -> str:
    """Return the local hour and date as the city writes them: ``06:00, 05/09/2021``."""
    return at.astimezone(LOCAL).strftime("%H:%M, %d/%m/%Y")


def day_in_words(at: datetime, language: str) -> str:
    """Return the local date as a letter head has it: ``ngày 05 tháng 9 năm 2021`` or ``5 September 2021``."""
    day = at.astimezone(LOCAL)
    if language == "en":
        return f"{day.day} {day:%B} {day.year}"
    # Decree 30/2020 on clerical work: a leading zero for days below 10 and for months 1 and 2 only.
    month = f"{day.month:02d}" if day.month < 3 else str(day.month)
    return f"ngày {day.day:02d} tháng {month} năm {day.year}"


def moment_of_signing(at: datetime) -> str:
    """Return the local moment as digital signatures show it: ``2026-11-22T19:05:01+07:00``."""
    return at.astimezone(LOCAL).isoformat(timespec="seconds")


def number_in_words(number: int, year: int, notation: str) -> str:
    """Return a number as papers carry it: ``07/2026/GXN-UBND``; below ten with a nought (Decree 30/2020, annex I)."""
    return f"{number:02d}/{year}/{notation}"
