"""The papers that a form asks for: whether they are the applicant's, and how each part of a case was provided."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from motcua.procedures.content import Bilingual, FormField
from motcua.procedures.forms import REPLACED_BY_DATA, FormRefused, is_shown
from motcua.procedures.queries import ProcedureView
from motcua.registers.facts import Fact
from motcua.vault.services.provide import Provided, papers_standing, provide_components


@dataclass(frozen=True, slots=True)
class PapersOf:
    """What one request gives where its form asks for papers."""

    fields: Sequence[FormField]
    person_id: int
    values: Mapping[str, object]

    def wanted(self) -> list[tuple[FormField, tuple[int, str, uuid.UUID]]]:
        """Return each field that names a paper, with the person, the kind and the paper."""
        found = []
        for field in self.fields:
            paper_id = _paper_id(self.values.get(field.name))
            if paper_id is not None and field.paper is not None:
                found.append((field, (self.person_id, field.paper.kind, paper_id)))
        return found


def papers_amiss(several: Sequence[PapersOf]) -> list[dict[str, Bilingual]]:
    """Return, for each request, a message a field for papers that are not the applicant's or of another kind.

    Those that stand cannot be deleted until the transaction ends. One query, none where no paper is named.
    """
    wanted = [each.wanted() for each in several]
    named = {key for fields in wanted for _, key in fields}
    standing = papers_standing(named) if named else set()
    return [{field.name: _amiss(field) for field, key in fields if key not in standing} for fields in wanted]


def parts_of_case(
    *,
    case_number: str,
    procedure: ProcedureView,
    values: Mapping[str, object],
    facts: Iterable[Fact],
) -> list[Provided]:
    """Return how each part that the form asks for is provided, for ``vault.provide_components``.

    Data replaces a paper only where the register knew the answer and it was not no.
    """
    content = procedure.content
    known = {fact.name for fact in facts if replaces(fact)}
    return [
        Provided(
            case_number=case_number,
            procedure_code=procedure.code,
            field=field.name,
            kind=field.paper.kind,
            paper_id=_paper_id(values.get(field.name)),
            fact=field.paper.fact if field.paper.fact in known else "",
        )
        for field in content.form.fields
        if field.paper is not None
        and (field.name in values or field.required)
        and is_shown(field, values, content.form)
    ]


def provide_again(
    *,
    case_number: str,
    procedure: ProcedureView,
    fields: Sequence[FormField],
    person_id: int,
    values: Mapping[str, object],
    now: datetime,
) -> None:
    """Hold the papers that an applicant gives for these fields in place of those before.

    Raises ``FormRefused`` if one is not theirs or of another kind. Runs in the caller's transaction.
    """
    if not fields:
        return
    (amiss,) = papers_amiss([PapersOf(fields, person_id, values)])
    if amiss:
        raise FormRefused(amiss)
    names = {field.name for field in fields}
    parts = parts_of_case(case_number=case_number, procedure=procedure, values=values, facts=())
    provide_components([part for part in parts if part.field in names], now=now)


def replaces(fact: Fact) -> bool:
    """Tell whether what a register says stands in for the paper: it is known, and it is not a no."""
    return fact.answer in ("yes", "known")


def _paper_id(value: object) -> uuid.UUID | None:
    if value is None or value == REPLACED_BY_DATA:
        return None
    return uuid.UUID(str(value))


def _amiss(field: FormField) -> Bilingual:
    return Bilingual(
        vi=f"Giấy tờ ở mục “{field.label.vi}” không còn trong kho của bạn hoặc không đúng loại."
        " Chọn lại hoặc tải lên.",
        en=f"The paper for “{field.label.en}” is no longer among yours, or of another kind."
        " Choose again or upload it.",
    )
