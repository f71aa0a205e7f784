"""A zip with one table in it, read as a stream: the directory at its end is not needed, but has to be there.

The format is PKWARE's APPNOTE 6.3: for each file a local header, the data and perhaps a data descriptor; then
the directory.
"""

import re
import struct
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from function.domain.errors import ErrorCode, FileError
from function.domain.findings import Finding
from function.scan.bytes.members import Members

_LOCAL, _DIRECTORY, _DESCRIPTOR = b"PK\x03\x04", b"PK\x01\x02", b"PK\x07\x08"
_END = b"PK\x05\x06"
_MANY = 0xFFFF  # stands for as many files, or more
_TAIL = 22 + 0xFFFF  # the end of the directory, with its comment
_HEADER = struct.Struct("<4s5H3I2H")
_ENCRYPTED, _DESCRIBED = 1, 8  # bits of the flags
_STORED, _DEFLATED = 0, 8
_UNKNOWN_SIZE = 0xFFFFFFFF
_METHODS = {9: "Deflate64", 12: "bzip2", 14: "LZMA", 93: "Zstandard", 95: "xz", 99: "AES"}
_ZIP64 = 1  # the extra field with sizes of eight bytes
_OFFICE = re.compile(r"\[Content_Types\]\.xml|mimetype|(_rels|docProps|xl|word|ppt)/.*\.(xml|rels|bin)")


class _Bytes:
    """The blocks, to be read in portions and to be pushed back into."""

    def __init__(self, blocks: Iterable[bytes]):
        self._blocks = iter(blocks)
        self._buffer = b""

    def take(self, size: int) -> bytes:
        """Exactly `size` bytes."""
        while len(self._buffer) < size:
            block = next(self._blocks, None)
            if block is None:
                raise _damaged("it ends in the middle")
            self._buffer += block
        taken, self._buffer = self._buffer[:size], self._buffer[size:]
        return taken

    def some(self) -> bytes:
        """At least one byte."""
        some, self._buffer = self._buffer or self.take(1) + self._buffer, b""
        return some

    def push(self, data: bytes) -> None:
        """Give back what was taken too much."""
        self._buffer = data + self._buffer

    def drain(self) -> Iterator[bytes]:
        """Whatever is left."""
        yield self._buffer
        yield from self._blocks


@dataclass(frozen=True, slots=True)
class _Entry:
    """A file's local header."""

    name: str
    method: int
    flags: int
    crc: int
    size: int  # compressed


def unzip(blocks: Iterable[bytes], block: int, found: Counter[Finding]) -> Iterator[bytes]:
    """The content of the only table, in blocks of at most `block` bytes.

    Args:
        blocks: of the zip.
        block: bytes.
        found: is told of other files that are left out, and of bytes behind the end.

    Raises:
        FileError: `corrupt_compression`; `not_csv` for several files, a password, or an office document.
    """
    source, members, files = _Bytes(blocks), Members(), 0
    while (signature := source.take(4)) == _LOCAL:
        source.push(signature)
        entry, files = _entry(source), files + 1
        yield from members.take(entry.name, _content(source, entry, block))
    if signature != _DIRECTORY:
        raise _damaged("there is something else where its directory should be")
    yield from members.finish(found)
    tail = b""
    for data in source.drain():
        tail = (tail + data)[-_TAIL:]
    end = tail.rfind(_END)
    behind = len(tail) - (end + 22 + int.from_bytes(tail[end + 20 : end + 22], "little"))
    if end < 0 or behind < 0:
        raise _damaged("it ends in the middle")
    if int.from_bytes(tail[end + 10 : end + 12], "little") != min(files, _MANY):
        raise _damaged("its directory lists other files than it holds, or files that overlap")
    if behind:
        found[Finding.TRAILING_BYTES] += behind


def _entry(source: _Bytes) -> _Entry:
    header = _HEADER.unpack(source.take(_HEADER.size))
    _, _, flags, method, _, _, crc, size, _, name_size, extra_size = header
    name = source.take(name_size).decode(errors="replace").replace("\\", "/")
    size = _long_size(source.take(extra_size)) if size == _UNKNOWN_SIZE else size
    if _OFFICE.fullmatch(name):
        raise FileError(ErrorCode.NOT_CSV, "This is an office document (a workbook?): export it as CSV.")
    if flags & _ENCRYPTED:
        raise _refused(name, "{} in the zip is encrypted: upload it without a password.")
    if method not in (_STORED, _DEFLATED):
        packing = f"{_METHODS.get(method, f'method {method}')}, which is not read here: use Deflate, or gzip"
        raise _refused(name, f"{{}} in the zip is packed by {packing}.")
    if method == _STORED and flags & _DESCRIBED and not size and not name.endswith("/"):
        raise _refused(name, "The zip stores {} without saying how long it is: use Deflate, or gzip.")
    return _Entry(name, method, flags, crc, size)


def _refused(name: str, form: str) -> FileError:
    """The verdict on one file of the zip, whose name the message has in the place of the braces."""
    return FileError(ErrorCode.NOT_CSV, form.format(repr(name)), unquoted=form.format("a file"))


def _long_size(extra: bytes) -> int:
    """The compressed size of a file that has room for 4 GB or more: behind the size of the content."""
    while len(extra) >= 4:
        kind, size = struct.unpack("<2H", extra[:4])
        if kind == _ZIP64 and size >= 16:
            return int.from_bytes(extra[12:20], "little")
        extra = extra[4 + size :]
    raise _damaged("a file has no size")


def _content(source: _Bytes, entry: _Entry, block: int) -> Iterator[bytes]:
    crc = 0
    for out in _stored(source, entry.size) if entry.method == _STORED else _deflated(source, block):
        crc = zlib.crc32(out, crc)
        yield out
    if crc != (_described_crc(source) if entry.flags & _DESCRIBED else entry.crc):
        raise _damaged("its checksum is wrong")


def _stored(source: _Bytes, size: int) -> Iterator[bytes]:
    while size:
        data = source.some()
        source.push(data[size:])
        yield data[:size]
        size -= len(data[:size])


def _deflated(source: _Bytes, block: int) -> Iterator[bytes]:
    member = zlib.decompressobj(-zlib.MAX_WBITS)
    while not member.eof:
        data = member.unconsumed_tail or source.some()
        try:
            out = member.decompress(data, block)
        except zlib.error as error:
            raise _damaged(str(error)) from error
        if out:
            yield out
    source.push(member.unused_data)


def _described_crc(source: _Bytes) -> int:
    """The checksum behind the data; its signature is optional, its sizes have four bytes or eight."""
    first = source.take(4)
    crc = source.take(4) if first == _DESCRIPTOR else first
    sizes = source.take(8)
    following = source.take(4)
    if following not in (_LOCAL, _DIRECTORY):  # zip64
        sizes, following = sizes + following + source.take(4), source.take(4)
    source.push(following)
    return int.from_bytes(crc, "little")


def _damaged(why: str) -> FileError:
    return FileError(ErrorCode.CORRUPT_COMPRESSION, f"The zip is damaged ({why}): upload it again.")
