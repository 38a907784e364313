import zlib

import pytest

from motcua.seals import compression
from motcua.seals.compression import NotZlib


def test_content_comes_back() -> None:
    assert compression.decompress(compression.compress(b"m\xe1\xbb\x99t"), 100) == b"m\xe1\xbb\x99t"


def test_a_bomb_stops_at_the_bound() -> None:
    with pytest.raises(NotZlib, match="more than 1000 bytes"):
        compression.decompress(zlib.compress(bytes(50_000_000)), 1000)


@pytest.mark.parametrize(
    "compressed", [b"", b"\x78", b"plain", zlib.compress(b"a" * 50)[:-2], zlib.compress(b"a") + b"b"]
)
def test_cut_or_lengthened_content_is_refused(compressed: bytes) -> None:
    with pytest.raises(NotZlib):
        compression.decompress(compressed, 1000)
