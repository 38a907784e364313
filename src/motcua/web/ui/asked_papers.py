"""Ask once: where a form wants a paper, what data replaces it, or which papers of the citizen may stand for it."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.http import HttpRequest
from django.utils import timezone

from motcua.agencies.queries import agency
from motcua.cases.facts import gather
from motcua.cases.papers import replaces
from motcua.identity.people import PersonView
from motcua.procedures.content import FormField
from motcua.procedures.forms import REPLACED_BY_DATA
from motcua.procedures.queries import ProcedureView
from motcua.registers.facts import Fact
from motcua.vault.checking.faults import PaperRefused
from motcua.vault.checking.limits import MOST_BYTES
from motcua.vault.queries import PaperView, papers_of_kind
from motcua.vault.services import keep_upload
from motcua.web.ui.components import Choice, FieldError
from motcua.web.ui.known import facts_from_applicant
from motcua.web.ui.paper_words import SOURCES
from motcua.web.ui.sent_files import sent_file
from motcua.web.ui.words import Bilingual, short_date

REPLACED = Bilingual(
    "Không cần nộp giấy này: {source} đã có dữ liệu, tính đến {day}.",
    "You need not hand in this paper: {source} has the data, as of {day}.",
)
KEPT = Bilingual("{source}, {day}", "{source}, {day}")
NEW = Choice("", Bilingual("Tải lên giấy khác", "Upload another"))
NONE = Choice("", Bilingual("Không kèm, hoặc tải lên giấy khác", "None of these, or upload another"))


@dataclass(frozen=True, slots=True)
class Offer:
    """What a field for a paper offers: the fact that replaces it, or else papers that the citizen has."""

    field: FormField
    replaced_by: Fact | None
    papers: tuple[PaperView, ...]

    @property
    def note(self) -> Bilingual | None:
        """Say what replaces the paper; nothing where one is asked for."""
        fact = self.replaced_by
        if fact is None:
            return None
        as_of = fact.as_of or fact.asked_at
        return REPLACED.filled(
            source=Bilingual(fact.source_title, fact.source_title_en or fact.source_title),
            day=Bilingual(short_date(as_of, "vi"), short_date(as_of, "en")),
        )

    @property
    def choices(self) -> tuple[Choice, ...]:
        """Return the papers to choose from and the way to upload another; none if there is nothing to choose."""
        if not self.papers:
            return ()
        kept = (Choice(str(paper.id), paper.title, hint=_kept(paper)) for paper in self.papers)
        return (*kept, NEW if self.field.required else NONE)

    @property
    def first_choice(self) -> str:
        """Return what is chosen before anybody has: the newest paper, but where none is needed nothing goes along."""
        return str(self.papers[0].id) if self.papers and self.field.required else ""


def _kept(paper: PaperView) -> Bilingual:
    source = SOURCES[paper.source].filled(number=paper.case_number or paper.register)
    day = Bilingual(short_date(paper.as_of, "vi"), short_date(paper.as_of, "en"))
    return KEPT.filled(source=source, day=day)


def offers(
    procedure: ProcedureView, fields: Sequence[FormField], person: PersonView, *, now: datetime, today: date
) -> dict[str, Offer]:
    """Return what each field for a paper offers, by name; nothing is asked where no field wants one.

    The registers are asked only for facts that replace a paper of these fields, and the citizen sees that they were.
    """
    wanted = [field for field in fields if field.paper is not None]
    if not wanted:
        return {}
    facts = _facts(procedure, {field.paper.fact for field in wanted if field.paper}, person, now, today)
    kinds = {field.paper.kind for field in wanted if field.paper}
    papers = papers_of_kind(person.id, kinds)
    return {
        field.name: Offer(field, facts.get(field.paper.fact), tuple(papers[field.paper.kind]))
        for field in wanted
        if field.paper is not None
    }


def _facts(
    procedure: ProcedureView, names: set[str], person: PersonView, now: datetime, today: date
) -> dict[str, Fact]:
    content = procedure.content
    alone = facts_from_applicant(content.facts)
    # A fact may build on another one; without those that are wanted nothing is asked at all.
    if not names & {fact.name for fact in alone}:
        return {}
    gathered = gather(
        content=content.model_copy(update={"facts": alone}),
        values={},
        person_key=person.key,
        case_number="",
        agency_path=agency(content.manifest.agency).path,
        now=now,
        today=today,
    )
    return {fact.name: fact for fact in gathered.facts if fact.name in names and replaces(fact)}


def answered(
    request: HttpRequest,
    procedure: ProcedureView,
    offered: Mapping[str, Offer],
    person: PersonView,
    *,
    now: datetime,
    actor: str = "citizen",
    taken: list[uuid.UUID] | None = None,
) -> tuple[dict[str, str], tuple[FieldError, ...]]:
    """Return what was sent, with the id of a paper where a file or a choice stood, and what is wrong with files.

    An uploaded file is kept at once, whatever else the page lacks: it need not be sent again. ``actor`` hands it in;
    ids of papers that were not there before are added to ``taken``.
    """
    sent = {name: value for name, value in request.POST.items() if isinstance(value, str)}
    errors: list[FieldError] = []
    for name, offer in offered.items():
        if offer.replaced_by is not None:
            sent[name] = REPLACED_BY_DATA
            continue
        file, wrong = sent_file(request, f"{name}-file")
        if wrong is not None:
            errors.append(FieldError(name, wrong.message))
        elif file is not None:
            try:
                kept = keep_upload(
                    person_id=person.id,
                    kind=offer.field.paper.kind if offer.field.paper else "other",
                    title="",
                    file_name=str(file.name or ""),
                    content=file.read(MOST_BYTES + 1),
                    now=now,
                    today=timezone.localdate(now),
                    added_for=procedure.code,
                    actor=actor,
                )
            except PaperRefused as refusal:
                errors.append(FieldError(name, refusal.said))
            else:
                sent[name] = str(kept.id)
                if taken is not None and not kept.again:
                    taken.append(kept.id)
        elif sent.get(name) and _uuid(sent[name]) not in {paper.id for paper in offer.papers}:
            # Somebody else's, or deleted meanwhile.
            sent[name] = ""
    return sent, tuple(errors)


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
