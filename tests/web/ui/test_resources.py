"""An answer made once is sent as HTTP asks: tagged, compressed for who reads that, and not again to who has it."""

import gzip
from collections.abc import Callable

import pytest

from motcua.web.ui.resources import Resource, choose, prepare, reads_gzip

CONTENT = "Trang chủ của thành phố. ".encode() * 40
HEADERS = {"Content-Type": "text/html; charset=utf-8", "Cache-Control": "public", "Vary": "Cookie"}
MADE = 1_790_000_000


def page() -> Resource:
    return prepare(CONTENT, headers=HEADERS, modified_at=MADE)


def asked(**fields: str) -> Callable[[str], str]:
    return lambda name: fields.get(name.replace("-", "_"), "")


def test_whole_answer_names_length_tag_date_and_what_it_varies_by() -> None:
    answer = choose(page(), method="GET", header=asked())

    headers = dict(answer.headers)
    assert (answer.status, answer.body) == (200, CONTENT)
    assert headers["content-length"] == str(len(CONTENT))
    assert headers["vary"] == "Cookie, Accept-Encoding"
    assert headers["last-modified"] == "Mon, 21 Sep 2026 14:13:20 GMT"
    assert headers["etag"].startswith('"')


def test_head_is_the_same_without_a_body() -> None:
    whole, head = (choose(page(), method=method, header=asked()) for method in ("GET", "HEAD"))

    assert (head.headers, head.body) == (whole.headers, b"")


def test_compressed_answer_has_a_tag_of_its_own() -> None:
    plain = choose(page(), method="GET", header=asked())
    zipped = choose(page(), method="GET", header=asked(accept_encoding="br, gzip"))

    assert gzip.decompress(zipped.body) == CONTENT
    assert dict(zipped.headers)["content-encoding"] == "gzip"
    assert dict(zipped.headers)["etag"] != dict(plain.headers)["etag"]


def test_short_content_is_not_compressed() -> None:
    answer = choose(prepare(b"no" * 100, headers=HEADERS), method="GET", header=asked(accept_encoding="gzip"))

    assert answer.body == b"no" * 100


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("spelling", ["{}", "W/{}", '"other", {}', "*"])
def test_who_has_it_gets_304_without_a_body(method: str, spelling: str) -> None:
    tag = dict(choose(page(), method="GET", header=asked()).headers)["etag"]

    answer = choose(page(), method=method, header=asked(if_none_match=spelling.format(tag)))

    assert (answer.status, answer.body) == (304, b"")
    assert dict(answer.headers)["etag"] == tag
    assert "content-length" not in dict(answer.headers)


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"if_modified_since": "Mon, 21 Sep 2026 14:13:20 GMT"}, 304),
        ({"if_modified_since": "Mon, 21 Sep 2026 14:13:19 GMT"}, 200),
        ({"if_modified_since": "yesterday"}, 200),
        ({"if_modified_since": "Mon, 21 Sep 2026 14:13:20 GMT", "if_none_match": '"other"'}, 200),
        ({"range": "bytes=0-3"}, 200),
    ],
)
def test_date_counts_only_without_a_tag_and_a_range_never(fields: dict[str, str], status: int) -> None:
    assert choose(page(), method="GET", header=asked(**fields)).status == status


def test_other_headers_are_another_answer() -> None:
    other = prepare(CONTENT, headers={**HEADERS, "Content-Security-Policy": "default-src 'none'"})

    assert other.plain.etag != page().plain.etag


@pytest.mark.parametrize(
    ("accepted", "reads"),
    [
        ("gzip", True),
        ("GZIP;q=0.5", True),
        ("*", True),
        ("deflate, gzip;q=1.0, *;q=0.5", True),
        ("", False),
        ("identity", False),
        ("gzip;q=0", False),
        ("gzip; q=0.000", False),
        ("*;q=0", False),
        ("gzip;quality=high", False),
    ],
)
def test_gzip_is_sent_only_to_who_reads_it(accepted: str, reads: bool) -> None:
    assert reads_gzip(accepted) is reads
