"""A garden service that firms may ask for on behalf of their people, and a firm with an owner."""

import csv
import io
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from garden import (
    FACTS,
    FORM,
    MEMBER,
    NOW,
    STRANGER,
    UNSURE,
    WARD,
    Cite,
    Citizen,
    citizen,
    content,
    members,
    words,
)
from garden import procedure as garden_procedure

from motcua.cases.bulk.check import check_upload
from motcua.cases.bulk.models import BulkUpload
from motcua.cases.bulk.services import take_upload
from motcua.procedures.content import Content
from motcua.procedures.forms import read_form
from motcua.procedures.queries import ProcedureView, procedure_in_force
from motcua.procedures.services import install_revision
from motcua.registers.declaration import Declaration
from motcua.registers.services import declare, load_csv

__all__ = ["citizen", "garden_procedure", "members"]

OWNER, CLERK = "048075000011", "048175000012"
FIRM, OTHER_FIRM, FIRM_WITHOUT_OWNER = "0401234566", "0409876540", "0400000004"
HEADING = ("Số định danh cá nhân", "Họ và tên", "Phường", "Loại chìa", "Cần từ ngày", "Ghi chú")


def bulk_content(**changes: object) -> Content:
    form = {
        **FORM,
        "required": ["ward", "firm", "kind", "truthful"],
        "properties": {
            **FORM["properties"],  # type: ignore[dict-item]
            "firm": {
                "type": "string",
                "minLength": 10,
                "pattern": "^[0-9]{10}$",
                "x-label": words("Mã số thuế"),
                "x-pattern-hint": words("Mười chữ số."),
            },
            "kind": {
                "type": "string",
                "enum": ["day", "night"],
                "x-label": words("Loại chìa"),
                "x-widget": "radios",
                "x-options": [
                    {"value": "day", "label": words("Ban ngày")},
                    {"value": "night", "label": words("Ban đêm")},
                ],
            },
            "needed_from": {"type": "string", "x-label": words("Cần từ ngày"), "x-widget": "date"},
            "truthful": {"type": "boolean", "x-label": words("Cam kết"), "x-widget": "checkbox"},
        },
        "x-steps": [
            {
                "name": "only",
                "label": words("Một"),
                "fields": ["ward", "firm", "kind", "needed_from", "note", "truthful"],
            }
        ],
    }
    facts = [
        *FACTS,
        {
            "name": "owner_of_firm",
            "label": words("Là chủ"),
            "register": "firms",
            "match": {"tax_code": "form.firm", "owner": "applicant"},
        },
    ]
    plain = content()
    bulk = {
        "firm": "firm",
        "authority": "owner_of_firm",
        "firm_name": "name",
        "promised": ["truthful"],
        "told": {},
    }
    manifest = {**plain.manifest.model_dump(), "bulk": {**bulk, **changes}}
    return content(manifest=manifest, form=read_form(form).model_dump(by_alias=True), facts=facts)


@pytest.fixture
def procedure(garden_procedure: ProcedureView, tmp_path: Path) -> ProcedureView:
    declare(
        Declaration.model_validate(
            {
                "name": "firms",
                "title": words("Danh sách doanh nghiệp"),
                "owner": "garden",
                "absence_means": "no",
                "purposes": ["garden_key"],
                "key": ["tax_code"],
                "lookups": ["owner"],
                "columns": [
                    {"name": "tax_code", "type": "tax_code", "label": words("Mã"), "required": True},
                    {"name": "name", "type": "text", "label": words("Tên")},
                    {"name": "owner", "type": "person", "label": words("Chủ")},
                ],
            }
        ),
        now=NOW,
    )
    path = tmp_path / "firms.csv"
    rows = [
        (FIRM, "Vườn Xanh", OWNER),
        (OTHER_FIRM, "Nhà Khác", STRANGER),
        (FIRM_WITHOUT_OWNER, "Chưa Rõ", ""),
    ]
    path.write_text("tax_code,name,owner\n" + "".join(f"{','.join(row)}\n" for row in rows))
    load_csv(register="firms", path=path, as_of=NOW, now=NOW)
    install_revision(content=bulk_content(), sha256="d" * 64, now=NOW)
    return procedure_in_force("garden_key")


def row(number: str, name: str = "Trần Thị Thử", **cells: str) -> tuple[str, ...]:
    given = {"ward": f"Phường {WARD}", "kind": "Ban ngày", "needed_from": "20/11/2026", "note": "", **cells}
    return (number, name, *given.values())


def csv_of(rows: Sequence[Sequence[str]], heading: Sequence[str] = HEADING, delimiter: str = ",") -> bytes:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows([heading, *rows])
    return out.getvalue().encode()


def three() -> bytes:
    """Return a list of which one is granted, one refused, one referred."""
    return csv_of([row(MEMBER), row(STRANGER), row(UNSURE)])


def many(count: int) -> list[tuple[str, ...]]:
    """Return rows of people whom nobody knows, each with a number of their own."""
    return [
        row(f"048{90 + at // 1_000_000:03d}{at % 1_000_000:06d}", f"Người Thứ {at}") for at in range(count)
    ]


@dataclass(frozen=True, slots=True)
class Desk:
    """Hands lists in as somebody, and has them checked."""

    procedure: ProcedureView
    citizen: Cite

    def owner(self) -> Citizen:
        return self.citizen(OWNER)

    def hand_in(
        self, content: bytes, *, number: str = OWNER, firm: str = FIRM, name: str = "ds.csv"
    ) -> uuid.UUID:
        who = self.citizen(number)
        return take_upload(
            procedure=self.procedure,
            person=who.person,
            account_id=who.account_id,
            firm=firm,
            file_name=name,
            content=content,
            now=NOW,
        )

    def checked(self, content: bytes, **how: str) -> BulkUpload:
        upload_id = self.hand_in(content, **how)
        check_upload(upload_id=upload_id, now=NOW)
        return BulkUpload.objects.get(pk=upload_id)


@pytest.fixture
def desk(procedure: ProcedureView, citizen: Cite) -> Desk:
    return Desk(procedure, citizen)


Confirm = Callable[[BulkUpload], None]
