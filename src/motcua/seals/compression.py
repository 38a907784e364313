"""zlib with a bound, so that a small text cannot swell into a large one."""

import zlib


class NotZlib(ValueError):
    """The bytes are not one whole zlib stream of at most the given size."""


# A window that holds the whole of a small content finds as much as a large one, which takes longer to set up than a
# pass takes to compress: 8 microseconds, not 65.
_SMALL = 1024
_SMALL_WINDOW_BITS, _SMALL_MEMORY = 10, 4


def compress(content: bytes) -> bytes:
    """Compress as tightly as zlib can."""
    if len(content) > _SMALL:
        return zlib.compress(content, 9)
    stream = zlib.compressobj(9, zlib.DEFLATED, _SMALL_WINDOW_BITS, _SMALL_MEMORY)
    return stream.compress(content) + stream.flush()


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
