"""Text -> whole records, counted by their structure alone, where that is beyond doubt.

A quote toggles "inside"; a doubled quote toggles twice and changes nothing. So the pieces between quotes
are by turns outside and inside, and what is outside, the skeleton, holds each delimiter and line end that
counts. Everything is done on the skeleton with the functions of `bytes`, near memory speed, and anything
unusual (a quote in an odd place, another width, a blank line, a comment, a field that swallows records) is
left to the tokenizer.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from operator import itemgetter

from function.scan.syntax.comments import NOTHING
from function.scan.syntax.grammar import Grammar
from function.scan.syntax.line_ends import LINE_END_BYTES
from function.scan.syntax.unusual import Unusual

MAX_QUOTES = 4 << 20  # in one text; each takes some fifty bytes
PROBE = 1 << 18  # bytes that tell whether it is worth to look at the rest
COMMENTS = (b"#", b"//")

_FIRST, _LAST = itemgetter(slice(0, 1)), itemgetter(slice(-1, None))
_BLANK = re.compile(rb"^[ \t\0\x1a]*\n", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Whole records at the start of a text.

    Attributes:
        data: the records with line feeds, each ended by one.
        end: offset behind them in the text.
        records: how many they are.
        lines: physical lines they span.
        blank: blank lines between them.
    """

    data: bytes
    end: int
    records: int
    lines: int
    blank: int = 0


