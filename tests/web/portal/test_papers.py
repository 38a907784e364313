"""Pages of papers: uploaded, downloaded as attachments, deleted, shared; what is refused leaves nothing behind."""

import re
import uuid
from collections.abc import Iterator
from datetime import timedelta
from html import unescape

import pytest
import time_machine
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from papers import hostile_papers, pdf, photograph

from motcua.identity.backends import PATH
from motcua.identity.citizens import account_from_claims
from motcua.identity.models import Account
from motcua.identity.throttle import OPENINGS_PER_ADDRESS
from motcua.vault.models import Paper, PaperFile, Share

pytestmark = pytest.mark.django_db


def account(number: str, name: str) -> Account:
    claims = {
        "iss": "https://identity.example",
        "sub": number,
        settings.OIDC_NAME_CLAIM: name,
        settings.OIDC_NUMBER_CLAIM: number,
    }
    return account_from_claims(claims, now=timezone.now())


def browser_of(number: str, name: str) -> Client:
    client = Client()
    client.force_login(account(number, name), backend=PATH)
    return client


@pytest.fixture
def binh() -> Client:
    return browser_of("048090000017", "Trần Thị Bình")


@pytest.fixture
def an() -> Client:
    return browser_of("048090000018", "Nguyễn Văn An")


def upload(browser: Client, content: bytes, name: str = "giay.pdf", **changes: object) -> HttpResponse:
    wanted = {
        "kind": "diploma",
        "title": "Bằng của tôi",
        "file": SimpleUploadedFile(name, content),
        **changes,
    }
    return browser.post("/my/papers/", wanted)


def text_of(response: HttpResponse) -> str:
    return unescape(response.content.decode())


def test_papers_belong_to_citizens_who_signed_in() -> None:
    assert Client().get("/my/papers/").status_code == 302


def test_uploaded_paper_stands_on_the_list_and_comes_back_as_it_was(binh: Client) -> None:
    response = upload(binh, pdf())
    paper = Paper.objects.get()

    assert response.status_code == 302
    page = text_of(binh.get(response.headers["Location"]))
    assert "Đã kiểm tra và lưu “Bằng của tôi”." in page
    assert "PDF, 2 trang" in page
    assert "không quét vi-rút" in page
    assert binh.get(f"/my/papers/{paper.pk}/").content == pdf()


def test_download_is_an_attachment_that_no_browser_runs(binh: Client) -> None:
    upload(binh, photograph())

    answer = binh.get(f"/my/papers/{Paper.objects.get().pk}/")

    assert re.fullmatch(
        r'attachment; filename="diploma-[0-9a-f]{8}\.jpg"', answer.headers["Content-Disposition"]
    )
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer.headers["Cache-Control"] == "private, no-store"


def test_photograph_has_a_small_picture_and_a_pdf_has_none(binh: Client) -> None:
    upload(binh, photograph())
    upload(binh, pdf())
    image, document = Paper.objects.order_by("file__media_type").all()[::-1]

    assert binh.get(f"/my/papers/{image.pk}/small.png").content.startswith(b"\x89PNG")
    assert binh.get(f"/my/papers/{document.pk}/small.png").status_code == 404


def test_photograph_taken_on_the_spot_is_taken_like_a_file(binh: Client) -> None:
    sent = {"kind": "diploma", "file-photo": SimpleUploadedFile("image.jpg", photograph())}

    assert binh.post("/my/papers/", sent).status_code == 302
    assert Paper.objects.get().title == "Bằng cấp, chứng chỉ"


@pytest.mark.parametrize("what", ["html as jpg", "pdf with a script", "zero bytes", "cut jpeg", "png bomb"])
def test_refused_file_is_told_beside_its_field_and_nothing_is_kept(binh: Client, what: str) -> None:
    name, make, _ = hostile_papers()[what]

    response = upload(binh, make(), name)

    assert response.status_code == 422
    assert 'id="field-file-error"' in text_of(response)
    assert not PaperFile.objects.exists()


def test_file_past_every_limit_is_refused_in_words(binh: Client) -> None:
    response = upload(binh, bytes(26 * 1024 * 1024))

    assert response.status_code == 422
    assert "Tệp lớn hơn 10 MB" in text_of(response)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"kind": ""}, "Chọn loại giấy tờ."),
        ({"file": ""}, "Chọn tệp hoặc chụp ảnh giấy tờ."),
        ({"file-photo": SimpleUploadedFile("b.jpg", b"x")}, "Bạn đã chọn cả tệp lẫn ảnh chụp."),
    ],
)
def test_form_says_what_is_missing(binh: Client, changes: dict[str, object], told: str) -> None:
    response = upload(binh, pdf(), **changes)

    assert response.status_code == 422
    assert told in text_of(response)
    assert not Paper.objects.exists()


def test_same_file_again_is_said_to_be_here(binh: Client) -> None:
    upload(binh, pdf())

    again = upload(binh, pdf())

    assert "Bạn đã có giấy này: “Bằng của tôi”." in text_of(binh.get(again.headers["Location"]))


def test_papers_of_another_are_not_there(binh: Client, an: Client) -> None:
    upload(binh, photograph())
    paper = Paper.objects.get().pk

    for address in (f"/my/papers/{paper}/", f"/my/papers/{paper}/small.png", f"/my/papers/{paper}/delete/"):
        assert an.get(address).status_code == 404
    assert an.post(f"/my/papers/{paper}/delete/").status_code == 404
    assert Paper.objects.exists()


