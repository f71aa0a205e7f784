"""Compressed bytes -> bytes, a bounded block at a time, whatever the ratio of compression."""

import zlib
from collections.abc import Iterable, Iterator
from itertools import chain

from function.errors import ErrorCode, FileError

BLOCK = 1 << 20  # bytes of one block at most
GZIP = b"\x1f\x8b"
GZIP_FORMAT = zlib.MAX_WBITS | 16


def unpack(blocks: Iterable[bytes]) -> tuple[str | None, Iterator[bytes]]:
    """Recognise a container by its first bytes.

    Returns:
        (name of the compression or None, the content in blocks of at most `BLOCK` bytes).
    """
    blocks = iter(blocks)
    head = b""
    for block in blocks:
        head += block
        if len(head) >= len(GZIP):
            break
    rest = chain([head] if head else [], blocks)
    if head.startswith(GZIP):
        return "gzip", _gunzip(rest)
    return None, _slice(rest)


def _slice(blocks: Iterable[bytes]) -> Iterator[bytes]:
    for block in blocks:
        for start in range(0, len(block), BLOCK):
            yield block[start : start + BLOCK]


def _gunzip(blocks: Iterable[bytes]) -> Iterator[bytes]:
    """All members of a gzip file, each checked against its CRC (RFC 1952)."""
    member = zlib.decompressobj(GZIP_FORMAT)
    fresh = True  # between two members
    try:
        for block in blocks:
            data, full = block, False
            while data or full:
                if fresh:
                    data = data.lstrip(b"\0")  # padding, as tapes and block stores leave it
                fresh = fresh and not data
                out = member.decompress(data, BLOCK)
                data, full = member.unconsumed_tail, len(out) == BLOCK
                if out:
                    yield out
                if member.eof:
                    data, full, fresh = member.unused_data, False, True
                    member = zlib.decompressobj(GZIP_FORMAT)
    except zlib.error as error:
        raise FileError(ErrorCode.CORRUPT_COMPRESSION, f"The gzip data is damaged: {error}.") from error
    if not fresh:
        raise FileError(
            ErrorCode.CORRUPT_COMPRESSION, "The gzip data ends in the middle: upload the whole file."
        )
