"""Pages of filing for many: whose they are, what they take, what they say in both languages."""

import csv
import io
import re
import uuid
from collections.abc import Callable
from typing import Any  # Any: the town's fixture type lives in conftest, which is not importable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from motcua.cases.bulk.check import check_upload
from motcua.cases.bulk.filing import file_part
from motcua.cases.bulk.models import BulkUpload
from motcua.cases.models import Case

pytestmark = pytest.mark.django_db
SignedIn = Callable[[str], Client]
OWNER, EMPLOYEE, REFUSED = "chu-ho-kinh-doanh", "nhan-vien-sieu-thi", "o-vung-do"
START = "/services/travel_pass/bulk/"


def listed(town: dict[str, Any], *slugs: str, **cells: str) -> bytes:
    rows = []
    for slug in slugs:
        story = town[slug].story
        rows.append(
            {
                "Số định danh cá nhân": story["number"],
                "Họ và tên": story["name"],
                "Bạn là": "employee",
                "Phường, xã nơi làm việc": town[EMPLOYEE].story["work_place"],
                "Cần đi từ ngày": f"{timezone.localdate():%d/%m/%Y}",
                "Số ngày cần đi": "2",
                "Ca làm việc": "day",
                **cells,
            }
        )
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def hand_in(client: Client, firm: str, content: bytes, name: str = "ds 048191990002.csv") -> str:
    response = client.post(START, {"firm": firm, "list": SimpleUploadedFile(name, content)})
    assert response.status_code == 302, response.content.decode()
    return str(response["Location"])


def filed(client: Client, town: dict[str, Any]) -> str:
    address = hand_in(client, town[EMPLOYEE].story["tax_code"], listed(town, EMPLOYEE, REFUSED))
    upload_id = uuid.UUID(address.split("/")[-2])
    check_upload(upload_id=upload_id, now=timezone.now())
    assert client.post(f"{address}confirm/", {"rows": "2", "promised": "yes"}).status_code == 302
    file_part(upload_id=upload_id, after_line=0, now=timezone.now())
    return address


def test_list_is_handed_in_confirmed_and_answered(signed_in: SignedIn, town: dict[str, Any]) -> None:
    client = signed_in(OWNER)

    address = filed(client, town)

    page = client.get(address).content.decode()
    assert "Đã nộp xong" in page
    assert "048191990002" not in page
    results = client.get(f"{address}results/").content.decode()
    assert "Nguyễn Thị Thu Hà" in results
    assert "vùng đỏ" not in results
    assert Case.objects.filter(account_id=town[OWNER].account.pk).count() == 2
    for file in ("results.csv", "filed.csv", "manifest.cose"):
        assert client.get(f"{address}{file}").status_code == 200


@pytest.mark.parametrize("language", ["vi", "en"])
def test_pages_speak_both_languages(signed_in: SignedIn, town: dict[str, Any], language: str) -> None:
    client = signed_in(OWNER)
    address = filed(client, town)
    client.cookies["django_language"] = language

    for path in (START, address, f"{address}results/"):
        page = client.get(path).content.decode()
        assert ("File for many" in page or "The answer for each person" in page) == (language == "en"), path


def test_search_by_number_stands_in_no_address(signed_in: SignedIn, town: dict[str, Any]) -> None:
    client = signed_in(OWNER)
    address = filed(client, town)

    page = client.post(f"{address}results/", {"q": town[EMPLOYEE].story["number"]}).content.decode()

    assert "Nguyễn Thị Thu Hà" in page
    assert "Võ Văn Thành" not in page
    assert re.search(r'<form[^>]*method="post"[^>]*role="search"', page)
    assert not re.search(rf'(href|action)="[^"]*{town[EMPLOYEE].story["number"]}', page)


