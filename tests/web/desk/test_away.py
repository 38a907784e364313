"""The page on which a leader writes an absence down for a colleague, and what the colleague reads."""

import pytest

from motcua.identity.models import Account
from motcua.identity.states import Role

from .conftest import CITY, HERE, SignIn

pytestmark = pytest.mark.django_db
LAST = {"until-day": "24", "until-month": "11", "until-year": "2026"}


def test_leader_writes_it_down_and_the_colleague_reads_who_did_and_ends_it(sign_in: SignIn) -> None:
    leader, ill = sign_in(Role.APPROVER), sign_in(Role.SPECIALIST, place=HERE)
    sign_in(Role.SPECIALIST, place=CITY)
    colleague = Account.objects.get(login__contains="specialist.garden", login__endswith=HERE)
    stand_in = Account.objects.get(login=f"{Role.SPECIALIST}.garden.{CITY}")

    assert f'value="{colleague.pk}"' in leader.get("/desk/away/").content.decode()
    address = f"/desk/away/colleague/?officer={colleague.pk}"
    assert leader.get(address).status_code == 200
    assert leader.post(address, {"stand_in": stand_in.pk}).status_code == 422
    assert leader.post(address, {**LAST, "stand_in": stand_in.pk}).status_code == 302

    assert "đã ghi bạn nghỉ đến hết ngày" in ill.get("/desk/").content.decode()
    page = ill.get("/desk/away/").content.decode()
    assert "Lê Văn Cán ghi thay bạn." in page
    back = page.split('action="/desk/away/')[1].split('"')[0]
    assert ill.post(f"/desk/away/{back}").status_code == 302
    assert "đã ghi bạn nghỉ" not in ill.get("/desk/").content.decode()


def test_colleague_whom_one_does_not_lead_is_not_there(sign_in: SignIn) -> None:
    peer = sign_in(Role.SPECIALIST)
    sign_in(Role.SPECIALIST, place=HERE)
    colleague = Account.objects.get(login__endswith=HERE)

    assert peer.get(f"/desk/away/colleague/?officer={colleague.pk}").status_code == 404
    assert "Ghi nghỉ cho đồng nghiệp" not in peer.get("/desk/away/").content.decode()
