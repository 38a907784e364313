"""A form that asks for a paper, without scripts: data ask for nothing, the vault is offered, a file is taken."""

import re
from collections.abc import Callable
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from garden import MEMBER, STRANGER, UNSURE, WARD, Cite
from papers import hostile_papers, pdf

from motcua.cases.models import Case, Draft
from motcua.vault.models import Component, Paper

pytestmark = pytest.mark.django_db
SignIn = Callable[[str], Client]
STEP = "/apply/garden_key/steps/only/"


def text_of(response: HttpResponse) -> str:
    return unescape(response.content.decode())


def send(browser: Client, **changes: object) -> HttpResponse:
    return browser.post(STEP, {"ward": WARD, **changes})


def file_it(browser: Client) -> str:
    page = text_of(browser.get("/apply/garden_key/check/"))
    key = re.search(r'name="key" value="([^"]+)"', page)
    assert key is not None
    assert browser.post("/apply/garden_key/check/", {"key": key[1]}).status_code == 302
    return Case.objects.order_by("-filed_at")[0].number


def test_where_data_stand_in_nothing_is_asked(browser: SignIn) -> None:
    member = browser(MEMBER)

    page = text_of(member.get(STEP))
    send(member)
    check = text_of(member.get("/apply/garden_key/check/"))
    number = file_it(member)

    assert "Không cần nộp giấy này: Danh sách hội viên đã có dữ liệu" in page
    assert 'type="file"' not in page
    assert "Không cần nộp: dữ liệu đã có thay giấy này" in check
    assert Component.objects.get(case_number=number).means == "data"


def test_without_data_a_file_is_asked_for_and_a_phone_may_take_it(browser: SignIn) -> None:
    page = text_of(browser(UNSURE).get(STEP))

    assert 'enctype="multipart/form-data"' in page
    assert 'name="proof-file" type="file"' in page
    assert 'capture="environment"' in page
    assert "Không cần nộp giấy này" not in page


def test_uploaded_file_is_checked_kept_and_shown_before_filing(browser: SignIn) -> None:
    unsure = browser(UNSURE)

    sent = send(unsure, **{"proof-file": SimpleUploadedFile("the.pdf", pdf())})
    check = text_of(unsure.get("/apply/garden_key/check/"))
    number = file_it(unsure)

    paper = Paper.objects.get()
    assert sent.status_code == 302
    assert (paper.kind, paper.added_for) == ("other", "garden_key")
    assert "Giấy tờ khác" in check
    assert "Tệp đã tải lên" in check
    assert Component.objects.get(case_number=number).means == "uploaded"
    assert number in text_of(unsure.get("/my/papers/"))
    assert "Giấy tờ khác" in text_of(unsure.get(f"/my/{number}/"))


def test_paper_in_the_vault_is_offered_and_used_again(browser: SignIn) -> None:
    unsure = browser(UNSURE)
    send(unsure, **{"proof-file": SimpleUploadedFile("the.pdf", pdf())})
    file_it(unsure)
    paper = str(Paper.objects.get().pk)

    page = text_of(unsure.get(STEP))
    sent = send(unsure, proof=paper)
    number = file_it(unsure)

    assert f'type="radio" value="{paper}" checked' in page
    assert page.count(" checked") == 1
    assert sent.status_code == 302
    assert Component.objects.get(case_number=number).means == "reused"
    assert Paper.objects.count() == 1


def test_paper_that_is_lacking_is_told_beside_the_field(browser: SignIn) -> None:
    response = send(browser(UNSURE))

    assert response.status_code == 422
    assert "Trả lời mục “Thẻ hội viên”." in text_of(response)
    assert not Draft.objects.exists()


@pytest.mark.parametrize("what", ["html as jpg", "pdf that launches", "zero bytes"])
def test_hostile_file_is_told_beside_the_field_and_nothing_is_kept(browser: SignIn, what: str) -> None:
    name, make, _ = hostile_papers()[what]

    response = send(browser(UNSURE), **{"proof-file": SimpleUploadedFile(name, make())})

    assert response.status_code == 422
    assert 'id="field-proof-error"' in text_of(response)
    assert not Paper.objects.exists()


def test_file_that_was_sent_with_another_mistake_need_not_be_sent_again(browser: SignIn) -> None:
    response = send(browser(UNSURE), ward="", **{"proof-file": SimpleUploadedFile("the.pdf", pdf())})

    assert response.status_code == 422
    assert f'value="{Paper.objects.get().pk}" checked' in text_of(response)


def test_paper_of_another_cannot_be_chosen(browser: SignIn, citizen: Cite) -> None:
    other = browser(UNSURE)
    send(other, **{"proof-file": SimpleUploadedFile("the.pdf", pdf())})
    paper = str(Paper.objects.get().pk)
    thief = browser("048090000018")

    response = send(thief, proof=paper)

    assert response.status_code == 422
    assert "Trả lời mục “Thẻ hội viên”." in text_of(response)


def test_who_says_data_where_there_are_none_is_asked(browser: SignIn) -> None:
    assert send(browser(UNSURE), proof="data").status_code == 422


def test_citizen_sees_that_the_register_was_asked(browser: SignIn) -> None:
    member = browser(STRANGER)
    member.get(STEP)

    assert "Danh sách hội viên" in text_of(member.get("/my/access/?source=registers"))
