"""Reasons kept ready have places to fill in, versions, and an approver; none is sent with a place left open."""

import uuid

import pytest
from dossier import OFFICE, SPECIALIST, Dossier, at

from motcua.cases.desk.reasons import (
    NotYourOffice,
    TemplateSaysNothing,
    left_to_fill,
    templates_for,
    versions_of,
    withdraw_template,
    write_template,
)
from motcua.cases.models import CaseEntry, ReasonTemplate
from motcua.cases.services.act import PlaceNotFilled
from motcua.identity.rights import Rights
from motcua.identity.states import Role

from .conftest import Hire

TEXT = "Bổ sung [tên giấy tờ] trước ngày [ngày]."


def written(by: Rights, *, text: str = TEXT, key: uuid.UUID | None = None, act: str = "") -> uuid.UUID:
    return write_template(
        rights=by,
        agency_path=OFFICE,
        procedure_code="marital_status",
        act=act,
        title="Thiếu giấy tờ",
        text=text,
        now=at("16 08:00"),
        key=key,
    )


@pytest.mark.parametrize(
    ("text", "open_places"),
    [
        (TEXT, ("[tên giấy tờ]", "[ngày]")),
        ("Bổ sung bản án (số 12) trước ngày 4/12.", ()),
        ("Bổ sung [ ] và [].", ("[ ]", "[]")),
        ("[ngày] rồi lại [ngày]", ("[ngày]",)),
    ],
)
def test_what_stands_in_brackets_is_left_to_fill(text: str, open_places: tuple[str, ...]) -> None:
    assert left_to_fill(text) == open_places


@pytest.mark.django_db
def test_reason_with_an_open_place_is_not_sent(accepted: Dossier) -> None:
    entries = CaseEntry.objects.count()

    with pytest.raises(PlaceNotFilled):
        accepted.act("ask_for_additions", SPECIALIST, "16 09:00", reason=TEXT)

    assert CaseEntry.objects.count() == entries
    assert accepted.row.state == "with_specialist"


@pytest.mark.django_db
def test_new_version_takes_the_place_of_the_old_which_stays(hire: Hire) -> None:
    leader = hire("lanh dao", Role.APPROVER)
    key = written(leader)
    written(leader, key=key, text="Bổ sung [tên giấy tờ].")

    offered = templates_for(agency_path=OFFICE, procedure_code="marital_status", acts=("ask_for_additions",))

    assert [each.text for each in offered] == ["Bổ sung [tên giấy tờ]."]
    assert [each.version for each in versions_of(key, leader)] == [2, 1]
    withdraw_template(key=key, rights=leader, now=at("16 10:00"))
    assert templates_for(agency_path=OFFICE, procedure_code="marital_status", acts=()) == []


@pytest.mark.django_db
def test_template_is_offered_for_its_act_only_and_written_by_its_approver_only(hire: Hire) -> None:
    leader, specialist = hire("lanh dao", Role.APPROVER), hire("an", SPECIALIST)
    elsewhere = hire("khac", Role.APPROVER, agency="cong_an")
    key = written(leader, act="refuse")

    for_other_act = templates_for(
        agency_path=OFFICE, procedure_code="marital_status", acts=("ask_for_additions",)
    )

    assert for_other_act == []
    for stranger in (specialist, elsewhere):
        with pytest.raises(NotYourOffice):
            written(stranger)
        assert versions_of(key, stranger) == []
    with pytest.raises(TemplateSaysNothing):
        written(leader, text="  ")
    assert ReasonTemplate.objects.count() == 1
