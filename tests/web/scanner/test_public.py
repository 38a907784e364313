import base64
import json
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.test import Client
from django.utils import timezone

from motcua.credentials.models import KeyBundle, StatusList
from motcua.credentials.services import IssuedCredential, publish_keys, publish_status_list, revoke
from motcua.seals.keys import TrustedKey
from motcua.seals.passes import open_pass
from motcua.seals.status import open_status
from motcua.seals.trust import open_keys


def test_anyone_can_check_a_pass_with_the_public_files_alone(
    client: Client, granted: IssuedCredential
) -> None:
    revoke(credential_id=granted.id, reason="withdrawn", now=timezone.now())
    publish_status_list(now=timezone.now())

    told = json.loads(client.get("/keys.json").content)
    public = serialization.load_der_public_key(base64.b64decode(told["root"]["public_key"]))
    assert isinstance(public, ec.EllipticCurvePublicKey)
    bundle = open_keys(
        base64.b64decode(told["bundle"]),
        TrustedKey(
            bytes.fromhex(told["root"]["key_id"]), public, timezone.now(), timezone.now() + timedelta(days=1)
        ),
    )
    opened = open_pass(granted.text, bundle.keys, timezone.now())
    answer = client.get("/status-list")
    status = open_status(answer.content, bundle.keys)

    assert status.answer(opened.revocation_id) == "revoked"
    assert answer["Content-Type"] == "application/cwt"
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert [key["revoked_at"] for key in told["keys"]] == [None]


@pytest.mark.parametrize("address", ["/keys.json", "/status-list"])
def test_an_unchanged_file_is_not_sent_again(client: Client, address: str) -> None:
    first = client.get(address)

    again = client.get(address, headers={"if-none-match": first["ETag"]})
    publish_keys(now=timezone.now() + timedelta(minutes=1))
    publish_status_list(now=timezone.now() + timedelta(minutes=1))
    changed = client.get(address, headers={"if-none-match": first["ETag"]})

    assert (first.status_code, again.status_code, changed.status_code) == (200, 304, 200)
    assert "max-age=60" in first["Cache-Control"]


def test_pointer_leads_to_files_that_may_be_kept_for_ever(client: Client) -> None:
    pointer = client.get("/published/newest.json")
    told = pointer.json()

    for name in (told["status_list"]["file"], told["keys"]["file"], told["keys"]["plain"]):
        file = client.get(f"/published/{name}")
        again = client.get(f"/published/{name}", headers={"if-none-match": file["ETag"]})
        assert (file.status_code, again.status_code) == (200, 304)
        assert file["Cache-Control"] == "public, max-age=31536000, immutable"
        assert file["Access-Control-Allow-Origin"] == "*"
        assert file["Last-Modified"]
        assert "Set-Cookie" not in file
    assert "max-age=10," in pointer["Cache-Control"]


def test_file_named_a_moment_ago_is_still_there(client: Client) -> None:
    name = client.get("/published/newest.json").json()["status_list"]["file"]

    publish_status_list(now=timezone.now() + timedelta(minutes=1))

    assert client.get("/published/newest.json").json()["status_list"]["file"] != name
    assert client.get(f"/published/{name}").status_code == 200


def test_name_that_was_never_published_is_not_there(client: Client) -> None:
    assert client.get("/published/status-0.cwt").status_code == 404


@pytest.mark.parametrize("address", ["/keys.json", "/status-list"])
def test_before_the_first_publishing_the_answer_says_so(client: Client, address: str) -> None:
    KeyBundle.objects.all().delete()
    StatusList.objects.all().delete()

    answer = client.get(address)

    assert answer.status_code == 503
    assert "motcua credentials publish" in answer.json()["message"]


@pytest.mark.usefixtures("layout")
def test_a_pasted_code_is_valid_with_its_content_in_words(client: Client, granted: IssuedCredential) -> None:
    halves = granted.text[:100] + "\r\n" + granted.text[100:]

    page = client.post("/verify/", {"code": halves}).content.decode()

    assert "Hợp lệ" in page
    assert "Giấy đi đường" in page
    assert "Nguyễn Thị Hoa" in page
    assert "Họ và tên" in page
    assert granted.text not in page


def test_a_kind_without_a_pack_is_shown_by_its_keys(client: Client, granted: IssuedCredential) -> None:
    page = client.post("/verify/", {"code": granted.text}).content.decode()

    assert "travel_pass" in page
    assert "a, b" in page


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("MC1:ABC", "Mã bị hỏng"),
        ("hello", "không phải mã"),
        ("MC1:" + "A" * 9000, "Mã bị hỏng"),
        ("<script>alert(1)</script>", "không phải mã"),
    ],
)
def test_nonsense_is_not_valid(client: Client, code: str, words: str) -> None:
    page = client.post("/verify/", {"code": code}).content.decode()

    assert "Không hợp lệ" in page
    assert words in page
    assert "<script>alert" not in page


def test_a_revoked_pass_is_not_valid(client: Client, granted: IssuedCredential) -> None:
    revoke(credential_id=granted.id, reason="withdrawn", now=timezone.now())

    client.cookies["django_language"] = "en"
    page = client.post("/verify/", {"code": granted.text})

    assert "The pass was revoked" in page.content.decode()
    assert "no-store" in page["Cache-Control"]


def test_an_empty_field_is_an_error_beside_it(client: Client) -> None:
    answer = client.post("/verify/", {"code": "  "})

    assert answer.status_code == 400
    assert 'href="#field-code"' in answer.content.decode()


def test_the_form_works_without_script_and_not_by_address(client: Client, granted: IssuedCredential) -> None:
    page = client.get("/verify/", {"code": granted.text}).content.decode()

    assert '<form method="post"' in page
    assert "Hợp lệ" not in page.replace("Không hợp lệ", "")
