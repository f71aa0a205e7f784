"""Bytes -> UTF-8 without a byte order mark, proven valid."""

import codecs
from collections.abc import Iterable, Iterator

from function.errors import ErrorCode, FileError


def decode(blocks: Iterable[bytes]) -> Iterator[bytes]:
    """Pass UTF-8 on, cut at characters.

    Raises:
        FileError: `encoding`, with the line, where the bytes are not UTF-8.
    """
    lines = 0
    carry = b""
    start = True
    for block in blocks:
        data = carry + block
        if start and len(data) < len(codecs.BOM_UTF8) and codecs.BOM_UTF8.startswith(data):
            carry = data
            continue
        if start:
            data, start = data.removeprefix(codecs.BOM_UTF8), False
        whole = len(data) - _unfinished(data)
        _check(data[:whole], lines)
        lines += data.count(b"\n", 0, whole)
        carry = data[whole:]
        if whole:
            yield data[:whole]
    if carry and not (start and carry == codecs.BOM_UTF8):
        _check(carry, lines)
        yield carry


def _unfinished(data: bytes) -> int:
    """How many bytes at the end may be the start of a character that the next block ends."""
    for back in range(1, min(3, len(data)) + 1):
        byte = data[-back]
        if byte >= 0xC0:
            return back if back < (2 if byte < 0xE0 else 3 if byte < 0xF0 else 4) else 0
        if byte < 0x80:
            return 0
    return 0


def _check(data: bytes, lines_before: int) -> None:
    try:
        data.decode()
    except UnicodeDecodeError as error:
        line = lines_before + data.count(b"\n", 0, error.start) + 1
        start = data.rfind(b"\n", 0, error.start) + 1
        column = len(data[start : error.start].decode()) + 1
        raise FileError(
            ErrorCode.ENCODING,
            f"Byte 0x{data[error.start]:02x} is not UTF-8: {error.reason}. Save the file as UTF-8.",
            line=line,
            column=column,
        ) from error
