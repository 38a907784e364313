"""Answers made once and sent many times: tags, 304, HEAD and compression, whatever server sends them.

Everything that depends on the request is the choice of one of a few prepared answers. A ``Range`` is ignored,
which every client must expect: the answers are short.
"""

import gzip
import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.utils import formatdate, parsedate_to_datetime
from functools import lru_cache

Headers = tuple[tuple[str, str], ...]
# Compressed only where that saves a tenth of more than fits one packet anyway.
WORTH, SHORT = 0.9, 1000
_TAG = re.compile(r'"[^"]*"')


@dataclass(frozen=True, slots=True)
class Prepared:
    """One answer as it goes out: status, headers with the length, and the body."""

    status: int
    headers: Headers
    body: bytes


@dataclass(frozen=True, slots=True)
class Variant:
    """A content in one coding: what to send, with and without its body, and to whom who has it."""

    etag: str
    whole: Prepared
    head: Prepared
    unchanged: Prepared


@dataclass(frozen=True, slots=True)
class Resource:
    """A content with its plain variant, and a compressed one where that pays; ``modified_at`` in seconds."""

    plain: Variant
    zipped: Variant | None
    modified_at: int | None


def prepare(content: bytes, *, headers: Mapping[str, str], modified_at: float | None = None) -> Resource:
    """Prepare every answer about a content; ``headers`` are sent with each, the tag is made from all of it.

    A tag covers the headers as well: a page whose policy changed is another page.
    """
    shown = {**headers, "Vary": _varied(headers.get("Vary", ""))}
    if modified_at is not None:
        shown["Last-Modified"] = formatdate(int(modified_at), usegmt=True)
    digest = hashlib.sha256(repr(sorted(headers.items())).encode() + b"\0" + content).hexdigest()[:32]
    smaller = gzip.compress(content, 9, mtime=0) if len(content) >= SHORT else content
    zipped = None
    if len(smaller) < WORTH * len(content):
        zipped = _variant(f'"{digest}-gzip"', smaller, {**shown, "Content-Encoding": "gzip"})
    seconds = None if modified_at is None else int(modified_at)
    return Resource(_variant(f'"{digest}"', content, shown), zipped, seconds)


def choose(resource: Resource, *, method: str, header: Callable[[str], str]) -> Prepared:
    """Return the prepared answer to a GET or HEAD; ``header`` takes a name in small letters, and gives '' for none."""
    variant = resource.plain
    if resource.zipped is not None and reads_gzip(header("accept-encoding")):
        variant = resource.zipped
    if _has_it(resource, variant, header):
        return variant.unchanged
    return variant.head if method == "HEAD" else variant.whole


@lru_cache(maxsize=256)
def reads_gzip(accepted: str) -> bool:
    """Tell whether an ``Accept-Encoding`` takes gzip; a weight of nought means that it does not."""
    weights = {}
    for part in accepted.lower().split(","):
        coding, _, rest = part.partition(";")
        weight = re.fullmatch(r"\s*q\s*=\s*([01](?:\.\d{0,3})?)\s*", rest)
        weights[coding.strip()] = float(weight[1]) if weight else 0.0 if rest.strip() else 1.0
    return weights.get("gzip", weights.get("*", 0.0)) > 0


def _has_it(resource: Resource, variant: Variant, header: Callable[[str], str]) -> bool:
    tags = header("if-none-match")
    if tags:
        # The date does not count beside tags. Compared weakly: a proxy may have marked ours as weak.
        return tags.strip() == "*" or variant.etag in _TAG.findall(tags)
    since = header("if-modified-since") if resource.modified_at is not None else ""
    if not since or resource.modified_at is None:
        return False
    try:
        return resource.modified_at <= parsedate_to_datetime(since).timestamp()
    except (ValueError, TypeError, OverflowError):
        return False


def _variant(etag: str, body: bytes, headers: Mapping[str, str]) -> Variant:
    shown = {**headers, "ETag": etag}
    whole = _encoded({**shown, "Content-Length": str(len(body))})
    # 304 repeats what a cache needs, and says nothing of a body that it does not have.
    silent = _encoded({k: v for k, v in shown.items() if k not in ("Content-Type", "Content-Encoding")})
    return Variant(etag, Prepared(200, whole, body), Prepared(200, whole, b""), Prepared(304, silent, b""))


def _encoded(headers: Mapping[str, str]) -> Headers:
    return tuple((name.lower(), value) for name, value in headers.items())


def _varied(named: str) -> str:
    names = [name.strip() for name in named.split(",") if name.strip()]
    return ", ".join(dict.fromkeys([*names, "Accept-Encoding"]))
