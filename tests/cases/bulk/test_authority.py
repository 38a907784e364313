"""Acting for a firm: a yes of the register lets file, a no does not, an unknown waits for an officer."""

from datetime import timedelta

import pytest
from garden import MEMBER, NOW, approver

from motcua.cases.bulk.authority import (
    FirmRefused,
    MandateSettled,
    NotForThisFirm,
    mandates_waiting,
    settle_mandate,
)
from motcua.cases.bulk.models import BulkUpload, Mandate
from motcua.cases.bulk.services import MandateNotGiven, confirm_upload
from motcua.cases.bulk.states import UploadState
from motcua.cases.models import Case
from motcua.registers.queries import accesses_of
from motcua.registers.services import load_csv

from .conftest import CLERK, FIRM, FIRM_WITHOUT_OWNER, OTHER_FIRM, Desk, csv_of, row, three


def confirm(upload: BulkUpload) -> None:
    confirm_upload(
        upload_id=upload.pk, account_id=upload.account_id, promised=True, rows=upload.rows_ready, now=NOW
    )


def test_owner_may_file_and_sees_that_the_register_was_asked(desk: Desk) -> None:
    upload = desk.checked(three())

    mandate = upload.mandate
    assert (mandate.answer, mandate.firm, mandate.firm_name) == ("yes", FIRM, "Vườn Xanh")
    assert mandate.fact["source_title"] == "Danh sách doanh nghiệp"
    asked = accesses_of(desk.owner().person.key)
    assert {each.fact for each in asked} == {"owner_of_firm", "entered"}


def test_firm_of_somebody_else_is_refused_with_source_and_nothing_is_kept(desk: Desk) -> None:
    with pytest.raises(NotForThisFirm) as refused:
        desk.hand_in(three(), firm=OTHER_FIRM)

    assert refused.value.fact.source_title == "Danh sách doanh nghiệp"
    assert refused.value.registered
    with pytest.raises(NotForThisFirm) as refused:
        desk.hand_in(three(), firm="0409999990")
    assert not refused.value.registered
    assert not BulkUpload.objects.exists()
    assert not Mandate.objects.exists()


@pytest.mark.parametrize("firm", ["12", "040123456A", ""])
def test_firm_that_is_no_tax_code_is_refused(desk: Desk, firm: str) -> None:
    with pytest.raises(FirmRefused):
        desk.hand_in(three(), firm=firm)


def test_unknown_owner_waits_for_an_officer_and_then_files(desk: Desk) -> None:
    upload = desk.checked(three(), number=CLERK, firm=FIRM_WITHOUT_OWNER)
    assert upload.mandate.answer == "unknown"
    with pytest.raises(MandateNotGiven):
        confirm(upload)
    assert upload.state == UploadState.CHECKED

    (waiting,) = mandates_waiting(approver())
    settle_mandate(
        mandate_id=waiting.id, may_act=True, rights=approver(), reason="Có giấy ủy quyền.", now=NOW
    )
    confirm(upload)

    assert BulkUpload.objects.get(pk=upload.pk).state == UploadState.FILING
    assert desk.checked(three(), number=CLERK, firm=FIRM_WITHOUT_OWNER).mandate_id == waiting.id
    with pytest.raises(MandateSettled):
        settle_mandate(mandate_id=waiting.id, may_act=False, rights=approver(), reason="x", now=NOW)


def test_officer_who_refuses_or_is_from_elsewhere_lets_nothing_through(desk: Desk) -> None:
    upload = desk.checked(three(), number=CLERK, firm=FIRM_WITHOUT_OWNER)
    assert mandates_waiting(approver(agency="elsewhere")) == []
    with pytest.raises(Mandate.DoesNotExist):
        settle_mandate(
            mandate_id=upload.mandate_id,
            may_act=True,
            rights=approver(agency="elsewhere"),
            reason="x",
            now=NOW,
        )

    settle_mandate(
        mandate_id=upload.mandate_id, may_act=False, rights=approver(), reason="Không có.", now=NOW
    )

    with pytest.raises(MandateNotGiven):
        confirm(upload)
    assert not Case.objects.exists()


def test_confirmation_of_an_officer_ends_after_ninety_days(desk: Desk) -> None:
    upload = desk.checked(three(), number=CLERK, firm=FIRM_WITHOUT_OWNER)
    settle_mandate(mandate_id=upload.mandate_id, may_act=True, rights=approver(), reason="Có.", now=NOW)

    with pytest.raises(MandateNotGiven):
        confirm_upload(
            upload_id=upload.pk,
            account_id=upload.account_id,
            promised=True,
            rows=3,
            now=NOW + timedelta(days=91),
        )


def test_firm_that_changed_hands_before_confirming_is_not_filed_for(desk: Desk, tmp_path: object) -> None:
    from pathlib import Path

    upload = desk.checked(csv_of([row(MEMBER)]))
    path = Path(str(tmp_path)) / "later.csv"
    path.write_text(f"tax_code,name,owner\n{FIRM},Vườn Xanh,{MEMBER}\n")
    load_csv(register="firms", path=path, as_of=NOW, now=NOW)

    with pytest.raises(MandateNotGiven):
        confirm(upload)

    assert not Case.objects.exists()