def test_list_of_another_account_is_as_one_that_is_not_there(
    signed_in: SignedIn, town: dict[str, Any]
) -> None:
    address = filed(signed_in(OWNER), town)
    stranger = signed_in(EMPLOYEE)

    paths = ("", "live/", "to-mend/", "results/", "results.csv", "filed.csv", "manifest.cose", "sheets.zip")
    answers = {path: stranger.get(f"{address}{path}").status_code for path in paths}
    acts = {
        act: stranger.post(f"{address}{act}/").status_code
        for act in ("confirm", "cancel", "discard", "sheets")
    }

    assert set(answers.values()) == {404}
    assert set(acts.values()) == {404}
    assert Client().get(address).status_code == 302


@pytest.mark.parametrize(
    ("firm", "content", "said"),
    [
        ("", b"x", "Ghi mã số thuế"),
        ("own", None, "Chọn tệp danh sách"),
        ("123", b"x", "Mã số thuế"),
        ("own", b"%PDF-1.7", "tệp PDF"),
        ("0499999990", b"a,b\n1,2\n", "không có mã số thuế này"),
    ],
)
def test_what_cannot_be_taken_is_told_beside_its_field(
    signed_in: SignedIn, town: dict[str, Any], firm: str, content: bytes | None, said: str
) -> None:
    tax_code = town[EMPLOYEE].story["tax_code"] if firm == "own" else firm
    file = {} if content is None else {"list": SimpleUploadedFile("x.csv", content)}

    response = signed_in(OWNER).post(START, {"firm": tax_code, **file})

    assert response.status_code == 422
    assert said in response.content.decode()
    assert not BulkUpload.objects.exists()


def test_file_past_the_limit_of_requests_is_not_kept(signed_in: SignedIn, town: dict[str, Any]) -> None:
    large = SimpleUploadedFile("x.csv", b"x" * (26 * 1024 * 1024))

    response = signed_in(OWNER).post(START, {"firm": town[EMPLOYEE].story["tax_code"], "list": large})

    assert response.status_code == 422
    assert "20 MB" in response.content.decode()


def test_fourth_list_under_way_has_to_wait(signed_in: SignedIn, town: dict[str, Any]) -> None:
    client, firm = signed_in(OWNER), town[EMPLOYEE].story["tax_code"]
    for _ in range(3):
        hand_in(client, firm, listed(town, EMPLOYEE))

    response = client.post(START, {"firm": firm, "list": SimpleUploadedFile("x.csv", listed(town, EMPLOYEE))})

    assert "ba danh sách" in response.content.decode()
    assert BulkUpload.objects.count() == 3


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_template_is_read_back_as_a_list_of_nobody(
    signed_in: SignedIn, town: dict[str, Any], kind: str
) -> None:
    client = signed_in(OWNER)
    template = client.get(f"{START}template.{kind}").content

    address = hand_in(client, town[EMPLOYEE].story["tax_code"], template, f"t.{kind}")
    check_upload(upload_id=uuid.UUID(address.split("/")[-2]), now=timezone.now())

    assert "chưa có ai" in client.get(address).content.decode()


def test_service_that_does_not_allow_it_has_no_such_page(signed_in: SignedIn, town: dict[str, Any]) -> None:
    assert signed_in(OWNER).get("/services/market_card/bulk/").status_code == 404


def test_progress_tells_a_page_to_load_anew_when_the_work_is_over(
    signed_in: SignedIn, town: dict[str, Any]
) -> None:
    client = signed_in(OWNER)
    address = hand_in(client, town[EMPLOYEE].story["tax_code"], listed(town, EMPLOYEE))
    during = client.get(f"{address}live/?state=checking")
    check_upload(upload_id=uuid.UUID(address.split("/")[-2]), now=timezone.now())

    after = client.get(f"{address}live/?state=checking")

    assert (during.status_code, "HX-Refresh" in during.headers) == (200, False)
    assert after.headers["HX-Refresh"] == "true"


@pytest.mark.parametrize("query", ["outcome={page.x}", "outcome=nobody", "page=²", "outcome=granted&page=9"])
def test_address_that_nobody_linked_to_shows_the_first_page(
    signed_in: SignedIn, town: dict[str, Any], query: str
) -> None:
    client = signed_in(OWNER)
    address = filed(client, town)

    assert client.get(f"{address}results/?{query}").status_code == 200
