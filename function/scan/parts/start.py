"""Guess where the first record of a part starts.

Whether a part begins inside quotes cannot be known from its own bytes. Both are tried, and the better records
decide. The guess may be wrong: the merge compares it with where the part before has stopped, and has a part
with a wrong start read again (Ge et al., "Speculative Distributed CSV Data Parsing for Big Data Analytics",
SIGMOD 2019).
"""

import re
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from function.scan.layout.layout import Layout
from function.scan.syntax.comments import NOTHING
from function.scan.syntax.line_ends import LINE_END_BYTES

WINDOW = 1 << 18  # bytes that are looked at

_BLANK = re.compile(rb"(?:\n|\r(?!\n))[%b]*+(?:\r\n|\n|\r)\Z" % re.escape(NOTHING.encode()))
_LENGTH = 64  # bytes of a blank line that are looked at


@dataclass(frozen=True)
class StartFinder:
    """Looks for the start of a record in stored bytes.

    Attributes:
        layout: of the table.
        encoding: of the bytes; one in which ASCII is ASCII.
    """

    layout: Layout
    encoding: str

    def find(self, window: bytes, at: int) -> int | None:
        """The likeliest start of a record behind a place.

        Args:
            window: bytes from the middle of the file.
            at: a line that ends here, or behind this byte, ends before the record.

        Returns:
            Offset in the window; None if no line ends in it.
        """
        window = self._without_escapes(window)
        starts = [self._behind_line(window, at, outside=True), self._behind_line(window, at, outside=False)]
        found = [start for start in starts if start is not None]
        return max(found, key=lambda start: self._quality(window[start:]), default=None)

    def _behind_line(self, window: bytes, at: int, *, outside: bool) -> int | None:
        """The first start behind a place that is outside of quotes, or inside."""
        if not outside:
            at = window.find(self._quote, at) + 1 if self._quote else 0
            if not at:
                return None
        start = self._line(window, at)
        while start and _BLANK.search(window[max(0, start - _LENGTH) : start]):
            start = self._line(window, start)  # the part before goes on to the record behind the blank line
        return start

    def _line(self, window: bytes, at: int) -> int | None:
        """Behind the first line end outside of quotes."""
        end, quotes = at, 0
        while match := LINE_END_BYTES.search(window, end):
            quotes += window.count(self._quote, end, match.start()) if self._quote else 0
            if quotes % 2 == 0:
                return match.end()
            end = match.end()
            if end - at > WINDOW:
                return None
        return None

    def _without_escapes(self, text: bytes) -> bytes:
        """The text with blanks in place of each escape and what it escapes."""
        return self._escaped.sub(lambda match: len(match[0]) * b" ", text) if self._escape else text

    def _quality(self, text: bytes) -> float:
        """How many of the records are as they should be, from a start to the end of the window."""
        pieces = text.split(self._quote) if self._quote else [text]
        outside = pieces[0::2]
        lines = LINE_END_BYTES.split(b"".join(outside))[:-1] or [b"".join(outside)]
        even = sum(line.count(self._delimiter) == self.layout.width - 1 for line in lines) / len(lines)
        ends = {self._delimiter[-1:], b"\n", b"\r", b""}, {self._delimiter[:1], b"\n", b"\r", b""}
        gaps = list(pairwise(outside))
        sound = sum(before[-1:] in ends[0] and behind[:1] in ends[1] for before, behind in gaps)
        return float(even * (1 + sound) / (1 + len(gaps)))

    @cached_property
    def _quote(self) -> bytes:
        return (self.layout.grammar.quote or "").encode(self.encoding, "replace")

    @cached_property
    def _escape(self) -> bytes:
        return (self.layout.grammar.escape or "").encode(self.encoding, "replace")

    @cached_property
    def _escaped(self) -> re.Pattern[bytes]:
        return re.compile(rb"%b(?:\r\n|.)" % re.escape(self._escape), re.DOTALL)

    @cached_property
    def _delimiter(self) -> bytes:
        return self.layout.grammar.delimiter.encode(self.encoding, "replace")
