"""The certificate of marital status with two agencies to ask and an amount that one of them works out."""

import shutil
from pathlib import Path

import pytest
from dossier import INSTALLED, ONE_STOP, PACK, SPECIALIST, Dossier, at, rights

from motcua.agencies.services import register_agency
from motcua.agencies.states import AgencyKind
from motcua.cases.services import answer_consult
from motcua.packs.services import install_pack

TAX = "tax_office"
_STATES = """
  consulting:
    label: {vi: Đang hỏi ý kiến, en: Others are being asked}
    explanation: {vi: Hai cơ quan đang trả lời cùng lúc, en: Two agencies answer at the same time}
    phase: person
    national_status: 4
    consults:
      - code: residence
        label: {vi: Nơi cư trú trước đây, en: Earlier residence}
        question: {vi: "Người này có cư trú như đã khai không?", en: "Did they live where they say?"}
        agency: cong_an
        within_working_days: 1
        findings:
          - {name: residence_confirmed, label: {vi: Đúng như đã khai, en: As declared}, type: boolean}
      - code: amount
        label: {vi: Số tiền phải nộp, en: What is owed}
        question: {vi: Xác định số tiền phải nộp, en: Work out what is owed}
        agency: tax_office
        within_working_days: 2
        findings:
          - {name: tax_vnd, label: {vi: Số tiền (đồng), en: Amount}, type: integer, minimum: 0}
          - {name: notice, label: {vi: Số thông báo, en: Notice}, type: string, required: false}
  awaiting_payment:
    label: {vi: Chờ bạn nộp tiền, en: Waits for your payment}
    explanation: {vi: Thời hạn tạm dừng đến khi bạn nộp, en: The term stands still until you pay}
    phase: citizen
    clock: payment
    national_status: 5
acts:
  consult:
    label: {vi: Hỏi các cơ quan, en: Ask the agencies}
    from: [with_specialist]
    to: consulting
    by: [specialist]
    findings:
      - {name: looked_at_on, label: {vi: Ngày tra sổ, en: Looked up on}, type: date}
  wait_longer:
    label: {vi: Hẹn lại trong khi chờ, en: Set a new date meanwhile}
    from: [consulting]
    to: consulting
    by: [specialist]
    extends: true
    letter: extended
    needs_reason: true
  ask_meanwhile:
    label: {vi: Yêu cầu bổ sung trong khi chờ, en: Ask for additions meanwhile}
    from: [consulting]
    to: awaiting_additions
    by: [specialist]
    letter: additions
    needs_reason: true
  not_confirmed:
    label: {vi: Chưa xác nhận được, en: Not confirmed}
    from: [consulting]
    to: with_specialist
    by: [machine]
    after: consults
    when: residence confirmed = false
  assessed:
    label: {vi: Đã có đủ trả lời, en: All have answered}
    from: [consulting]
    to: awaiting_payment
    by: [machine]
    after: consults
  paid:
    label: {vi: Đã nộp tiền, en: Paid}
    from: [awaiting_payment]
    to: with_specialist
    by: [machine]
"""
_FEE = """
  - code: tax
    label: {vi: Tiền phải nộp, en: Tax}
    legal_basis: Thông báo của cơ quan thuế
    amount: tax vnd
    when: before_decision
"""
_EXAMPLE = """
  - name: others_are_asked
    today: 2026-11-16
    filed_at: 2026-11-16 08:00
    form: {residence: "20194", marital_status: never_married, use: other, truthful: true}
    then:
      - {act: accept, by: one_stop_officer, state: with_specialist, at: 2026-11-16 08:30}
      - {act: consult, by: specialist, state: consulting, at: 2026-11-16 09:00, findings: {looked_at_on: 2026-11-16}}
      - {consult: amount, by: specialist, state: consulting, at: 2026-11-16 10:00, findings: {tax_vnd: 50000}}
      - {act: assessed, by: machine, state: consulting, at: 2026-11-16 10:30, refused: true}
      - {consult: residence, by: specialist, state: awaiting_payment, at: 2026-11-17 08:30,
         findings: {residence_confirmed: true}, due: paused}
      - {act: paid, by: machine, state: with_specialist, at: 2026-11-18 08:30, due: 2026-11-20 08:30}
"""


def write_pack(folder: Path) -> Path:
    """Write the pack into the folder and return where it is."""
    pack = folder / "marital_status"
    shutil.copytree(PACK, pack)
    for file, old, new in (
        ("workflow.yaml", "\nacts:\n", _STATES),
        (
            "workflow.yaml",
            "from: [received, with_specialist, with_police,",
            "from: [received, with_specialist, consulting, with_police,",
        ),
        ("fees.yaml", "    amount: 15000\n", "    amount: 0\n"),
        ("fees.yaml", "    when: at_filing\n", f"    when: at_filing{_FEE}"),
    ):
        path = pack / file
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
    cases = pack / "examples" / "cases.yaml"
    cases.write_text(cases.read_text(encoding="utf-8").rstrip() + _EXAMPLE, encoding="utf-8")
    return pack


@pytest.fixture
def asking(dossier: Dossier, tmp_path: Path) -> Dossier:
    """A case that asks both agencies since Monday 16 November at nine."""
    register_agency(
        code=TAX,
        name="Cơ quan thuế",
        name_en="Tax office",
        kind=AgencyKind.DEPARTMENT,
        parent=None,
        place_path="vn.p99",
        now=INSTALLED,
    )
    install_pack(path=write_pack(tmp_path), now=INSTALLED)
    dossier.file()
    dossier.act("accept", ONE_STOP, "16 08:30")
    dossier.act("consult", SPECIALIST, "16 09:00", looked_at_on="16/11/2026")
    return dossier


def answer(
    case: Dossier,
    code: str,
    moment: str,
    *,
    agency: str,
    account_id: int,
    words: str = "Đã xem.",
    **found: object,
) -> str:
    """Answer as a specialist of the agency."""
    mine = rights(SPECIALIST, agency)
    return answer_consult(
        number=case.number,
        code=code,
        rights=type(mine)(account_id, mine.grants),
        words=words,
        findings=found,
        now=at(moment),
    )
