"""What is not CSV, told from its first bytes, and named so that its owner knows what was uploaded."""

import json
import re

from function.errors import ErrorCode, FileError

HEAD = 4096  # bytes that are looked at

_MAGIC = (
    (b"%PDF-", "a PDF"),
    (b"\x89PNG\r\n", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"II*\0", "a TIFF image"),
    (b"MM\0*", "a TIFF image"),
    (b"RIFF", "a media file"),
    (b"OggS", "a media file"),
    (b"ID3", "a media file"),
    (b"PAR1", "a Parquet file"),
    (b"ORC", "an ORC file"),
    (b"Obj\x01", "an Avro file"),
    (b"ARROW1", "an Arrow file"),
    (b"FEA1", "a Feather file"),
    (b"\x89HDF\r\n", "an HDF5 file"),
    (b"SQLite format 3\0", "an SQLite database"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Excel workbook or Word document"),
    (b"{\\rtf", "an RTF document"),
    (b"%!PS", "a PostScript document"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"\x1f\x8b", "a compressed file inside a compressed file"),
    (b"PK\x03\x04", "a zip inside a compressed file"),
    (b"PK\x05\x06", "an empty zip"),
    (b"\x7fELF", "a program"),
    (b"MZ\x90\0", "a program"),
    (b"\xca\xfe\xba\xbe", "a program"),
)
_TAR = (257, b"ustar", "a tar archive")
_MARKUP = re.compile(
    rb"\s*(?:<!--.*?-->\s*)?<(?:!doctype|html|head|body|table|\?xml|svg|script)\b", re.IGNORECASE | re.DOTALL
)
_OBJECT = re.compile(rb"\s*(?:\[\s*)*\{\s*(?:\"[^\"]*\"\s*:|\})")
_CONTROL = bytes(set(range(32)) - {*b"\t\n\r\f\v\0\x01\x02\x1a\x1b\x1c\x1d\x1e\x1f"})


def refuse(content: bytes) -> None:
    """Look at the start of the stored content, before it is taken for text.

    Raises:
        FileError: `not_csv`, naming what it is.
    """
    head = content[:HEAD]
    at, mark, tar = _TAR
    name = next((name for magic, name in _MAGIC if head.startswith(magic)), None)
    if name is None and head[at:].startswith(mark):
        name = tar
    if name:
        raise FileError(ErrorCode.NOT_CSV, f"This is {name}, not CSV.")


def refuse_text(text: bytes) -> None:
    """Look at the start of the text.

    Raises:
        FileError: `not_csv`, naming what it is.
    """
    head = text[:HEAD]
    if _MARKUP.match(head):
        raise FileError(ErrorCode.NOT_CSV, "This is HTML or XML, not CSV.")
    if _is_json(head):
        raise FileError(ErrorCode.NOT_CSV, "This is JSON, not CSV.")
    if len(head) - len(head.translate(None, _CONTROL)) > max(3, len(head) / 20):
        raise FileError(ErrorCode.NOT_CSV, "This is binary data, not CSV.")


def _is_json(head: bytes) -> bool:
    """An object or a list of them; or a whole text that parses as a list."""
    first = head.strip().split(b"\n", 1)[0].strip()
    if _OBJECT.match(head):
        return first.endswith((b"{", b"[", b",", b"}", b"]", b":"))
    if len(head) < HEAD and first.startswith(b"["):
        try:
            return isinstance(json.loads(head), list)
        except ValueError:
            return False
    return False