def test_deleting_asks_first(binh: Client) -> None:
    upload(binh, pdf())
    address = f"/my/papers/{Paper.objects.get().pk}/delete/"

    assert "Bạn muốn xóa giấy này?" in text_of(binh.get(address))
    assert Paper.objects.exists()
    assert binh.post(address).status_code == 302
    assert not PaperFile.objects.exists()


@pytest.fixture
def noon() -> Iterator[None]:
    """Be at noon of today: looks are told together by day, and no day ends between two of a test."""
    with time_machine.travel(timezone.localtime().replace(hour=12)):
        yield


def share(browser: Client, **changes: object) -> HttpResponse:
    wanted = {
        "paper": [str(paper.pk) for paper in Paper.objects.all()],
        "for_whom": "Trường Phan Châu Trinh",
        "purpose": "nhập học",
        "days": "7",
        **changes,
    }
    return browser.post("/my/papers/share/", wanted)


def link_in(response: HttpResponse) -> str:
    found = re.search(r"http://[^<\s]+/shared/\?k=([A-Za-z0-9_-]{43})", text_of(response))
    assert found is not None
    return found[1]


def test_link_opens_for_whoever_holds_it_and_the_owner_sees_it(noon: None, binh: Client) -> None:
    upload(binh, pdf())
    token = link_in(share(binh))
    stranger = Client()

    landing = text_of(stranger.get("/shared/", {"k": token}))
    opened = text_of(stranger.post("/shared/", {"k": token}))
    ticket = re.search(r'name="ticket" value="([^"]+)"', opened)
    assert ticket is not None
    paper = Paper.objects.get().pk
    answer = stranger.post("/shared/paper/", {"ticket": ticket[1], "paper": str(paper)})

    assert "Trần Thị Bình chia sẻ giấy tờ" in landing
    assert "Bằng của tôi" not in landing
    assert "Bằng của tôi" in opened
    assert answer.content == pdf()
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    looks = text_of(binh.get("/my/access/"))
    assert "2 lần, từ " in looks
    assert "Người mở liên kết bạn gửi cho Trường Phan Châu Trinh" in looks
    assert "nhập học" in looks


def test_looking_at_a_link_for_once_does_not_use_it_up(binh: Client) -> None:
    upload(binh, pdf())
    token = link_in(share(binh, one_time="yes"))
    stranger = Client()

    for _ in range(3):
        assert stranger.get("/shared/", {"k": token}).status_code == 200
    assert stranger.post("/shared/", {"k": token}).status_code == 200
    assert stranger.post("/shared/", {"k": token}).status_code == 404


def test_wrong_ended_and_revoked_links_answer_the_same(binh: Client) -> None:
    upload(binh, pdf())
    ended, revoked = link_in(share(binh)), link_in(share(binh))
    Share.objects.filter(pk=Share.objects.order_by("created_at")[0].pk).update(
        created_at=timezone.now() - timedelta(days=8), until_at=timezone.now() - timedelta(days=1)
    )
    binh.post(f"/my/papers/shares/{Share.objects.order_by('-created_at')[0].pk}/revoke/")
    stranger = Client()

    answers = {
        (response.status_code, re.sub(r'nonce="[^"]+"|value="[^"]{60,}"', "", text_of(response)))
        for response in (stranger.get("/shared/", {"k": k}) for k in (ended, revoked, "x" * 43, "", "é"))
    }

    # The page has the language links to its own address; nothing else differs.
    assert {status for status, _ in answers} == {404}
    assert all("Liên kết sai, đã hết hạn, đã được dùng hoặc đã bị thu hồi." in text for _, text in answers)


def test_links_are_tried_only_so_often_from_one_address() -> None:
    stranger = Client()
    for _ in range(OPENINGS_PER_ADDRESS):
        stranger.post("/shared/paper/", {"ticket": "x", "paper": str(uuid.uuid4())})

    answer = stranger.get("/shared/", {"k": "x" * 43})

    assert answer.status_code == 429
    assert "Retry-After" in answer.headers


def test_page_of_a_link_goes_to_no_other_site_and_no_index(binh: Client) -> None:
    upload(binh, pdf())

    answer = Client().get("/shared/", {"k": link_in(share(binh))})

    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert answer.headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"paper": []}, "Chọn ít nhất một giấy tờ của bạn."),
        ({"for_whom": ""}, "Ghi người hoặc nơi nhận"),
        ({"purpose": ""}, "Ghi chia sẻ để làm gì"),
        ({"days": "31"}, "nhiều nhất 30 ngày"),
    ],
)
def test_share_says_what_to_mend(binh: Client, changes: dict[str, object], told: str) -> None:
    upload(binh, pdf())

    response = share(binh, **changes)

    assert response.status_code == 422
    assert told in text_of(response)
    assert not Share.objects.exists()


@pytest.mark.parametrize(
    ("query", "seen"),
    [
        ("", True),
        ("?source=papers", True),
        ("?who=link&since=7", True),
        ("?source=registers", False),
        ("?source=cases", False),
        ("?who=account", False),
        ("?since=x&who=y&source=z", True),
    ],
)
def test_looks_are_filtered_by_what_who_and_when(binh: Client, query: str, seen: bool) -> None:
    upload(binh, pdf())
    Client().post("/shared/", {"k": link_in(share(binh))})

    page = text_of(binh.get(f"/my/access/{query}"))

    assert ("Người mở liên kết bạn gửi cho Trường Phan Châu Trinh" in page) is seen
    assert ("Không có lần xem nào như vậy." in page) is not seen
