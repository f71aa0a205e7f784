"""What is no text at all, told from the first bytes as they came, before any encoding is tried."""

import struct
import zlib
from collections import Counter
from collections.abc import Callable

from function.scan.bytes import encoding

UNKNOWN = "binary data"  # of no kind that is known by name

_BLANKS = b"\t\n\v\f\r"
_DELIMITERS = b"\0\x01\x02\x1a\x1b\x1c\x1d\x1e\x1f"  # controls that tables have, or ends of old files
WORD = 20  # bytes that the name of a single column may have, in a file without a line end
_USUAL = b",;\t| "
_CONTROLS = frozenset({*range(32), 127}) - {*_BLANKS}
_DBF_VERSIONS = b"\x02\x03\x30\x31\x32\x43\x63\x83\x8b\xcb\xf5\xfb"
_EBCDIC = "cp037"


def name_of(head: bytes, *, whole: bool, codec: str | None = None) -> str | None:
    """What the bytes are, with its article; None if they may be text.

    Args:
        head: the start of the file.
        whole: whether it is all of it.
        codec: the encoding as the uploader told it: then the characters are looked at, and not the bytes.
    """
    if codec:
        text = head.decode(codec, "ignore").encode(errors="ignore")
        return UNKNOWN if _is_binary(text, whole=False) else None
    if name := next((name for name, is_it in _MARKED.items() if is_it(head)), None):
        return name
    if encoding.by_mark(head):
        return None
    if wide := encoding.by_zeros(head):
        return name_of(head, whole=whole, codec=wide)
    if _is_ebcdic(head):
        return "text in EBCDIC, the encoding of mainframes: transfer it as text, which converts it"
    return UNKNOWN if _is_binary(head, whole=whole) else None


def _is_dbf(head: bytes) -> bool:
    """The header of a dBASE file: its length, of 32 bytes for each field, ends in a carriage return."""
    if len(head) < 68 or head[0] not in _DBF_VERSIONS or not (1 <= head[2] <= 12 and 1 <= head[3] <= 31):
        return False
    (length,) = struct.unpack_from("<H", head, 8)
    return (
        length > 64 and length % 32 in (1, 8) and (length > len(head) or b"\r" in head[length - 264 : length])
    )


def _is_zlib(head: bytes) -> bool:
    """A header of RFC 1950 with a window of 32 kB, and bytes that unpack behind it."""
    if head[:1] != b"x" or len(head) < 3 or int.from_bytes(head[:2]) % 31:
        return False
    try:
        return bool(zlib.decompressobj().decompress(head, len(head)))
    except zlib.error:
        return False


def _is_ebcdic(head: bytes) -> bool:
    """Whether many bytes are beyond ASCII, and nearly all of them are printable in EBCDIC.

    Text of any other encoding has line feeds, which EBCDIC writes as another byte.
    """
    text = head.decode(_EBCDIC)
    printable = sum(" " <= each <= "~" or each in "\t\r\n\x85" for each in text)
    letters = sum(each.isascii() and each.isalnum() for each in text)
    beyond = sum(byte > 127 for byte in head)
    many = 3 * beyond > len(head) > 7 and 3 * letters > len(head)
    return many and b"\n" not in head and printable > 0.97 * len(head)


def _is_binary(head: bytes, *, whole: bool) -> bool:
    """Whether there are more control characters than in any text; one of them may be a delimiter."""
    controls = Counter(byte for byte in head if byte in _CONTROLS)
    if len(set(head)) == 1 and head[0] > 127:
        return len(head) > 1
    if _is_utf_8(head, whole=whole):
        return sum(n for byte, n in controls.items() if byte not in _DELIMITERS) > max(3, len(head) / 20)
    beside = controls.total() - max(controls.values(), default=0)
    one_line = whole and not any(end in head for end in (b"\n", b"\r"))
    parted = any(mark in head for mark in _USUAL)
    strange = bool(controls) or (len(head) > WORD and not parted)
    return (one_line and strange) or beside > max(1, len(head) / 50)


def _is_utf_8(head: bytes, *, whole: bool) -> bool:
    try:
        head.decode()
    except UnicodeDecodeError as error:
        return not whole and error.start > len(head) - 4  # a character is cut off
    return True


_MARKED: dict[str, Callable[[bytes], bool]] = {
    "a dBASE table": _is_dbf,
    "a zlib stream, which has to be unpacked, or packed as gzip": _is_zlib,
}
