"""Public pages from memory: the same as Django's, never another reader's, and old for a second or two at most."""

import gzip
import re
from datetime import timedelta

import pytest
from directing import NOW as LAW_NOW
from directing import WARD as LAW_WARD
from directing import directive_text, leader, open_parameters, open_places, switch
from django.test import Client
from garden import NOW, content
from pytest_django import Settings

from motcua.agencies.models import Agency
from motcua.directives.services import install as install_law
from motcua.identity.models import Account
from motcua.identity.states import AccountKind
from motcua.procedures.models import Revision
from motcua.procedures.queries import ProcedureView
from motcua.procedures.services import install_revision
from motcua.site.readers.pages import KEPT_BLIND_SECONDS, RENDERED_FOR_SECONDS, Rendered, as_shared
from motcua.site.readers.watch import BLIND_AFTER_SECONDS, Watch
from motcua.web.ui.direct import Told

from .conftest import Clock, CountedSite, Reader

PAGES = [
    "/",
    "/services/",
    "/services/garden_key/",
    "/services/garden_key/rules/",
    "/status/",
    "/verify/",
    "/law/",
]
SERVICE = "/services/garden_key/"


def headers(told: Told) -> dict[str, str]:
    return dict(told.headers)


@pytest.fixture(autouse=True)
def opened(procedure: ProcedureView, watch: Watch) -> None:
    watch.look()


def install(**changes: object) -> None:
    manifest = content().manifest.model_dump()
    install_revision(
        content=content(manifest={**manifest, **changes}), sha256="f" * 64, now=NOW + timedelta(days=1)
    )


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("language", ["vi", "en"])
def test_page_from_memory_is_the_page_of_django(
    path: str, language: str, reader: Reader, client: Client
) -> None:
    client.cookies["django_language"] = language
    plain = client.get(path)

    first = reader.page(path, cookie=f"django_language={language}")
    second = reader.page(path, cookie=f"django_language={language}")

    assert first.body == second.body == plain.content
    assert headers(first)["content-language"] == language
    for name in ("Content-Security-Policy", "Content-Type", "X-Frame-Options", "Permissions-Policy"):
        assert headers(first)[name.lower()] == plain.headers[name]
    assert "set-cookie" not in headers(first)


def test_page_is_rendered_once_a_language(reader: Reader, site: CountedSite) -> None:
    for _ in range(3):
        for language in ("vi", "en", "fr", ""):
            reader.page(SERVICE, cookie=f"django_language={language}")

    # Whoever chose a language that we do not have reads Vietnamese, like whoever chose none.
    assert site.rendered == 2


def test_page_of_a_place_is_new_when_the_law_is(reader: Reader, site: CountedSite, watch: Watch) -> None:
    open_places()
    open_parameters(LAW_NOW)
    install_law(text=directive_text(parameters="{zones.color: red}"), now=LAW_NOW)
    watch.look()
    address = f"/law/{LAW_WARD}/"
    before = [reader.page(address).body.decode() for _ in range(2)]
    rendered = site.rendered
    text = directive_text(
        "08/CT-UBND", since="2026-09-18T00:00", replaces="[05/CT-UBND]", parameters="{zones.color: green}"
    )
    switch(text, by=leader("a"), second=leader("b"), at=LAW_NOW)

    watch.look()

    assert ["Vùng đỏ" in page for page in before] == [True, True]
    assert rendered == 1
    assert "Vùng xanh" in reader.page(address).body.decode()


def test_caches_on_the_way_are_told_what_a_page_varies_by(reader: Reader) -> None:
    told = headers(reader.page("/"))

    assert told["vary"] == "Cookie, Accept-Encoding"
    assert told["cache-control"] == "public, max-age=0, s-maxage=5, must-revalidate"


@pytest.mark.parametrize(
    "cookie", ["sessionid=abc", "django_language=en; sessionid=abc", "csrftoken=1;sessionid=", "x=sessionid"]
)
def test_who_has_a_session_is_left_to_django(cookie: str, reader: Reader, site: CountedSite) -> None:
    reader.page("/")

    assert reader.get("/", cookie=cookie) is None
    assert site.rendered == 1


def test_page_made_while_somebody_is_signed_in_is_nobodys(reader: Reader, client: Client) -> None:
    client.force_login(
        Account.objects.create(
            kind=AccountKind.OFFICER, login="canbo", name="Nguyễn Thị Riêng", created_at=NOW
        )
    )
    theirs = client.get("/").content.decode()

    told = reader.page("/", cookie="csrftoken=of-somebody")

    assert "Nguyễn Thị Riêng" in theirs
    assert "Nguyễn Thị Riêng" not in told.body.decode()
    assert "csrf" not in told.body.decode()


