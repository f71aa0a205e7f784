"""Bytes in blocks of one size, so that nothing later depends on how they arrived."""

from collections.abc import Iterable, Iterator

BLOCK = 1 << 20  # bytes that are decoded at a time


def cut(content: Iterable[bytes], size: int, first: int = 0) -> Iterator[bytes]:
    """The same bytes in blocks of exactly `size`, but for the last, and the first if `first` is given."""
    buffer, wanted = bytearray(), first or size
    for chunk in content:
        if len(chunk) == wanted and not buffer:
            yield chunk  # as most arrive, and uncopied
            wanted = size
            continue
        buffer += chunk
        while len(buffer) >= wanted:
            yield bytes(buffer[:wanted])
            del buffer[:wanted]
            wanted = size
    if buffer:
        yield bytes(buffer)