class Structure:
    """Knows the marks of a dialect and the width of its table.

    Args:
        grammar: of which delimiter and quote must be one ASCII character each, and escape none.
        width: fields of a record.
        names: of the header; such records are unusual too.
    """

    def __init__(self, grammar: Grammar, width: int, names: Sequence[str] | None = None):
        self._delimiter = delimiter = grammar.delimiter.encode()
        self._quote = quote = grammar.quote.encode() if grammar.quote else b""
        self._record = delimiter * (width - 1) + b"\n"
        self._rest = bytes(set(range(256)) - {*delimiter, *b"\n"})
        self._width = width
        self._suspect = False  # whether the last text was not plain
        self._blanks = NOTHING.encode().translate(None, delimiter + quote)
        blank = b"^[%b]*+\n" % re.escape(self._blanks)
        number = rb"(?:[^%b\n]*+%b)*?[0-9]+(?:[.][0-9]+)?(?:%b|\n)" % ((re.escape(delimiter),) * 3)
        self._blank = re.compile(blank, re.MULTILINE)
        self._odd_behind_blank = re.compile(rb"%b(?!\Z|%b|%b)" % (blank, blank[1:], number), re.MULTILINE)
        self._unusual = Unusual(grammar, width, names or ())
        field, end = b"[^%b\r\n]*+" % re.escape(delimiter + quote), b"[\r\n]"
        others = b"(?:%b%b){%d}" % (re.escape(delimiter), field, width - 1)
        self._swallowed = re.compile(end + field + others + b"(?=%b)" % end)

    @staticmethod
    def fits(grammar: Grammar) -> bool:
        """Whether the structure of this grammar can be read from bytes."""
        marks = [grammar.delimiter, *([grammar.quote] if grammar.quote else [])]
        return not (grammar.escape or grammar.run) and all(
            len(mark) == 1 and mark.isascii() for mark in marks
        )

    def stretch(self, text: bytes, *, last: bool) -> Stretch | None:
        """All whole records of the text; None if there is anything but plain records."""
        if self._quote and len(text) > 2 * MAX_QUOTES and text.count(self._quote) > MAX_QUOTES:
            return None
        if self._suspect and self._fails(text):
            return None
        stretch = self._stretch(text, last=last)
        self._suspect = stretch is None
        return stretch

    def _fails(self, text: bytes) -> bool:
        """Whether the start alone is not plain, so that the rest need not be looked at."""
        return len(text) > 4 * PROBE and self._stretch(text[:PROBE], last=False) is None

    def _stretch(self, text: bytes, *, last: bool, whole: bool = False) -> Stretch | None:
        parts = text.split(self._quote) if self._quote else [text]
        end = len(text) if last or whole else _cut(parts, len(text))
        if not end or len(parts) % 2 == 0:
            return None
        outside, inside = parts[0::2], parts[1::2]
        skeleton = plain = self._quote.join(outside)
        if b"\r" in skeleton:
            skeleton = skeleton.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        if not skeleton.endswith(b"\n"):
            skeleton += b"\n"
        records, blank = self._count(skeleton), 0
        if not records and self._may_be_parted(skeleton):
            if (shorter := self._last_record(text, end)) < end:
                return self._stretch(text[:shorter], last=last, whole=True) if shorter else None
            skeleton, blank = self._blank.subn(b"", skeleton)
            records = self._count(skeleton)
        within = self._quote.join(inside)
        if not records or (inside and not (self._sound(outside) and self._harmless(within))):
            return None
        data = text[:end] if skeleton is plain else self._weave(skeleton, inside)
        if self._unusual.found_in(data, last=last):
            return None
        return Stretch(data, end, records, records + _line_ends(within), blank)

    def _count(self, skeleton: bytes) -> int:
        """Records, if each has the width and none is unusual; else 0."""
        if any(skeleton.startswith(mark) or _contains(skeleton, mark) for mark in COMMENTS):
            return 0
        if self._width == 1 and _BLANK.search(skeleton):
            return 0
        shape = skeleton.translate(None, self._rest)
        records = shape.count(b"\n")
        return records if shape == self._record * records else 0

    def _may_be_parted(self, skeleton: bytes) -> bool:
        """Whether there are blank lines, each with a number behind it: what follows is no header."""
        return (
            self._width > 1
            and self._blank.search(skeleton) is not None
            and not self._odd_behind_blank.search(skeleton)
        )

    def _last_record(self, text: bytes, end: int) -> int:
        """The end of the last line that is not blank; 0 where that is not clear."""
        filled = len(text[:end].rstrip(self._blanks + b"\r\n"))
        found = LINE_END_BYTES.search(text, filled, end)
        return found.end() if found else end if filled == end else 0

    def _sound(self, outside: list[bytes]) -> bool:
        """Whether quotes stand only around whole fields; the halves of a doubled one touch."""
        before, behind = set(map(_LAST, outside[:-1])), set(map(_FIRST, outside[1:]))
        return before | behind <= {b"", self._delimiter, b"\n", b"\r"}

    def _harmless(self, within: bytes) -> bool:
        """Whether no quoted field has a line in it that looks like a record."""
        return self._width == 1 or not self._swallowed.search(within)

    def _weave(self, skeleton: bytes, inside: list[bytes]) -> bytes:
        """The text again, from what is outside and what is inside its quotes."""
        if not inside:
            return skeleton
        parts = [b""] * (2 * len(inside) + 1)
        parts[0::2] = skeleton.split(self._quote)
        parts[1::2] = inside
        return self._quote.join(parts)


def _contains(skeleton: bytes, mark: bytes) -> bool:
    """Whether a line starts with the mark; most texts do not have it at all, which is soon seen."""
    return mark[:1] in skeleton and mark in skeleton and b"\n" + mark in skeleton


def _cut(parts: list[bytes], end: int) -> int:
    """Shorten the parts to end behind the last line end outside quotes; the offset of that in the text."""
    for index in range(len(parts) - 1, -1, -1):
        part = parts[index]
        if index % 2 == 0:
            tail = len(part) - (index == len(parts) - 1 and part.endswith(b"\r"))  # may be half of a CRLF
            found = max(part.rfind(b"\n", 0, tail), part.rfind(b"\r", 0, tail))
            if found >= 0:
                parts[index:] = [part[: found + 1]]
                return end - len(part) + found + 1
        end -= len(part) + 1
    return 0


def _line_ends(text: bytes) -> int:
    """How many line ends: CRLF, LF or CR."""
    if b"\r" not in text:
        return text.count(b"\n")
    return text.count(b"\n") + text.count(b"\r") - text.count(b"\r\n")
