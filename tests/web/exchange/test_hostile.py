"""What a hostile or broken machine sends is refused in JSON, and nothing is stored."""

from collections.abc import Callable

import pytest
from django.http import HttpResponse
from django.test import Client
from garden import WARD

from motcua.cases.models import Case

Token = Callable[..., str]
Post = Callable[..., HttpResponse]


def body(value: str = f'"{WARD}"', name: str = "ward", procedure: str = "garden_key") -> str:
    return f'{{"procedure": "{procedure}", "data": {{"{name}": {value}}}}}'


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "null",
        "[" * 100_000,
        body("[" * 20_000 + "]" * 20_000),
        body("NaN"),
        body("-Infinity"),
        body("9" * 5000),
        body('"\\ud800"'),
        body(name="\\udfff"),
        body(procedure="\\ud800"),
        f'{{"procedure": "garden_key", "procedure": "other", "data": {{"ward": "{WARD}"}}}}',
        f'{{"procedure": "garden_key", "data": {{"ward": "{WARD}", "ward": "{WARD}"}}}}',
    ],
)
def test_body_that_is_not_json_of_one_meaning_is_not_readable(post: Post, text: str) -> None:
    answer = post(text)

    assert (answer.status_code, answer.json()["error"]) == (422, "not_readable")
    assert not Case.objects.exists()


@pytest.mark.parametrize("text", [body().encode("utf-16"), body().encode() + b"\xff"])
def test_body_in_another_encoding_is_not_readable(post: Post, text: bytes) -> None:
    answer = post(text)

    assert (answer.status_code, answer.json()["error"]) == (422, "not_readable")


@pytest.mark.parametrize("code", ["a\\u0000b", "Garden_Key", "garden key", "g" * 5000])
def test_code_of_no_possible_shape_is_no_procedure(post: Post, code: str) -> None:
    answer = post(body(procedure=code))

    assert (answer.status_code, answer.json()["error"]) == (404, "no_such_procedure")


@pytest.mark.parametrize("value", ["1e999", "[1, [2]]", '{"a": 1}', "true", '"a\\u0000"'])
def test_value_of_another_kind_is_a_field_to_mend(post: Post, value: str) -> None:
    answer = post(body(value))

    assert (answer.status_code, answer.json()["error"]) == (422, "form_refused")


def test_many_strange_fields_are_not_all_told_back(post: Post) -> None:
    answer = post({"procedure": "garden_key", "data": {f"strange_{n}": n for n in range(20_000)}})

    assert (answer.status_code, len(answer.json()["fields"])) == (422, 21)


def test_body_over_one_mebibyte_is_told_in_json(post: Post) -> None:
    answer = post(body('"' + "x" * 1_100_000 + '"'))

    assert (answer.status_code, answer.json()["error"]) == (413, "too_large")
    assert not Case.objects.exists()


@pytest.mark.parametrize(
    ("path", "status"), [("nothing", 404), ("submissions/%00", 400), ("submissions/H17%00", 400), ("", 404)]
)
def test_address_without_anything_is_told_in_json(
    client: Client, token: Token, path: str, status: int
) -> None:
    answer = client.get(f"/api/{path}", headers={"Authorization": f"Bearer {token()}"})

    assert answer.status_code == status
    assert {"error", "message", "message_vi"} == set(answer.json())


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/services/?q=%00", "/services/a%00b/", "/status/?number=a%00"])
def test_nul_in_an_address_is_unreadable_not_our_mistake(client: Client, address: str) -> None:
    assert client.get(address).status_code == 400
