"""Compressed bytes -> bytes, a bounded block at a time whatever the ratio of compression.

A container that is cut or damaged is refused; checksums are verified (only zstd may come without one).
"""

import bz2
import lzma
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain
from typing import Protocol

from function.domain.errors import ErrorCode, FileError
from function.domain.findings import Finding
from function.scan.bytes.archive import unzip

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


@dataclass(frozen=True)
class Content:
    """What was in a container.

    Attributes:
        compression: its name, or None.
        blocks: the content in blocks of at most `BLOCK` bytes.
        found: what is remarkable about the container; complete when the blocks are.
    """

    compression: str | None
    blocks: Iterator[bytes]
    found: Counter[Finding] = field(default_factory=Counter)


def unpack(blocks: Iterable[bytes]) -> Content:
    """Recognise a container by its first bytes."""
    head, rest = peek(iter(blocks), HEAD)
    found: Counter[Finding] = Counter()
    if head.startswith(_ZIP):
        return Content("zip", unzip(rest, BLOCK, found), found)
    for magic, (name, new) in _MEMBERS.items():
        if head.startswith(magic):
            return Content(name, _Members(rest, name, magic, new, found).content(), found)
    return Content(None, rest)


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


class _Members:
    """The members of a container, one after the other; what stands behind them and is none is left out."""

    def __init__(
        self,
        blocks: Iterator[bytes],
        name: str,
        magic: bytes,
        new: Callable[[], Decompressor],
        found: Counter[Finding],
    ):
        self._blocks, self._name, self._magic, self._new, self._found = blocks, name, magic, new, found

    def content(self) -> Iterator[bytes]:
        """The content of all of them.

        Raises:
            FileError: `corrupt_compression`.
        """
        data = b""
        while data := self._start(data):
            member = self._new()
            ended = False
            while not ended:
                if out := _decompress(member, data, self._name):
                    yield out
                ended = member.eof
                data = b"" if ended or not member.needs_input else self._more()
            data = member.unused_data

    def _more(self) -> bytes:
        block = next(self._blocks, None)
        if block is None:
            message = f"The {self._name} data ends in the middle: upload the whole file."
            raise FileError(ErrorCode.CORRUPT_COMPRESSION, message)
        return block

    def _start(self, data: bytes) -> bytes:
        """The start of the next member, behind padding; nothing if there is none."""
        data = data.lstrip(b"\0")
        while len(data) < len(self._magic) and (block := next(self._blocks, None)) is not None:
            data = (data + block).lstrip(b"\0")
        if data.startswith(self._magic):
            return data
        behind = len(data) + (sum(map(len, self._blocks)) if data else 0)
        if behind:
            self._found[Finding.TRAILING_BYTES] += behind
        return b""


def _decompress(member: Decompressor, data: bytes, name: str) -> bytes:
    try:
        return member.decompress(data, BLOCK)
    except MemoryError:  # the function is too small for it, which says nothing of the data
        raise
    except Exception as error:  # each library has its own
        message = f"The {name} data is damaged ({error}): compress the file and upload it again."
        raise FileError(ErrorCode.CORRUPT_COMPRESSION, message) from error
