"""Gathers what belongs to a dossier: values, facts, decisions, history, papers, results, and the index of it all."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime

from django.conf import settings
from django.utils.module_loading import import_string

from motcua.archives.bag import Part
from motcua.archives.states import kept_until, rule_of, years_of
from motcua.cases.consults.queries import ConsultView
from motcua.cases.numbers import LOCAL
from motcua.cases.queries import CasePage, DecisionView, EntryView
from motcua.credentials.queries import pass_of_case
from motcua.documents.queries import ResultOfCase, WithdrawalOfCase, result_bytes, results_of_case
from motcua.documents.records import preserved
from motcua.fees.queries import demands_of_case
from motcua.identity.models import Person
from motcua.identity.numbers import PersonNumber
from motcua.vault.checking.kinds_of_file import EXTENSIONS
from motcua.vault.queries import ComponentView, components_of_case
from motcua.vault.services.read import read_held

# What a page of the platform shows of a case, made by the surfaces above: see site/wiring.py.
PagesOf = Callable[[CasePage, datetime], Iterable[Part]]
INDEX, DOSSIER = "index.jsonld", "dossier.json"
PDF, JSON, JSON_LD = "application/pdf", "application/json", "application/ld+json"


def parts_of(page: CasePage, *, now: datetime) -> list[Part]:
    """Return every file of a dossier but the ledger's proof and the index; some ten queries and what the pages ask."""
    number = page.case.number
    results, components = results_of_case(number), components_of_case(number)
    pages = [part for path in _pages() for part in path(page, now)]
    return [
        *pages,
        Part(DOSSIER, "Nội dung hồ sơ", JSON, _json(dossier_values(page, results, components))),
        *_papers(number, components),
        *_results(results, now),
        *_pass(number),
    ]


def index_part(page: CasePage, parts: Sequence[Part], *, archived_at: datetime) -> Part:
    """Return the index: Dublin Core terms as JSON-LD, of the dossier and of every file in it."""
    case = page.case
    manifest, rule = case.procedure.content.manifest, rule_of(case.procedure.content)
    until = kept_until(local_day(ended_at_of(page)), years_of(rule))
    index = {
        "@context": {
            "dcterms": "http://purl.org/dc/terms/",
            "premis": "http://www.loc.gov/premis/rdf/v3/",
            "xsd": "http://www.w3.org/2001/XMLSchema#",
        },
        "@id": f"urn:motcua:dossier:{case.number}",
        "@type": "dcterms:Collection",
        "dcterms:identifier": case.number,
        "dcterms:title": _said(manifest.title.vi, manifest.title.en),
        "dcterms:type": manifest.code,
        "dcterms:subject": _said(rule.heading.vi, rule.heading.en),
        "dcterms:creator": manifest.agency,
        "dcterms:language": "vi",
        "dcterms:dateSubmitted": _typed(case.filed_at),
        "dcterms:modified": _typed(ended_at_of(page)),
        "dcterms:dateAccepted": _typed(archived_at),
        "dcterms:accrualPolicy": "permanent" if until is None else f"{rule.keep_years} years",
        "dcterms:valid": "permanent" if until is None else until.isoformat(),
        "dcterms:bibliographicCitation": [law.number for law in manifest.legal_basis],
        "dcterms:hasPart": [
            {
                "@id": part.path,
                "dcterms:title": part.title,
                "dcterms:format": part.media_type,
                "dcterms:extent": len(part.content),
                "premis:fixity": f"sha512:{part.sha512}",
            }
            for part in parts
        ],
    }
    return Part(INDEX, "Mục lục hồ sơ", JSON_LD, _json(index))


def dossier_values(
    page: CasePage, results: Sequence[ResultOfCase], components: Sequence[ComponentView]
) -> dict[str, object]:
    """Return the dossier as plain values: what was asked and given, found, decided, done and paid."""
    case = page.case
    content, row = case.procedure.content, Person.objects.get(pk=page.applicant.id)
    return {
        "number": case.number,
        "procedure": {
            "code": case.procedure.code,
            "title": content.manifest.title.vi,
            "revision": case.procedure.number,
            "agency": content.manifest.agency,
            "agency_path": case.agency_path,
        },
        "place": {"code": case.place_code, "path": case.place_path},
        "channel": case.channel.value,
        "filed_at": case.filed_at,
        "due_at": case.due_at,
        "ended_at": ended_at_of(page),
        "state": {"name": case.state_name, "label": case.state.label.vi, "phase": case.phase.value},
        "applicant": {
            "name": page.applicant.name,
            "citizen_number": PersonNumber.unseal(bytes(row.number_sealed)).digits,
            "born_on": page.applicant.born_on,
            "sex": page.applicant.sex.value,
        },
        "form": [
            {"field": field.name, "label": field.label.vi, "value": page.values.get(field.name)}
            for field in content.form.fields
        ],
        "decisions": [_decision(each) for each in page.decisions],
        "history": [_entry(each) for each in page.entries],
        "consults": [_consult(each) for each in page.consults],
        "papers": [_component(each) for each in components],
        "results": [_result(each) for each in results],
        "fees": [
            {
                "occasion": each.occasion.value,
                "total_vnd": each.total_vnd,
                "kept_vnd": each.kept_vnd,
                "state": each.state.value,
                "asked_at": each.asked_at,
                "receipt": each.receipt,
            }
            for each in demands_of_case(case.number)
        ],
    }


