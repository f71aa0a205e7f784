"""Records of the right width that need a second look: the header again, and empty ones before other names.

What is said here may be said of too many records, never of too few: the tokenizer then looks again.
"""

import re
from collections.abc import Sequence

from function.scan.grammar import Grammar

BLANKS = " \f"  # around a name that stands again, as behind the break of a page


def spellings(names: Sequence[str]) -> set[tuple[str, ...]]:
    """The ways in which a header stands again: as it is, in capitals, in small letters."""
    plain = [name.strip(BLANKS) for name in names]
    return {tuple(plain), tuple(map(str.upper, plain)), tuple(map(str.lower, plain))}


def _written(name: str, quote: bytes) -> bytes:
    """A name as a pattern, in quotes or not, with blanks around it or not."""
    inner = re.escape(name.encode().replace(quote, 2 * quote)) if quote else b""
    quoted = rb"|%b[ \f]*%b[ \f]*%b" % (quote, inner, quote) if quote else b""
    return rb"[ \f]*(?:%b%b)[ \f]*" % (re.escape(name.encode()), quoted)


class Unusual:
    """Looks for them in whole records with line feeds.

    Args:
        grammar: delimiter and quote are one ASCII character each.
        width: fields of a record.
        names: of the header.
    """

    def __init__(self, grammar: Grammar, width: int, names: Sequence[str]):
        mark, quote = grammar.delimiter.encode(), (grammar.quote or "").encode()
        quotes = grammar.quote or "\n"
        delimiter = re.escape(mark)
        self._empty = b"\n" + mark * (width - 1) + b"\n" if width > 1 else b""
        empty = b"(?:%b){%d}\n" % (delimiter, width - 1)
        self._behind_empty = re.compile(rb"(?:\A|(?<=\n))(?:%b)++([^\n]*)" % empty)
        self._number = re.compile(rb"(?:\A|%b)[0-9]+(?:\.[0-9]+)?(?:%b|\Z)" % (delimiter, delimiter))
        self._longest: set[bytes] = set()
        if len(names) == width > 1:
            written = spellings(names)
            self._longest = {
                max(
                    (name.encode() for name in spelled if quotes not in name),
                    key=len,
                    default=b"",
                )
                for spelled in written
            }
            lines = (delimiter.join(_written(name, quote) for name in spelled) for spelled in written)
            again = rb"(?:%b)(?:\n|\Z)" % b"|".join(lines)
            self._first, self._later = re.compile(again), re.compile(b"\n" + again)

    def found_in(self, data: bytes, *, last: bool) -> bool:
        """Whether there are any.

        Args:
            data: whole records.
            last: whether nothing follows.
        """
        again = any(name in data for name in self._longest)  # a long needle is soon found missing
        if again and (self._first.match(data) or self._later.search(data)):
            return True
        if not self._empty or not (data.startswith(self._empty[1:]) or self._empty in data):
            return False
        for match in self._behind_empty.finditer(data):
            behind = match[1]
            if not last if match.end() == len(data) else not self._number.search(behind):
                return True
        return False
