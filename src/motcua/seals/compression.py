"""zlib with a bound, so that a small text cannot swell into a large one."""

import zlib


class NotZlib(ValueError):
    """The bytes are not one whole zlib stream of at most the given size."""


def compress(content: bytes) -> bytes:
    """Compress as tightly as zlib can."""
    return zlib.compress(content, 9)


def decompress(compressed: bytes, at_most: int) -> bytes:
    """Decompress one whole stream with nothing after it, of ``at_most`` bytes. Raises ``NotZlib``."""
    stream = zlib.decompressobj()
    try:
        content = stream.decompress(compressed, at_most + 1)
    except zlib.error as fault:
        raise NotZlib("not readable as zlib") from fault
    if len(content) > at_most:
        raise NotZlib(f"more than {at_most} bytes once decompressed")
    if not stream.eof or stream.unused_data:
        raise NotZlib("the compressed content is cut, or something follows it")
    return content