def _decision(each: DecisionView) -> dict[str, object]:
    return {
        "decided_at": each.decided_at,
        "decided_by": each.decided_by,
        "answer": each.answer,
        "reason_code": each.reason_code,
        "rule": each.rule,
        "text": {"vi": each.text.vi, "en": each.text.en},
        "facts": [fact.to_json() for fact in each.facts],
        "explanation": each.explanation,
    }


def _entry(each: EntryView) -> dict[str, object]:
    return {
        "happened_at": each.happened_at,
        "act": each.act,
        "label": each.label.vi,
        "from": each.from_state.label.vi if each.from_state else "",
        "to": each.to_state.label.vi,
        "actor": each.actor,
        "reason": each.reason,
        "until": each.until,
        "corrected": {name: list(values) for name, values in each.corrected.items()},
        "findings": dict(each.findings),
    }


def _consult(each: ConsultView) -> dict[str, object]:
    return {
        "code": each.consult.code,
        "agency": each.agency_code,
        "asked_at": each.asked_at,
        "due_at": each.due_at,
        "answered_at": each.answered_at,
        "answered_by": each.answered_by,
        "taken_back_at": each.taken_back_at,
        "words": each.words,
        "findings": dict(each.findings),
    }


def _component(each: ComponentView) -> dict[str, object]:
    return {
        "field": each.field,
        "kind": each.kind,
        "means": each.means.value,
        "fact": each.fact,
        "paper": str(each.paper.id) if each.paper else None,
        "title": each.paper.title if each.paper else None,
        "sha256": each.paper.sha256 if each.paper else None,
    }


def _result(each: ResultOfCase) -> dict[str, object]:
    return {
        "id": str(each.id),
        "code": each.code,
        "number": each.number,
        "title": each.title,
        "state": each.state.value,
        "kind": each.kind.value,
        "sealed_at": each.sealed_at,
        "sha256": each.sha256,
        "replaces": str(each.replaces) if each.replaces else None,
        "withdrawn": _withdrawn(each.withdrawn) if each.withdrawn else None,
    }


def _withdrawn(each: WithdrawalOfCase) -> dict[str, object]:
    said = each.objection
    return {
        "at": each.withdrawn_at,
        "ground": each.ground.value,
        "reason": each.reason,
        "notice": str(each.notice_id),
        "objection": {
            "at": said.at,
            "text": said.text,
            "answer": said.answer.value if said.answer else "",
            "words": said.words,
            "answered_at": said.answered_at,
        }
        if said
        else None,
    }


def _papers(number: str, components: Sequence[ComponentView]) -> Iterable[Part]:
    given = [each.paper for each in components if each.paper is not None]
    for place, paper in enumerate(dict.fromkeys(given), start=1):
        path = f"papers/{place:02d}-{paper.kind.replace('_', '-')}.{EXTENSIONS[paper.media_type]}"
        read = read_held(paper_id=paper.id, case_number=number)
        yield Part(path, paper.title, paper.media_type, read.content)


def _results(results: Sequence[ResultOfCase], now: datetime) -> Iterable[Part]:
    # Only what was sealed was ever a paper; of drafts given up the values say that there were some.
    for each in results:
        if each.sealed_at is not None:
            content = result_bytes(each.id)
            yield Part(f"results/{each.code}.pdf", each.title, PDF, content)
            title = f"{each.title}, kèm dấu thời gian lưu trữ"
            yield Part(stamped_path(each.code), title, PDF, preserved(content, now=now))


def stamped_path(code: str) -> str:
    """Return where the file with the archive's time stamps stands: the sealed one, byte for byte, and what follows."""
    return f"results/{code}-lta.pdf"


def _pass(number: str) -> Iterable[Part]:
    # The text of the QR code is what was signed: whoever has the published keys checks it again.
    found = pass_of_case(number)
    if found is not None:
        yield Part("results/pass-qr.txt", "Mã QR của giấy đã cấp", "text/plain", found.text.encode())


def _pages() -> list[PagesOf]:
    paths: Sequence[str] = import_string(settings.MOTCUA_ARCHIVED_PAGES)
    return [import_string(path) for path in paths]


def ended_at_of(page: CasePage) -> datetime:
    """Return when something last happened to the case: a state that it reached, or an act that left it in one."""
    return max(page.case.changed_at, *(entry.happened_at for entry in page.entries[-1:]), page.case.filed_at)


def local_day(moment: datetime) -> date:
    """Return the day of the city on which the moment lies."""
    return moment.astimezone(LOCAL).date()


def _said(vi: str, en: str) -> list[dict[str, str]]:
    return [{"@language": "vi", "@value": vi}, {"@language": "en", "@value": en}]


def _typed(moment: datetime) -> dict[str, str]:
    return {"@type": "xsd:dateTime", "@value": moment.isoformat()}


def _json(value: Mapping[str, object]) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1, default=_plain).encode()


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)
