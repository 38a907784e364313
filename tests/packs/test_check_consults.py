"""Every mistake in findings, consults, the paper and the payment is told with its place and what to do."""

from pathlib import Path

import pytest
from consulting import write_pack

from motcua.packs.checks import check_pack
from motcua.packs.proof import prove
from motcua.packs.reading import read_pack

from .conftest import Spoiled

FLOW, PAPER, FEES = "workflow.yaml", "result.yaml", "fees.yaml"


@pytest.fixture
def asking(tmp_path: Path) -> Spoiled:
    return Spoiled(write_pack(tmp_path))


def test_pack_that_asks_others_and_ends_with_a_paper_is_in_order_and_proven(asking: Spoiled) -> None:
    pack = read_pack(asking.folder)

    assert check_pack(pack) == []
    assert prove(pack).findings == ()


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        (FLOW, "agency: tax_office", "agency: Tax-Office", "does not have the form"),
        (FLOW, "agency: tax_office", "agency: ttpvhcc", "which has the case itself"),
        (FLOW, "within_working_days: 2\n", "within_working_days: 9\n", "longer than the whole service"),
        (FLOW, "        within_working_days: 2\n", "", "by when the agency is to answer"),
        (FLOW, "code: amount", "code: residence", "the consult residence stands twice"),
        (FLOW, "name: tax_vnd", "name: partner", "has the name of a field of the form"),
        (FLOW, "name: notice", "name: officer_reason", "has the name of a name that the path gives"),
        (FLOW, "name: notice", "name: tax_vnd", "the finding tax_vnd stands twice"),
        (FLOW, "name: looked_at_on", "name: tax_vnd", "with another type"),
        (FLOW, "type: boolean}", "type: boolean, minimum: 1}", "only an integer or a number"),
        (FLOW, "    after: consults\n    when: residence confirmed = false\n", "    when: residence confirmed = false\n    after: answers\n", "is not an allowed value"),
        (FLOW, "    to: awaiting_payment\n    by: [machine]\n    after: consults\n", "    to: awaiting_payment\n    by: [machine]\n    after: consults\n    when: tax vnd > 0\n", "no condition holds"),
        (FLOW, "    when: residence confirmed = false\n", "", "which is then never taken"),
        (FLOW, "    when: residence confirmed = false\n", "    when: residence approved = false\n", "not_confirmed: when"),
        (FLOW, "    from: [consulting]\n    to: awaiting_payment\n    by: [machine]\n", "    from: [consulting]\n    to: awaiting_payment\n    by: [machine, specialist]\n", "follows the answers of agencies and is open to"),
        (FLOW, "    from: [consulting]\n    to: awaiting_payment\n", "    from: [consulting, with_leader]\n    to: awaiting_payment\n", "follows consults, and with_leader asks nobody"),
        (FLOW, "  paid:\n", "  was_paid:\n", "nothing leads on once all is paid"),
        (FLOW, "    effect: [draft_result, sign_result]\n", "    effect: draft_result\n", "without the specialist's signature"),
        (FLOW, "    effect: [draft_result, sign_result]\n", "    effect: sign_result\n", "a paper that nobody has drafted"),
        (FLOW, "    effect: [draft_result, sign_result]\n", "    effect: [draft_result, draft_result]\n", "an effect stands twice"),
        (FLOW, "    effect: [sign_result, issue_credential]\n", "    effect: issue_credential\n", "sealed without its two signatures"),
        (FLOW, "    from: [with_leader]\n    to: approved\n", "    from: [with_leader, objected]\n    to: approved\n", "approve from objected"),
        (FLOW, "    effect: seal_result\n", "", "returns a result whose paper nobody has sealed"),
        (FLOW, "    by: [specialist]\n    # Who drew", "    by: [specialist, approver]\n    # Who drew", "signs the paper and is open to"),
        (FLOW, "    by: [one_stop_officer]\n    effect: seal_result\n", "    by: [machine]\n    effect: seal_result\n", "let by name officers alone"),
        (PAPER, "{place}", "{places}", "is not a name that this paper knows"),
        (PAPER, "  place: residence name\n", "  place: residence name\n  age: birth year\n", "no paragraph says {age}"),
        (PAPER, "value: birth year", "value: year of birth", "Năm sinh: value"),
        (PAPER, "notation: GXN-TTPVHCC", "notation: gxn/1", "does not have the form"),
        (PAPER, "signing_post: Lãnh đạo Trung tâm", "signing_post: Lanh dao Trung tam Hanh chinh", "has no accents"),
        (FEES, "amount: tax vnd\n    when: before_decision", "amount: tax vnd\n    when: at_filing", "is not found out yet at filing"),
        (FEES, "amount: tax vnd", "amount: tax vnd / 3", "tax: the amount is"),
    ],
)  # fmt: skip
def test_mistake_is_told_with_its_place_and_remedy(
    asking: Spoiled, file: str, old: str, new: str, said: str
) -> None:
    asking.replace(file, old, new)

    told = [finding for finding in asking.every_fault() if said in str(finding)]

    assert told, [str(each) for each in asking.every_fault()]
    assert all(finding.line and finding.remedy for finding in told)


def test_effect_without_a_paper_is_told(asking: Spoiled) -> None:
    (asking.folder / PAPER).unlink()

    assert any("submit: draft_result needs a result.yaml" in each.problem for each in asking.every_fault())


def test_example_whose_paper_would_lack_a_value_is_told(asking: Spoiled) -> None:
    asking.replace(PAPER, ", when: status paper != null}", "}")

    (fault, *_) = prove(read_pack(asking.folder)).findings

    assert "no paper can be drafted: result.yaml, Giấy tờ chứng minh" in fault.problem


def test_example_says_what_the_paper_says(asking: Spoiled) -> None:
    asking.replace("examples/cases.yaml", 'paper: {Năm sinh: "1998"', 'paper: {Năm sinh: "1999"')

    (fault,) = prove(read_pack(asking.folder)).findings

    assert 'the paper says "1998" beside Năm sinh, not "1999"' in fault.problem
