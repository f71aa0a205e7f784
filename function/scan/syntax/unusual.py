"""Records of the right width that need a second look: the header again, and empty ones before other names.

What is said here may be said of too many records, never of too few: the tokenizer then looks again.
"""

import re
from collections.abc import Sequence
from functools import cached_property

from function.scan.syntax.grammar import Grammar

NAMES = 20  # of a header that are compared
BLANKS = " \f"  # around a name that stands again, as behind the break of a page


def spellings(names: Sequence[str]) -> set[tuple[str, ...]]:
    """The ways in which a header stands again: as it is, in capitals, in small letters."""
    plain = [name.strip(BLANKS) for name in names]
    return {tuple(plain), tuple(map(str.upper, plain)), tuple(map(str.lower, plain))}


def _written(name: bytes, quote: bytes) -> bytes:
    """A name as a pattern, in quotes or not, with blanks around it or not."""
    inner = re.escape(name.replace(quote, 2 * quote)) if quote else b""
    quoted = rb"|%b[ \f]*%b[ \f]*%b" % (quote, inner, quote) if quote else b""
    return rb"[ \f]*(?:%b%b)[ \f]*" % (re.escape(name), quoted)


class _Header:
    """A header in one of its spellings.

    Args:
        names: of the columns.
        mark, quote: delimiter and quote; the quote may be empty.
    """

    def __init__(self, names: Sequence[str], mark: bytes, quote: bytes):
        self._names, self._mark, self._quote = [name.encode() for name in names], mark, quote
        self._bytes = {*b"".join(self._names)}
        self._longest = max(
            (name for name in self._names if not quote or quote not in name), key=len, default=b""
        )

    def stands_in(self, data: bytes) -> bool:
        """Whether a record starts like it; where a single byte is missing, that is soon seen."""
        if not all(byte in data for byte in self._bytes) or self._longest not in data:
            return False
        return bool(self._first.match(data) or self._later.search(data))

    @cached_property
    def _first(self) -> re.Pattern[bytes]:
        names = (_written(name, self._quote) for name in self._names[:NAMES])
        mark = re.escape(self._mark)
        return re.compile(mark.join(names) + (mark if len(self._names) > NAMES else rb"(?:\n|\Z)"))

    @cached_property
    def _later(self) -> re.Pattern[bytes]:
        return re.compile(b"\n" + self._first.pattern)


class Unusual:
    """Looks for them in whole records with line feeds.

    Args:
        grammar: delimiter and quote are one ASCII character each.
        width: fields of a record.
        names: of the header.
    """

    def __init__(self, grammar: Grammar, width: int, names: Sequence[str]):
        mark, quote = grammar.delimiter.encode(), (grammar.quote or "").encode()
        delimiter = re.escape(mark)
        self._empty = b"\n" + mark * (width - 1) + b"\n" if width > 1 else b""
        empty = b"(?:%b){%d}\n" % (delimiter, width - 1)
        self._behind_empty = re.compile(rb"(?:\A|(?<=\n))(?:%b)++([^\n]*)" % empty)
        self._number = re.compile(rb"(?:\A|%b)[0-9]+(?:\.[0-9]+)?(?:%b|\Z)" % (delimiter, delimiter))
        self._headers: list[_Header] = []
        if len(names) == width > 1:
            self._headers = [_Header(spelled, mark, quote) for spelled in spellings(names)]

    def found_in(self, data: bytes, *, last: bool) -> bool:
        """Whether there are any.

        Args:
            data: whole records.
            last: whether nothing follows.
        """
        if any(header.stands_in(data) for header in self._headers):
            return True
        if not self._empty or not (data.startswith(self._empty[1:]) or self._empty in data):
            return False
        for match in self._behind_empty.finditer(data):
            behind = match[1]
            if not last if match.end() == len(data) else not self._number.search(behind):
                return True
        return False
