"""What surrounds every page: language, errors, nothing inline."""

import re

import pytest
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.utils import translation

from motcua.web.ui import errors

INLINE = re.compile(r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)", re.IGNORECASE)


@pytest.mark.parametrize("page", ["400", "403", "404", "500", "503", "csrf"])
@pytest.mark.parametrize("language", ["vi", "en"])
def test_error_page_says_what_to_do_next_without_asking_the_database(page: str, language: str) -> None:
    with translation.override(language):
        html = render_to_string(f"ui/errors/{page}.html")

    assert f'<html lang="{language}"' in html
    assert ("Về trang chủ" if language == "vi" else "Go to the home page") in html
    assert not INLINE.search(html)


def test_unavailable_tells_when_to_try_again() -> None:
    response = errors.unavailable(RequestFactory().get("/"), retry_after_seconds=30)

    assert (response.status_code, response.headers["Retry-After"]) == (503, "30")


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        (errors.bad_request, 400),
        (errors.permission_denied, 403),
        (errors.page_not_found, 404),
    ],
)
def test_error_answers_with_its_status(answer: object, status: int) -> None:
    assert callable(answer)
    assert answer(RequestFactory().get("/"), None).status_code == status


@pytest.mark.django_db
def test_phone_that_speaks_english_still_meets_vietnamese_first(client: Client) -> None:
    response = client.get("/status/", headers={"accept-language": "en-US,en;q=0.9"})

    assert '<html lang="vi"' in response.content.decode()
    assert response.headers["Content-Language"] == "vi"


@pytest.mark.django_db
def test_language_is_chosen_by_a_form_and_kept(client: Client) -> None:
    response = client.post("/language/", {"language": "en", "next": "/status/"})

    assert response.headers["Location"] == "/status/"
    assert '<html lang="en"' in client.get("/status/").content.decode()


@pytest.mark.django_db
def test_language_switch_leads_to_no_other_site(client: Client) -> None:
    response = client.post("/language/", {"language": "en", "next": "https://elsewhere.example/"})

    assert response.headers["Location"] == "/"
    assert '<html lang="en"' in client.get("/status/").content.decode()


@pytest.mark.django_db
def test_unknown_language_is_vietnamese(client: Client) -> None:
    client.cookies["django_language"] = "fr"

    assert '<html lang="vi"' in client.get("/status/").content.decode()
