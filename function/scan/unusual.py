"""Records of the right width that need a second look: the header again, and empty ones before other names.

What is said here may be said of too many records, never of too few: the tokenizer then looks again.
"""

import re
from collections.abc import Sequence

from function.scan.grammar import Grammar


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
        self._starts: list[bytes] = []
        self._longest = b""
        if len(names) == width > 1:
            written = [name.encode() for name in names]
            quoted = [quote + name.replace(quote, 2 * quote) + quote if quote else name for name in written]
            self._starts = [b"\n" + name + mark for name in {written[0], quoted[0]}]
            self._longest = max(
                (name for name in written if not quote or quote not in name), key=len, default=b""
            )
            either = (
                b"(?:%b|%b)" % (re.escape(a), re.escape(b)) for a, b in zip(written, quoted, strict=True)
            )
            self._names = re.compile(rb"(?:\A|(?<=\n))" + delimiter.join(either) + b"\n")

    def found_in(self, data: bytes, *, last: bool) -> bool:
        """Whether there are any.

        Args:
            data: whole records.
            last: whether nothing follows.
        """
        for start in self._starts if self._longest in data else ():  # a long needle is soon found missing
            if (data.startswith(start[1:]) or start in data) and self._names.search(data):
                return True
        if not self._empty or not (data.startswith(self._empty[1:]) or self._empty in data):
            return False
        for match in self._behind_empty.finditer(data):
            behind = match[1]
            if not last if match.end() == len(data) else not self._number.search(behind):
                return True
        return False
