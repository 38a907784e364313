"""Which addresses readers are answered at beside Django, and the files they get."""

import gzip
import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from asgiref.sync import async_to_sync
from django.contrib.staticfiles import finders
from django.core.handlers.wsgi import WSGIHandler
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from motcua.credentials import keyring
from motcua.credentials.services import ensure_keys, publish_status_list
from motcua.site.readers.table import Readers
from motcua.web.ui.assets import asset_url
from motcua.web.ui.direct import Asked, Told

pytestmark = pytest.mark.django_db


@pytest.fixture
def readers(settings: Settings, tmp_path: Path) -> Iterator[Readers]:
    settings.SECRETS_DIR = tmp_path
    ensure_keys(now=timezone.now() - timedelta(hours=1))
    made = Readers(WSGIHandler())  # type: ignore[arg-type]  # typed more narrowly than the interface
    made.watch.look()
    yield made
    keyring._read.cache_clear()


def get(readers: Readers, path: str, method: str = "GET", **fields: str) -> Told | None:
    handler = readers.handler(method, path)
    if handler is None:
        return None
    asked = Asked(method, path, "", lambda name: fields.get(name.replace("-", "_"), ""), b"")
    call: Callable[[Asked], Told | None] = async_to_sync(handler)
    return call(asked)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/"),
        ("POST", "/verify/"),
        ("PUT", "/services/"),
        ("GET", "/desk/"),
        ("GET", "/my/"),
        ("GET", "/apply/garden_key/"),
        ("GET", "/api/openapi.json"),
        ("POST", "/api/submissions"),
        ("HEAD", "/api/submissions/H17-20261122-0000001"),
        ("GET", "/healthz"),
        ("GET", "/readyz"),
        ("GET", "/services/" + "x" * 300),
        ("OPTIONS", "/"),
    ],
)
def test_everything_else_is_djangos(method: str, path: str, readers: Readers) -> None:
    assert readers.handler(method, path) is None


def test_built_file_is_sent_from_memory_compressed_once_and_for_ever(readers: Readers) -> None:
    address = asset_url("styles.css")
    plain = get(readers, address)
    zipped = get(readers, address, accept_encoding="gzip, br")

    assert plain is not None
    assert zipped is not None
    found = finders.find(address.removeprefix("/static/"))
    assert plain.body == Path(str(found)).read_bytes() == gzip.decompress(zipped.body)
    headers = dict(plain.headers)
    assert headers["cache-control"] == "max-age=315360000, public, immutable"
    assert headers["content-type"] == "text/css; charset=utf-8"
    again = get(readers, address, if_none_match=headers["etag"])
    assert again is not None
    assert (again.status, again.body) == (304, b"")


@pytest.mark.parametrize(
    "path",
    [
        "/static/ui/door.svg",
        "/static/built/assets/none-12345678.css",
        "/static/../settings-12345678.py",
        "/static/built/assets/../../../../settings-12345678.py",
        "/static/",
    ],
)
def test_file_that_is_not_built_is_djangos(path: str, readers: Readers) -> None:
    assert get(readers, path) is None


def test_published_files_are_those_of_django_and_follow_a_new_list(readers: Readers, client: Client) -> None:
    pointer = get(readers, "/published/newest.json")
    assert pointer is not None
    name = json.loads(pointer.body)["status_list"]["file"]
    file = get(readers, f"/published/{name}")
    assert file is not None
    assert file.body == client.get(f"/published/{name}").content
    assert pointer.body == client.get("/published/newest.json").content

    publish_status_list(now=timezone.now() + timedelta(minutes=1))
    readers.watch.look()

    newer = get(readers, "/published/newest.json")
    assert newer is not None
    assert json.loads(newer.body)["status_list"]["file"] != name
    # Whoever read the pointer a moment ago is led to the older file by Django.
    assert get(readers, f"/published/{name}") is None
    assert client.get(f"/published/{name}").status_code == 200


@pytest.mark.parametrize("address", ["/keys.json", "/status-list"])
def test_keys_and_list_have_an_address_that_stays(readers: Readers, client: Client, address: str) -> None:
    told, there = get(readers, address), client.get(address)

    assert told is not None
    assert (told.status, told.body) == (200, there.content)
    same = ("content-type", "cache-control", "access-control-allow-origin", "etag", "last-modified")
    headers = dict(told.headers)
    assert {name: headers[name] for name in same} == {name: there[name] for name in same}
    again = get(readers, address, if_none_match=headers["etag"])
    assert again is not None
    assert (again.status, again.body) == (304, b"")
    assert get(readers, f"{address}/more") is None


def test_keys_and_list_follow_what_is_published_and_are_djangos_while_nothing_is_seen(
    readers: Readers, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = get(readers, "/status-list")
    publish_status_list(now=timezone.now() + timedelta(minutes=1))
    readers.watch.look()
    after = get(readers, "/status-list")

    assert before is not None
    assert after is not None
    assert before.body != after.body
    monkeypatch.setattr(readers.watch, "sees", lambda: False)
    assert get(readers, "/status-list") is None
