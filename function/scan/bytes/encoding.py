"""Detect the encoding of a text from its first bytes and the first block that is not ASCII.

In every encoding considered here but UTF-16 and UTF-32, an ASCII byte outside a multi-byte character is
that ASCII character, so what comes before the first other byte reads the same in all of them and the
question can wait.
"""

import codecs
import re
from collections.abc import Sequence

from function.scan.bytes.alphabets import fitness, places

UNKNOWN = "ascii"  # so far
_FALLBACK = "cp1252"
_MARKS = (  # UTF-32 before UTF-16, whose mark it starts with
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_PRIOR = {  # how many characters must contradict it: most old files are western, from Windows
    "utf-8": 6.0, "cp1252": 0.75, "cp1250": 0.0, "iso8859-2": -0.2, "cp1254": 0.0, "cp1257": 0.0,
    "mac-roman": -0.5, "cp850": -0.4, "cp1258": -1.0,
}  # fmt: skip
_GUESSED, _EACH = 0.5, 0.1
_TRAILING = b"@[\\]^_`{|}~"  # marks that are second bytes of characters in some encodings
SAMPLE = 1 << 16  # bytes of lines that are enough for a guess
FEW = 20  # bytes beyond ASCII that are too few to detect an encoding
MUCH = 40  # different places at which a browser's guess is as good as it gets
_PAIRS = 6  # of a byte and a zero
WIDE = re.compile(rb"(?:[\t\r\n -~]\0){%d}|(?:\0[\t\r\n -~]){%d}" % (_PAIRS, _PAIRS))
NARROW = re.compile(rb"[\t\r\n -~]{32}")
_ASCII = bytes(range(128))
_PLAIN = bytes({*b"\t\n\r", *range(0x20, 0x7F)})
_UPPER = bytes(range(0x80, 0x100))
_WIDER = {"gbk": "gb18030", "shift_jis": "cp932", "euc_kr": "cp949", "big5": "cp950"}


def by_mark(head: bytes) -> tuple[str, int] | None:
    """(encoding, length of the byte order mark), if there is one that the bytes behind it bear out."""
    for name, mark in ((name, mark) for mark, name in _MARKS if head.startswith(mark)):
        if name == "utf-8-sig" or len(head) < 2 * len(mark) or b"\0" in head[len(mark) :]:
            return name, len(mark)
    return None


def by_zeros(head: bytes) -> str | None:
    """UTF-16 or UTF-32 without a mark: delimiters and digits at least are ASCII, which shows in the zeros.

    A text of single bytes with a few zeros in it, as databases write for an empty field, is neither.
    """
    head = head[: len(head) // 4 * 4][:4096]
    if len(head) < 4 or b"\0" not in head:
        return None
    first, second, third, fourth = (head[place::4].count(0) * 4 / len(head) for place in range(4))
    if fourth == 1 and third > 0.9:
        return "utf-32-le"
    if first == 1 and second > 0.9:
        return "utf-32-be"
    big, little = (first + third) / 2, (second + fourth) / 2
    if max(big, little) < 0.8 and _is_plain(head.replace(b"\0", b"")):
        return None
    if little > 0.1 and big < little / 10 and _ends_lines(head, b"\n\0", 0):
        return "utf-16-le"
    return "utf-16-be" if big > 0.1 and little < big / 10 and _ends_lines(head, b"\0\n", 1) else None


def _is_plain(text: bytes) -> bool:
    """Whether bytes are text as they are."""
    return not text.translate(None, _PLAIN)


def _ends_lines(head: bytes, end: bytes, place: int) -> bool:
    """Whether most of the line feeds are the pair of bytes given, in step with the other pairs."""
    feeds = head.count(b"\n")
    pairs = sum(head[at : at + 2] == end for at in range(0, len(head), 2)) if feeds else 0
    return 2 * pairs >= feeds


def evidence(block: bytes) -> bytes:
    """The lines of a block that are not ASCII, up to a size that is enough."""
    lines, size = [], 0
    for line in block.splitlines(keepends=True):
        if not line.isascii() and size < SAMPLE:
            lines.append(line[:SAMPLE])
            size += len(lines[-1])
    if len(lines) > 1 and not lines[-1].endswith((b"\n", b"\r")):
        lines.pop()  # perhaps cut within a character
    return b"".join(lines)


def is_thin(sample: bytes) -> bool:
    """Whether lines have too few characters beyond ASCII to detect the encoding."""
    return len(sample) - len(sample.translate(None, _UPPER)) < FEW


def by_content(sample: bytes, lines: Sequence[bytes]) -> str:
    """The encoding of a text: UTF-8 if it is that, else what makes most of a text of it.

    Args:
        sample: lines of it that are not ASCII.
        lines: its first lines, of whatever kind; none where they are not known. Then an encoding of one byte
            for each character is found only if it would be found with any lines.
    """
    text = sample.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    valid = _beyond_ascii(text) - broken
    if valid > 4 * broken:
        return "utf-8"
    scores = {
        name: prior + fitness(sample.decode(name, "replace"), name)
        for name, prior in _PRIOR.items()
        if name != "utf-8" or valid
    }
    guess = _guess(sample)
    if is_single_byte(guess) or not lines or not _swallows(lines, guess):
        usual = places(sample.decode(_FALLBACK, "replace"))
        size = min(len(usual - places(sample.decode(guess, "replace"))), MUCH)
        own = scores[guess] if guess in scores else fitness(sample.decode(guess, "replace"), guess)
        scores[guess] = own + _GUESSED + _EACH * size
    return max(scores, key=lambda name: scores[name])


def _beyond_ascii(text: str) -> int:
    return len(text) - len(text.encode("ascii", "ignore"))


def _guess(sample: bytes) -> str:
    """What a browser would guess."""
    from chardetng_py import EncodingDetector  # type: ignore[import-untyped]  # noqa: PLC0415 (for old files only)

    detector = EncodingDetector()
    detector.feed(sample, last=False)
    try:
        name = codecs.lookup(detector.guess(tld=None, allow_utf8=False)).name
    except LookupError:  # one that only browsers know
        return _FALLBACK
    return _WIDER.get(name, name)


def _swallows(lines: Sequence[bytes], name: str) -> bool:
    """Whether characters of several bytes take a mark with them that each line has as often as the first."""
    texts = [line.decode(name, "replace") for line in lines]
    for mark in (bytes([mark]) for mark in _TRAILING if mark in lines[0]):
        usual = lines[0].count(mark)
        even = sum(line.count(mark) == usual for line in lines)
        if even > 0.9 * len(lines) and even > sum(text.count(mark.decode()) == usual for text in texts):
            return True
    return False


def is_wide_over(before: bytes, behind: bytes) -> bool:
    """Whether text of two bytes a character, in other text, goes on over the place between two lines."""
    most = 2 * _PAIRS - 1
    near = before.replace(codecs.BOM_UTF8, b"")[-most:] + behind.replace(codecs.BOM_UTF8, b"")[:most]
    return WIDE.search(near) is not None


def keeps_ascii(name: str) -> bool:
    """Whether a damaged character cannot take a delimiter or line end with it."""
    return name.startswith("utf-8") or is_single_byte(name)


def is_single_byte(name: str) -> bool:
    """Whether each byte of the encoding is a character."""
    upper = bytes(range(0x80, 0x100)).decode(name, "replace")
    return len(upper) == 0x80 and upper.count("\ufffd") < 0x40


def can_be_cut(name: str) -> bool:
    """Whether ASCII is ASCII, and a character starts behind every line end."""
    if name == UNKNOWN or name.startswith("utf-8"):
        return True
    return is_single_byte(name) and _ASCII.decode(name, "replace").encode() == _ASCII


def codec(name: str) -> str:
    """What decodes a text of the encoding, whose mark has been taken off."""
    return "utf-8" if name == "utf-8-sig" else name
