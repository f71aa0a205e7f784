"""Compressed bytes -> bytes, a bounded block at a time whatever the ratio of compression.

A container that is cut or damaged is refused; checksums are verified (only zstd may come without one).
"""

import bz2
import lzma
import zlib
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import Protocol

from function.errors import ErrorCode, FileError
from function.scan.archive import unzip

BLOCK = 1 << 20  # bytes of one block at most
MEMORY = 128 << 20  # bytes that an xz dictionary may take
HEAD = 6  # bytes that tell a container


class Decompressor(Protocol):
    """One member of a container, as bz2, lzma and zstd have it."""

    def decompress(self, data: bytes, max_length: int = -1) -> bytes:
        """At most `max_length` bytes of content."""
        ...

    @property
    def eof(self) -> bool:
        """Whether the member has ended."""
        ...

    @property
    def needs_input(self) -> bool:
        """Whether all content that the data so far hold has been given out."""
        ...

    @property
    def unused_data(self) -> bytes:
        """What stood behind the end of the member."""
        ...


class _Gzip:
    """zlib's decompressor in the same form."""

    def __init__(self) -> None:
        self._member = zlib.decompressobj(zlib.MAX_WBITS | 16)
        self.needs_input = True

    def decompress(self, data: bytes, max_length: int = -1) -> bytes:
        out = self._member.decompress(self._member.unconsumed_tail + data, max(max_length, 0))
        self.needs_input = not self._member.unconsumed_tail and len(out) < max_length
        return out

    @property
    def eof(self) -> bool:
        return self._member.eof

    @property
    def unused_data(self) -> bytes:
        return self._member.unused_data


def _zstd() -> Decompressor:
    from backports.zstd import ZstdDecompressor  # noqa: PLC0415 (only such files pay for it)

    return ZstdDecompressor()


_MEMBERS: dict[bytes, tuple[str, Callable[[], Decompressor]]] = {
    b"\x1f\x8b": ("gzip", _Gzip),
    b"BZh": ("bzip2", bz2.BZ2Decompressor),
    b"\xfd7zXZ\0": ("xz", lambda: lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=MEMORY)),
    b"\x28\xb5\x2f\xfd": ("zstd", _zstd),
}
_ZIP = b"PK\x03\x04"


def unpack(blocks: Iterable[bytes]) -> tuple[str | None, Iterator[bytes]]:
    """Recognise a container by its first bytes.

    Returns:
        (name of the compression or None, the content in blocks of at most `BLOCK` bytes).
    """
    head, rest = peek(iter(blocks), HEAD)
    if head.startswith(_ZIP):
        return "zip", unzip(rest, BLOCK)
    for magic, (name, new) in _MEMBERS.items():
        if head.startswith(magic):
            return name, _members(rest, name, new)
    return None, rest


def peek(blocks: Iterator[bytes], size: int) -> tuple[bytes, Iterator[bytes]]:
    """(the first `size` bytes or a little more, all blocks)."""
    head: list[bytes] = []
    for block in blocks:
        head.append(block)
        size -= len(block)
        if size <= 0:
            break
    prefix = b"".join(head)
    return prefix, chain([prefix], blocks)


def _members(blocks: Iterable[bytes], name: str, new: Callable[[], Decompressor]) -> Iterator[bytes]:
    """The content of all members, one after the other."""
    member, begun = new(), False
    for block in blocks:
        data = block
        while data or not member.needs_input:
            if not begun:
                data = data.lstrip(b"\0")  # padding between members
            if not data and not begun:
                break
            begun = True
            out = _decompress(member, data, name)
            data = b""
            if out:
                yield out
            if member.eof:
                data, member, begun = member.unused_data, new(), False
    if begun:
        raise FileError(
            ErrorCode.CORRUPT_COMPRESSION, f"The {name} data ends in the middle: upload the whole file."
        )


def _decompress(member: Decompressor, data: bytes, name: str) -> bytes:
    try:
        return member.decompress(data, BLOCK)
    except MemoryError:  # the function is too small for it, which says nothing of the data
        raise
    except Exception as error:  # each library has its own
        message = f"The {name} data is damaged: {error}."
        raise FileError(ErrorCode.CORRUPT_COMPRESSION, message) from error
