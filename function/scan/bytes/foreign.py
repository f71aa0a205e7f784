"""What is not CSV, told from its first bytes, and named so that its owner knows what was uploaded."""

import json
import re
from collections.abc import Callable

from function.domain.errors import ErrorCode, FileError
from function.scan.bytes import binary, formats

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
    (b"\0asm", "a program"),
    *((b"\x80" + bytes([version]), "a Python pickle") for version in range(2, 6)),
)
_INSIDE = ((257, b"ustar", "a tar archive"), (4, b"ftyp", "a media file"))
_ARMOUR = b"-----BEGIN "
_POINTER = b"version https://git-lfs.github.com/spec/"
_TAGGED = re.compile(rb"\s*<[a-z_][\w.:-]*+[^<>]*+>", re.IGNORECASE)
_MAIL = re.compile(
    rb"(?:(?:from|to|cc|subject|date|received|return-path|message-id|mime-version|delivered-to|content-type|content-transfer-encoding)"
    rb": [^\r\n]*\r?\n(?:[ \t][^\r\n]*\r?\n)*){2}",
    re.IGNORECASE,
)
_PARTS = re.compile(
    rb"(?:[\w-]+: [^\r\n]*\r?\n){0,4}"
    rb"(?:content-(?:type|length|transfer-encoding)|mime-version): [^\r\n]*\r?\n",
    re.IGNORECASE,
)
_BASE64 = re.compile(rb"[A-Za-z0-9+/]{40,}={0,2}")
_SENTENCE = "one line of text without fields, perhaps the message of an error"
_REMEDIES = {
    binary.UNKNOWN: "; if it is text in another encoding: csv-encoding=...",
    _SENTENCE: "; if the line is a header: csv-header=true",
}
_WORDS_MOST = 40  # characters of one line that may be a name
_MARKUP = re.compile(
    rb"\s*(?:<!--.*?-->\s*)?<(?:!doctype|html|head|body|table|\?xml|svg|script)\b", re.IGNORECASE | re.DOTALL
)
_OBJECT = re.compile(rb"\s*(?:\[\s*)*\{\s*(?:\"[^\"]*\"\s*:|\})")


def refuse(content: bytes, *, whole: bool, encoding: str | None = None) -> None:
    """Look at the start of the stored content, before it is taken for text.

    Args:
        content: the first bytes, as they came.
        whole: whether that is all of them.
        encoding: as the uploader told it.

    Raises:
        FileError: `not_csv`, naming what it is.
    """
    head = content[:HEAD]
    name = next((name for magic, name in _MAGIC if head.startswith(magic)), None)
    name = name or next((name for at, mark, name in _INSIDE if head[at:].startswith(mark)), None)
    if name := name or binary.name_of(head, whole=whole and len(content) <= HEAD, codec=encoding):
        raise _refused(name)


def refuse_text(text: bytes, *, whole: bool, told: bool = False) -> None:
    """Look at the start of the text.

    Args:
        text: the start of it, as UTF-8.
        whole: whether that is all of it.
        told: whether the uploader said how the table is to be read; then text without fields is one column.

    Raises:
        FileError: `not_csv`, naming what it is.
    """
    head = text[:HEAD]
    whole = whole and len(text) <= HEAD
    checks = _TEXTS if told else _TEXTS | _WITHOUT_FIELDS
    name = next((name for name, is_it in checks.items() if is_it(head, whole)), None)
    decoded = head.decode("utf-8", "replace")
    if name := name or formats.begins(decoded) or (None if told else formats.consists(decoded, whole=whole)):
        raise _refused(name)


def _refused(name: str) -> FileError:
    remedy = f"Upload the table itself, exported as CSV{_REMEDIES.get(name, '.')}"
    return FileError(ErrorCode.NOT_CSV, f"This is {name}, not CSV. {remedy}")


def _is_markup(head: bytes, whole: bool) -> bool:
    """A document, or a part of one: it begins with a tag, and what can be seen ends in one."""
    if _MARKUP.match(head):
        return True
    lines = head.split(b"\n")
    ends = head if whole else lines[0]
    return bool(_TAGGED.match(head)) and ends.rstrip().endswith(b">")


def _is_base64(head: bytes, whole: bool) -> bool:
    """Lines of one length without any other character, in capitals and small letters."""
    lines = head.split()
    if not lines or b"," in head or head.islower() or head.isupper():
        return False
    full = lines[:-1] if len(lines) > 1 else lines
    even = {len(line) for line in full} == {len(lines[0])} and len(lines[0]) % 4 == 0
    return (
        even and all(map(_BASE64.fullmatch, full)) and any(map(str.isdigit, head.decode("ascii", "ignore")))
    )


def _is_one_sentence(head: bytes, whole: bool) -> bool:
    """One line of several words, or a long one, without anything between fields: a message, no header."""
    line = head.strip().strip(b'"')
    if not whole or not line or b"\n" in line or b"\r" in line:
        return False
    text = line.decode("utf-8", "replace")
    if any(mark in text for mark in ",;\t|") or any(not (each.isprintable()) for each in text):
        return False
    words = text.split()
    return len(text) > _WORDS_MOST or (len(words) > 1 and all(each[0].isalnum() for each in words))


def _is_json(head: bytes, whole: bool) -> bool:
    """An object or a list of them; or a whole text that parses as a list."""
    if whole and head.strip() in (b"null", b"undefined", b"[]"):
        return True
    first = head.strip().split(b"\n", 1)[0].strip()
    if _OBJECT.match(head):
        return first.endswith((b"{", b"[", b",", b"}", b"]", b":"))
    if len(head) < HEAD and first.startswith(b"["):
        try:
            return isinstance(json.loads(head), list)
        except ValueError:
            return False
    return False


_TEXTS: dict[str, Callable[[bytes, bool], bool]] = {
    "HTML or XML": _is_markup,
    "JSON": _is_json,
    "an encrypted, signed or key file": lambda head, _: head.lstrip().startswith(_ARMOUR),
    "a pointer of Git LFS, in place of the file it stands for": lambda head, _: head.startswith(_POINTER),
    "an e-mail": lambda head, _: bool(_MAIL.match(head) or _PARTS.match(head)),
}
_WITHOUT_FIELDS: dict[str, Callable[[bytes, bool], bool]] = {
    "base64, which has to be decoded": _is_base64,
    _SENTENCE: _is_one_sentence,
}