@pytest.mark.parametrize(
    "path",
    [
        "/my/",
        "/apply/garden_key/",
        "/sign-in/",
        "/services/garden_key",
        "/services/none/",
        "/services/../",
        "/services//",
        "/services/garden_key/rules",
        "/services/garden_key/rules/x/",
        "/status/x",
        "/desk/",
    ],
)
def test_other_addresses_are_left_to_django(path: str, reader: Reader, site: CountedSite) -> None:
    assert reader.get(path) is None
    assert site.rendered == 0


def test_query_is_never_kept(reader: Reader, site: CountedSite) -> None:
    for number in range(50):
        assert reader.get("/status/", query=f"number=H17-20261122-{number:07d}") is None
        assert reader.get("/", query=f"x={number}") is None

    assert site.rendered == 0


def test_who_has_the_page_gets_304_and_who_reads_gzip_gets_gzip(reader: Reader) -> None:
    plain = reader.page("/")
    zipped = reader.page("/", accept_encoding="gzip")

    again = reader.page("/", if_none_match=headers(plain)["etag"])

    assert gzip.decompress(zipped.body) == plain.body
    assert (again.status, again.body) == (304, b"")
    # The tag of the compressed page is not that of the plain one: a byte range of one is none of the other.
    assert reader.page("/", if_none_match=headers(plain)["etag"], accept_encoding="gzip").status == 200


def test_head_and_range(reader: Reader) -> None:
    whole = reader.page("/")
    head = reader.page("/", method="HEAD")
    part = reader.page("/", range="bytes=0-10")

    assert (head.body, headers(head)) == (b"", headers(whole))
    assert (part.status, part.body) == (200, whole.body)


def test_new_revision_shows_once_the_watch_has_looked(reader: Reader, watch: Watch) -> None:
    before = reader.page(SERVICE)
    install(within_working_hours=17)

    assert reader.page(SERVICE).body == before.body
    watch.look()

    assert "17 giờ làm việc" in reader.page(SERVICE).body.decode()


def test_withdrawn_service_is_gone_once_the_watch_has_looked(reader: Reader, watch: Watch) -> None:
    reader.page(SERVICE)
    Revision.objects.update(withdrawn_at=NOW + timedelta(days=1))

    watch.look()

    assert reader.get(SERVICE) is None
    assert "Chìa khoá vườn" not in reader.page("/services/").body.decode()


def test_new_name_of_an_agency_shows_once_the_watch_has_looked(reader: Reader, watch: Watch) -> None:
    reader.page(SERVICE)
    Agency.objects.filter(code="garden").update(name="Ban quản lý công viên")

    watch.look()

    assert "Ban quản lý công viên" in reader.page(SERVICE).body.decode()


def test_page_is_rendered_anew_each_minute_whatever_the_watch_says(
    reader: Reader, site: CountedSite, watch: Watch, clock: Clock
) -> None:
    reader.page("/")
    clock.seconds += RENDERED_FOR_SECONDS + 1
    watch.look()

    reader.page("/")

    assert site.rendered == 2


def test_page_serves_while_the_database_is_away_and_not_for_ever(
    reader: Reader, site: CountedSite, clock: Clock
) -> None:
    reader.page("/")

    clock.seconds += KEPT_BLIND_SECONDS - 1
    reader.page("/")
    assert site.rendered == 1

    clock.seconds += 2
    reader.page("/")
    assert site.rendered == 2


def test_watch_that_has_not_looked_for_a_while_does_not_see(watch: Watch, clock: Clock) -> None:
    assert watch.sees()

    clock.seconds += BLIND_AFTER_SECONDS

    assert not watch.sees()


@pytest.mark.parametrize(
    "rendered",
    [
        pytest.param(Rendered(404, (), b"no"), id="not-found"),
        pytest.param(Rendered(302, (("location", "/"),), b""), id="redirect"),
        pytest.param(Rendered(200, (("set-cookie", "csrftoken=1"),), b"page"), id="cookie"),
        pytest.param(Rendered(200, (), b'<input name="csrfmiddlewaretoken" value="1">'), id="token"),
        pytest.param(
            Rendered(200, (("content-security-policy", "script-src 'nonce-abc'"),), b"page"), id="nonce"
        ),
    ],
)
def test_answer_made_for_one_reader_is_not_shared(rendered: Rendered) -> None:
    assert as_shared(rendered) is None


def test_no_public_page_carries_a_token_or_a_nonce(client: Client) -> None:
    for path in PAGES:
        page = client.get(path)
        assert not re.search(r"csrf|nonce", page.content.decode(), re.IGNORECASE), path
        assert "nonce" not in page.headers["Content-Security-Policy"]
        assert not page.cookies


def test_site_on_https_renders_its_pages_and_does_not_redirect_itself(
    reader: Reader, settings: Settings
) -> None:
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

    assert reader.page("/").status == 200
