"""The stable contract of docs/reference/api.md, line by line."""

import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from garden import OTHER_WARD, STRANGER, WARD, File, content

from motcua.cases.models import Case
from motcua.identity.states import Scope
from motcua.procedures.content import AllotmentRule
from motcua.procedures.services import install_revision

Token = Callable[..., str]
Post = Callable[..., HttpResponse]


GOOD = {"procedure": "garden_key", "data": {"ward": WARD}}


def test_first_filing_is_created_with_reference_and_qr(post: Post) -> None:
    answer = post(GOOD)

    told = answer.json()
    assert answer.status_code == 201
    assert Case.objects.get().number == told["reference"]
    assert (told["state"], told["answer"]) == ("granted", "yes")
    assert told["qr"].startswith("MC1:")


def test_same_key_and_body_in_another_order_is_the_same_reference(post: Post) -> None:
    first = post(GOOD)

    again = post(f'{{"data": {{"ward": "{WARD}"}},  "procedure": "garden_key"}}')

    assert (again.status_code, again.json()) == (200, first.json())
    assert Case.objects.count() == 1


def test_same_key_with_another_body_is_refused(post: Post) -> None:
    post(GOOD)

    answer = post({"procedure": "garden_key", "data": {"ward": OTHER_WARD}})

    assert (answer.status_code, answer.json()["error"]) == (422, "key_reused")
    assert Case.objects.count() == 1


@pytest.mark.parametrize("key", [None, "", "k" * 201, "khoá", "two words"])
def test_key_that_is_none_is_refused(post: Post, key: str | None) -> None:
    answer = post(GOOD, key=key)

    assert (answer.status_code, answer.json()["error"]) == (422, "key_missing")
    assert not Case.objects.exists()


@pytest.mark.parametrize(
    ("body", "status", "error"),
    [
        ({"procedure": "nothing", "data": {}}, 404, "no_such_procedure"),
        ({"procedure": "garden_key", "data": {}}, 422, "form_refused"),
        ({"procedure": "garden_key", "data": {"ward": WARD, "extra": 1}}, 422, "form_refused"),
        ({"procedure": "garden_key", "data": {"ward": [WARD]}}, 422, "form_refused"),
        ({"procedure": "garden_key", "data": {"ward": WARD, "note": "a\x00b"}}, 422, "form_refused"),
        ({"procedure": "garden_key", "data": {"ward": WARD, "note": "x" * 5000}}, 422, "form_refused"),
        ({"procedure": "garden_key"}, 422, "not_readable"),
        ({"procedure": "garden_key", "data": {}, "more": 1}, 422, "not_readable"),
        ({"procedure": ["garden_key"], "data": {}}, 422, "not_readable"),
        ([], 422, "not_readable"),
    ],
)
def test_bad_request_says_what_is_wrong_and_stores_nothing(
    post: Post, body: object, status: int, error: str
) -> None:
    answer = post(body)

    told = answer.json()
    assert (answer.status_code, told["error"]) == (status, error)
    assert told["message"]
    assert told["message_vi"]
    assert not Case.objects.exists()


def test_form_at_fault_names_the_field_in_both_languages(post: Post) -> None:
    told = post({"procedure": "garden_key", "data": {}}).json()

    assert set(told["fields"]) == {"ward"}
    assert set(told["fields"]["ward"]) == {"vi", "en"}


@pytest.mark.parametrize(
    "text", ["", "{", '{"procedure": "garden_key", "data": {"ward": "\\ud800"}}', "[" * 5000]
)
def test_text_that_is_no_usable_json_is_refused(post: Post, text: str) -> None:
    answer = post(text)

    assert answer.status_code in (400, 422)
    assert not Case.objects.exists()


@pytest.mark.parametrize("bearer", ["", "nonsense", "mct_" + "A" * 43])
def test_without_a_usable_token_nothing_is_filed(client: Client, procedure: object, bearer: str) -> None:
    answer = client.post(
        "/api/submissions",
        json.dumps(GOOD),
        content_type="application/json",
        headers={"Authorization": f"Bearer {bearer}", "Idempotency-Key": "k1"},
    )

    assert (answer.status_code, answer.json()["error"]) == (401, "not_signed_in")
    assert answer["WWW-Authenticate"] == "Bearer"
    assert not Case.objects.exists()


def test_token_for_another_purpose_files_nothing(post: Post, token: Token) -> None:
    assert post(GOOD, bearer=token(scope=Scope.SCANS)).status_code == 401
    assert not Case.objects.exists()


def test_request_of_another_is_as_one_that_is_not_there(client: Client, token: Token, file: File) -> None:
    filed = file()
    absent = filed.number[:-7] + "9999999"
    headers = {"Authorization": f"Bearer {token(STRANGER)}"}

    theirs = client.get(f"/api/submissions/{filed.number}", headers=headers)
    nobodys = client.get(f"/api/submissions/{absent}", headers=headers)

    assert theirs.status_code == nobodys.status_code == 404
    assert theirs.content == nobodys.content


def test_schema_lists_every_refusal(client: Client) -> None:
    schema = client.get("/api/openapi.json").json()

    answers = schema["paths"]["/api/submissions"]["post"]["responses"]
    assert schema["openapi"].startswith("3.1")
    assert {"200", "201", "401", "404", "409", "413", "422", "503"} <= set(answers)


def test_when_nothing_is_left_the_answer_says_when_the_next_are_given(post: Post) -> None:
    whole = content()
    rule = AllotmentRule.model_validate(
        {"label": {"vi": "chỗ trồng rau", "en": "beds"}, "ceiling": 1, "every": "day"}
    )
    manifest = whole.manifest.model_copy(update={"allotment": rule})
    install_revision(
        content=whole.model_copy(update={"manifest": manifest}), sha256="e" * 64, now=timezone.now()
    )
    assert post(GOOD, key="k1").status_code == 201

    answer = post(GOOD, key="k2")

    told = answer.json()
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    assert (answer.status_code, told["error"]) == (409, "nothing_left")
    assert told["opens_again_at"] == midnight.isoformat()
    assert f"Đợt tiếp theo được phát từ 00:00 ngày {midnight:%d/%m/%Y}." in told["message_vi"]
    assert Case.objects.count() == 1


def test_case_is_told_as_the_national_portal_numbers_it(post: Post, client: Client, token: Token) -> None:
    reference = post(GOOD).json()["reference"]
    address = f"/api/submissions/{reference}/national"

    mine = client.get(address, headers={"Authorization": f"Bearer {token()}"})
    other = client.get(address, headers={"Authorization": f"Bearer {token(STRANGER)}"})

    told = mine.json()
    assert (told["national_status"], told["national_status_name"]) == (10, "Đã trả kết quả")
    assert (told["channel"], told["procedure"], told["due_at"]) == (2, "garden_key", None)
    assert other.status_code == 404
