"""Which encoding a text is in, told from its first bytes and from the first block that is not ASCII.

In every encoding considered here but UTF-16 and UTF-32, an ASCII byte outside a multi-byte character is
that ASCII character, so what comes before the first other byte reads the same in all of them and the
question can wait.
"""

import codecs

UNKNOWN = "ascii"  # so far
_FALLBACK = "cp1252"
_MARKS = (  # UTF-32 before UTF-16, whose mark it starts with
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_WIDER = {"gbk": "gb18030", "shift_jis": "cp932", "euc_kr": "cp949", "big5": "cp950"}


def by_mark(head: bytes) -> tuple[str, int] | None:
    """(encoding, length of the byte order mark), if there is one."""
    return next(((name, len(mark)) for mark, name in _MARKS if head.startswith(mark)), None)


def by_zeros(head: bytes) -> str | None:
    """UTF-16 or UTF-32 without a mark: delimiters and digits at least are ASCII, which shows in the zeros."""
    head = head[: len(head) // 4 * 4][:4096]
    if len(head) < 4 or b"\0" not in head:
        return None
    first, second, third, fourth = (head[place::4].count(0) * 4 / len(head) for place in range(4))
    if fourth == 1 and third > 0.9:
        return "utf-32-le"
    if first == 1 and second > 0.9:
        return "utf-32-be"
    big, little = (first + third) / 2, (second + fourth) / 2
    if little > 0.1 and big < little / 10:
        return "utf-16-le"
    return "utf-16-be" if big > 0.1 and little < big / 10 else None


def by_content(block: bytes) -> str:
    """The encoding of a block that is not ASCII: UTF-8 if it mostly is, else as a browser would guess."""
    text = block.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    return "utf-8" if _beyond_ascii(text) >= 2 * broken else _guess(block)


def _beyond_ascii(text: str) -> int:
    return len(text) - len(text.encode("ascii", "ignore"))


def _guess(block: bytes) -> str:
    from chardetng_py import EncodingDetector  # type: ignore[import-untyped]  # noqa: PLC0415 (for old files only)

    detector = EncodingDetector()
    detector.feed(block, last=False)
    try:
        name = codecs.lookup(detector.guess(tld=None, allow_utf8=False)).name
    except LookupError:  # one that only browsers know
        return _FALLBACK
    name = _WIDER.get(name, name)
    return name if is_single_byte(name) or _is_sound(block, name) else _FALLBACK


def _is_sound(block: bytes, name: str) -> bool:
    """Whether all of the block but perhaps its last character is in the encoding."""
    try:
        codecs.getincrementaldecoder(name)().decode(block)
    except UnicodeDecodeError:
        return False
    return True


def keeps_ascii(name: str) -> bool:
    """Whether a damaged character cannot take a delimiter or line end with it."""
    return name.startswith("utf-8") or is_single_byte(name)


def is_single_byte(name: str) -> bool:
    """Whether each byte of the encoding is a character."""
    upper = bytes(range(0x80, 0x100)).decode(name, "replace")
    return len(upper) == 0x80 and upper.count("\ufffd") < 0x40
