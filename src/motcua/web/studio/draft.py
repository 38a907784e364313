"""The page of a draft: what its check says, what differs from the rules in force, its files, what comes next."""

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from motcua import rules
from motcua.identity.queries import account_names
from motcua.identity.states import Purpose
from motcua.packs.comparing import RowChange, TableChange, compare
from motcua.packs.drafts import ServiceNotYours
from motcua.packs.findings import PackRefused
from motcua.packs.folders import PackFolder
from motcua.packs.queries import DraftView, NoOpenDraft, open_draft
from motcua.packs.reading import Pack, pack_of
from motcua.packs.report import Report, report_on_texts
from motcua.packs.uploads import files_open_to_change
from motcua.procedures.queries import ProcedureView
from motcua.web.ui.components import Moment
from motcua.web.ui.officers import Officer, for_officers
from motcua.web.ui.rule_tables import RuleRow, RuleTable, rule_tables
from motcua.web.ui.words import Bilingual, InTwoLanguages

ROW = {
    "added": (Bilingual("Dòng mới", "New row"), "green"),
    "removed": (Bilingual("Dòng bỏ", "Row removed"), "red"),
    "changed": (Bilingual("Dòng sửa", "Row changed"), "yellow"),
    "moved": (Bilingual("Dòng chuyển chỗ", "Row moved"), "blue"),
}
HOLDS = {
    "decisions/": Bilingual("Bảng quy tắc", "The tables of rules"),
    "SOURCES": Bilingual("Căn cứ của từng quy tắc", "What each rule is based on"),
    "examples/": Bilingual("Ví dụ chứng minh quy tắc", "Examples that prove the rules"),
    "words": Bilingual("Câu chữ dùng trong bảng", "Words used in the tables"),
}
TABLE = {
    "added": Bilingual("Bảng mới", "New table"),
    "removed": Bilingual("Bảng bị bỏ", "Table removed"),
    "changed": Bilingual("Bảng đã sửa", "Table changed"),
}


@dataclass(frozen=True, slots=True)
class RowPair:
    """One row that differs, in words as it was and as it would be."""

    kind: Bilingual
    color: str
    before: RuleRow | None
    after: RuleRow | None


@dataclass(frozen=True, slots=True)
class TableDifference:
    """One table that differs."""

    title: InTwoLanguages
    kind: Bilingual
    columns: bool
    rows: tuple[RowPair, ...]


@dataclass(frozen=True, slots=True)
class Opened:
    """A service with its open draft, read and checked."""

    procedure: ProcedureView
    draft: DraftView
    pack: Pack
    report: Report

    @property
    def changes_rules(self) -> bool:
        """Tell whether anything that runs differs from what is in force."""
        return self.pack.sha256 != self.procedure.sha256

    @property
    def is_behind(self) -> bool:
        """Tell whether another revision came into force since the draft was begun."""
        return self.draft.based_on != self.procedure.number


@require_safe
@for_officers(Purpose.DESIGN_SERVICES)
def draft(request: HttpRequest, officer: Officer, code: str) -> HttpResponse:
    """Show the open draft of a service; without one, the service."""
    opened = opened_draft(code, officer)
    if opened is None:
        return redirect("studio:service", code)
    page = {
        **draft_page(opened, officer),
        "differences": differences(opened),
        "files": [(path, what_is(path)) for path in files_open_to_change(opened.draft.texts)],
        "history": history(opened.draft),
        "saved": request.GET.get("saved", "") == "1",
        "begun": request.GET.get("begun", "") == "1",
    }
    return render(request, "studio/draft.html", page)


def what_is(path: str) -> Bilingual | None:
    """Return what a file of a pack holds, for who does not know its name by heart."""
    return next((said for beginning, said in HOLDS.items() if path.startswith(beginning)), None)


def opened_draft(code: str, officer: Officer) -> Opened | None:
    """Return the open draft of the service, or None; 404 for a service that is not the officer's."""
    try:
        procedure, found = open_draft(code, officer.rights)
    except ServiceNotYours:
        raise Http404(code) from None
    except NoOpenDraft:
        return None
    try:
        pack = pack_of(PackFolder(code, found.texts))
    except PackRefused as refusal:
        # A save refuses such files; only an update of the platform could have made them wrong since.
        raise Http404(str(refusal)) from None
    return Opened(procedure, found, pack, report_on_texts(code, tuple(found.texts.items())))


def draft_page(opened: Opened, officer: Officer) -> dict[str, object]:
    """Return what every page of a draft shows."""
    return {
        "officer": officer,
        "section": "studio",
        "code": opened.procedure.code,
        "title": opened.procedure.content.manifest.title,
        "procedure": opened.procedure,
        "draft": opened.draft,
        "report": opened.report,
        "changes_rules": opened.changes_rules,
        "is_behind": opened.is_behind,
        "is_author": officer.account_id in opened.draft.authors,
        "model_file": opened.pack.model_file,
    }


def differences(opened: Opened) -> tuple[TableDifference, ...]:
    """Return what differs from the rules in force, each row in words."""
    standing = opened.procedure
    try:
        model = rules.load(opened.pack.content.decision_model.encode())
    except rules.ModelRefused:
        return ()
    before = _by_decision(rule_tables(standing.content, standing.model))
    after = _by_decision(rule_tables(opened.pack.content, model))
    return tuple(_difference(change, before, after) for change in compare(standing.model, model))


def _by_decision(tables: tuple[RuleTable, ...]) -> dict[str, RuleTable]:
    return {table.decision: table for table in tables}


def _difference(
    change: TableChange, before: dict[str, RuleTable], after: dict[str, RuleTable]
) -> TableDifference:
    old, new = before.get(change.decision), after.get(change.decision)
    table = new or old
    return TableDifference(
        title=table.title if table else Bilingual(change.decision, change.decision),
        kind=TABLE[change.kind],
        columns=change.columns and change.kind == "changed",
        rows=tuple(_pair(row, old, new) for row in change.rows),
    )


def _pair(row: RowChange, old: RuleTable | None, new: RuleTable | None) -> RowPair:
    kind, color = ROW[row.kind]
    before = old.rows[row.before - 1] if old and row.before else None
    after = new.rows[row.after - 1] if new and row.after else None
    return RowPair(kind, color, before, after)


def history(draft: DraftView) -> tuple[Moment, ...]:
    """Return who saved what, newest first, down to the beginning; one query."""
    names = account_names(draft.accounts)
    savings = [
        Moment(
            title=Bilingual(f"Lưu lần {saving.number}", f"Saved, version {saving.number}"),
            at=saving.saved_at,
            text=", ".join(saving.files),
            by=names.get(saving.saved_by, ""),
        )
        for saving in reversed(draft.savings)
    ]
    begun = Moment(
        title=Bilingual(f"Bắt đầu từ phiên bản {draft.based_on}", f"Begun from version {draft.based_on}"),
        at=draft.begun_at,
        by=names.get(draft.begun_by, ""),
    )
    return (*savings, begun)
