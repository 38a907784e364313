"""Bad files for a draft: each is refused with a clear sentence in both languages, and changes nothing."""

import time

import pytest
from drafting import CODE, EXAMPLES, MODEL, MODEL_TEXT, NOW, Designer, designer, service

from motcua.packs.drafts import begin_draft, save_files
from motcua.packs.findings import Finding, PackRefused, in_vietnamese
from motcua.packs.models import DraftVersion, RuleDraft

__all__ = ["designer", "service"]
pytestmark = pytest.mark.django_db
BOMB = """<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;&c;">]><definitions>&d;</definitions>"""
OUTSIDE = '<?xml version="1.0"?><!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><definitions>&x;</definitions>'
BPMN = '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" id="x" name="x"/>'


def without_table(text: str) -> str:
    start, end = text.index("<decisionTable"), text.index("</decisionTable>") + len("</decisionTable>")
    return text[:start] + "<literalExpression><text>null</text></literalExpression>" + text[end:]


BAD_MODELS = {
    "empty": "",
    "no XML": "bảng quy tắc của tôi",
    "broken XML": MODEL_TEXT[:2000],
    "entity bomb": BOMB,
    "external entity": OUTSIDE,
    "another language": BPMN,
    "page": "<!doctype html><html><script>alert(1)</script></html>",
    "another service": MODEL_TEXT.replace("packs/new_service", "packs/travel_pass"),
    "wrong id": MODEL_TEXT.replace("decision_verdict", "decision_other"),
    "wrong name": MODEL_TEXT.replace('name="verdict" label', 'name="ruling" label').replace(
        '<variable name="verdict"', '<variable name="ruling"'
    ),
    "missing table": without_table(MODEL_TEXT),
    "deep nesting": "<a>" * 100_000,
    "unseen characters": MODEL_TEXT.replace("Kết quả xét", "Kết quả\u202e xét"),
}


def refusal(designer: Designer, path: str, content: bytes) -> tuple[Finding, ...]:
    """Return what is said of the file, after nothing was changed and no time was lost."""
    draft = begin_draft(code=CODE, rights=designer(), now=NOW)
    texts = RuleDraft.objects.get().texts
    begun = time.process_time()

    with pytest.raises(PackRefused) as refused:
        save_files(draft_id=draft, seen_version=0, files={path: content}, rights=designer(), now=NOW)

    assert time.process_time() - begun < 5
    kept = RuleDraft.objects.get()
    assert (kept.version, kept.texts, DraftVersion.objects.count()) == (0, texts, 0)
    for finding in refused.value.findings:
        assert finding.problem
        assert finding.remedy
        assert in_vietnamese(finding.problem) != str(finding.problem), finding
    return refused.value.findings


@pytest.mark.parametrize("name", BAD_MODELS)
def test_bad_file_of_rules_is_refused(designer: Designer, name: str) -> None:
    refusal(designer, MODEL, BAD_MODELS[name].encode())


def test_ten_megabytes_are_refused(designer: Designer) -> None:
    (finding,) = refusal(designer, MODEL, b"<definitions>" + b" " * 10_000_000)

    assert "2 MB" in in_vietnamese(finding.problem)


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", "Đà Nẵng".encode("utf-16")])
def test_what_is_not_utf8_is_refused(designer: Designer, content: bytes) -> None:
    (finding,) = refusal(designer, MODEL, content)

    assert "UTF-8" in in_vietnamese(finding.problem)


def test_wrong_id_names_the_decision_and_both_ids(designer: Designer) -> None:
    (finding,) = refusal(designer, MODEL, BAD_MODELS["wrong id"].encode())

    assert "“verdict” mang mã decision_other, của dịch vụ này là decision_verdict" in in_vietnamese(
        finding.problem
    )


@pytest.mark.parametrize(
    "content",
    ["answers: [", "answers:\n  - {name: x}\n", "base: &a {x: 1}\nanswers: []\n", "answer: []\n"],
)
def test_examples_that_cannot_be_read_are_refused(designer: Designer, content: str) -> None:
    draft = begin_draft(code=CODE, rights=designer(), now=NOW)

    with pytest.raises(PackRefused):
        save_files(
            draft_id=draft, seen_version=0, files={EXAMPLES: content.encode()}, rights=designer(), now=NOW
        )

    assert RuleDraft.objects.get().version == 0
