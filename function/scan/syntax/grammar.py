"""The grammar of one dialect as patterns.

All repetition is possessive: a pattern never goes back over what it has read, so its time is linear in the
text.
"""

import re
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from function.scan.syntax.expressions import Expressions


class Fields(NamedTuple):
    """What was read of a record.

    Attributes:
        values: without quotes.
        end: offset behind the last one.
        sound: whether every quote that opens also closes (but for a field that was read literally).
    """

    values: list[str]
    end: int
    sound: bool


def _kept(match: re.Match[str]) -> str:
    """What is left of an escape or a doubled quote."""
    return match[1] or match[2] or ""


@dataclass(frozen=True)
class Grammar:
    """Patterns for a delimiter of one or more characters, a quote (or none) and an escape (or none).

    Attributes:
        run: as many blanks or more are one delimiter, as between aligned columns, and there is no quote;
            0 where the delimiter stands for itself.
    """

    delimiter: str
    quote: str | None = '"'
    escape: str | None = None
    run: int = 0

    def cells(self, line: str) -> list[str]:
        """The fields of a line that has neither quote nor escape."""
        return self._runs.split(line.strip(" ")) if self.run else line.split(self.delimiter)

    @cached_property
    def field(self) -> re.Pattern[str]:
        """A field as RFC 4180 has it; group 1 is the text of a quoted one, group 2 of a bare one.

        Beyond RFC 4180, blanks may stand around the quotes and quotes inside a bare field: they change no
        boundary.
        """
        return re.compile(self._parts.field(self._parts.quoted_text), re.DOTALL)

    @cached_property
    def broken_field(self) -> re.Pattern[str]:
        """The same, but a quote inside a quoted field need not be doubled unless a field could end there."""
        return re.compile(self._parts.field(self._parts.broken_text), re.DOTALL)

    @cached_property
    def record(self) -> re.Pattern[str]:
        """A whole record with its line end."""
        field = self._parts.field(self._parts.quoted_text, group="(?:")
        return re.compile(rf"{field}(?:{self._parts.delimiter}{field})*+(?:\r\n|[\r\n]|\Z)", re.DOTALL)

    def record_of(self, width: int, *, broken: bool = False) -> re.Pattern[str]:
        """A record of so many fields, with two groups for each: as `field` or `broken_field` has it."""
        field = self._parts.field(self._parts.broken_text if broken else self._parts.quoted_text)
        return re.compile(self._parts.delimiter.join([field] * width), re.DOTALL)

    @cached_property
    def closing(self) -> re.Pattern[str]:
        """A quote that closes a field, or the first half of a doubled one."""
        return re.compile(f"{self._parts.quote}(?:{self._parts.quote}|{self._parts.ends})")

    @cached_property
    def unfinished(self) -> re.Pattern[str]:
        """A record whose last field is quoted and still open where the text ends."""
        field = self._parts.field(self._parts.quoted_text, group="(?:")
        before = rf"(?:{field}{self._parts.delimiter})*+{self._parts.opening}{self._parts.quoted_text}"
        return re.compile(rf"{before}{self._parts.quote}?\Z", re.DOTALL)

    def is_padded(self, text: str, start: int, end: int) -> bool:
        """Whether a field of a record begins with blanks and a quote that does not close on its line."""
        marks = {match.start() for match in self._padded.finditer(text, start, end)}
        at, behind = start, start  # where the mark of a field would be: it is the delimiter before it
        while marks and at not in marks:
            match = self.field.match(text, behind)
            at = match.end() if match else end
            behind = at + len(self.delimiter)
            if not text.startswith(self.delimiter, at):
                return False
        return bool(marks)

    @cached_property
    def _padded(self) -> re.Pattern[str]:
        """Such a field, or what looks like one within another."""
        if not (self.quote and self._parts.blank):
            return re.compile("(?!)")
        start = rf"(?:(?<![^\r\n])|{self._parts.delimiter})(?={self._parts.blanks}){self._parts.opening}"
        return re.compile(rf"{start}[^{self._parts.special}\r\n]*+(?:\r|\n)")

    @cached_property
    def reopened(self) -> re.Pattern[str]:
        """A line end and a quote that cannot close the field before it: a record starts there."""
        return re.compile(rf"[\r\n]{self._parts.opening}(?!{self._parts.ends})")

    def plain(self, text: str) -> str:
        """The value of the text between two quotes."""
        if self.escape:
            return self._without_escapes(text)
        return text.replace(self.quote * 2, self.quote) if self.quote else text

    def bare(self, text: str) -> str:
        """The value of a text without quotes."""
        return self._without_escapes(text) if self.escape else text

    def _without_escapes(self, text: str) -> str:
        escape, quote, first = self.escape or "", self.quote or "", self.delimiter[0]
        if 2 * escape in text or (quote and 2 * quote in text) or "\n" in text or "\r" in text:
            return self._escaped.sub(_kept, text)
        text = text.replace(escape + quote, quote) if quote else text
        return text.replace(escape + first, first)

    def split(self, text: str, at: int = 0, *, broken: bool = False, literal: int = -1) -> "Fields":
        """The fields of a record.

        Args:
            text: to read; a quoted field may go on over line ends.
            at: where the record starts.
            broken: read quoted fields as `broken_field` does.
            literal: place of a field whose quotes are text, or -1.
        """
        pattern = self.broken_field if broken else self.field
        values: list[str] = []
        sound = True
        while True:
            match = None if len(values) == literal else pattern.match(text, at)
            if match is None:  # a quote opens and does not close: the quote is text
                bare = self._bare.match(text, at)
                values.append(bare.group() if bare else "")
                at = bare.end() if bare else at
                sound = len(values) - 1 == literal
            else:
                quoted, bare_text = match.groups()
                values.append(self.bare(bare_text) if quoted is None else self.plain(quoted))
                at = match.end()
            if not text.startswith(self.delimiter, at):
                return Fields(values, at, sound)
            at += len(self.delimiter)

    @cached_property
    def _parts(self) -> Expressions:
        return Expressions(self.delimiter, self.quote, self.escape)

    @cached_property
    def _bare(self) -> re.Pattern[str]:
        return re.compile(self._parts.bare_text, re.DOTALL)

    @cached_property
    def _escaped(self) -> re.Pattern[str]:
        marks = re.escape((self.quote or "") + (self.escape or "") + self.delimiter[0])
        return re.compile(
            rf"{re.escape(self.escape or '')}(\r\n|[\r\n{marks}])|{self._parts.quote}({self._parts.quote})"
        )

    @cached_property
    def _runs(self) -> re.Pattern[str]:
        return re.compile(f" {{{self.run},}}")
