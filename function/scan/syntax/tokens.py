"""Text -> records one by one, for the stretches where structure alone is not certain.

A record is read by the strict grammar where that matches. Where it does not, or where it swallows lines
that look like records themselves, the record is damaged, and the damage stays inside it: of several
readings the first is taken that gives the width of the table, and the reading resumes at the next record.

Every decision looks at most `LOOKAHEAD` characters beyond the line, and is not made before they are there,
so that it never depends on how the text was cut into pieces.
"""

from collections.abc import Iterator
from enum import StrEnum
from typing import NamedTuple

from function.scan.syntax.grammar import Grammar
from function.scan.syntax.line_ends import LINE_END, line_ends

REPAIRS = 20  # fields of a record of which the quotes are tried as text
WINDOW = 1 << 16  # characters that show whether a field has swallowed records
REACH = 60 << 20  # characters in which a quote that swallows records must close, or it never does
LOOKAHEAD = 2 * WINDOW
REPAIR_WINDOW = 1 << 12  # characters that a record with a stray quote may go on over line ends


class Damage(StrEnum):
    """What was wrong with the quotes of a record."""

    STRAY_QUOTE = "stray_quote"
    UNCLOSED_QUOTE = "unclosed_quote"


class Row(NamedTuple):
    """A record as it stands in the text.

    Attributes:
        fields: the values, without quotes.
        end: offset behind the record and its line end.
        lines: physical lines it spans.
        damage: what had to be repaired.
        swallowed: how many lines inside its fields look like records.
        padded: a field that spans lines has blanks before its quote, so that to a strict reader it is none.
    """

    fields: list[str]
    end: int
    lines: int = 1
    damage: Damage | None = None
    swallowed: int = 0
    padded: bool = False


class Tokenizer:
    """Reads records of one grammar.

    Args:
        grammar: of the dialect.
        width: fields that a record should have; None while that is not known.
    """

    def __init__(self, grammar: Grammar, width: int | None = None):
        self.grammar, self.width = grammar, width
        self._delimiter, self._escape = grammar.delimiter, grammar.escape
        self._quote = grammar.quote or "\n"  # which no line has

    def rows(self, text: str, *, whole: bool = True) -> Iterator[Row]:
        """All records of a text; where it is not whole, but the last, if that may go on."""
        start = 0
        while start < len(text):
            row = self.row(text, start, final=True)
            if row is None:  # cannot be, when the text is final
                return
            if not whole and start and row.damage and self._may_go_on(text, start):
                return
            yield row
            start = row.end

    def row(self, text: str, start: int, *, final: bool) -> Row | None:
        """The record that starts at `start`; None if more of the text is needed to tell."""
        found = LINE_END.search(text, start)
        stop, end = found.span() if found else (len(text), len(text))
        if not final and len(text) - end < LOOKAHEAD:
            return None
        line = text[start:stop]
        if self._quote not in line and (not self._escape or self._escape not in line):
            return Row(self.grammar.cells(line), end)
        match = self.grammar.record.match(text, start)
        if match and match.end() == end:
            return Row(self.grammar.split(line).values, end)
        unfinished = match.end() == len(text) if match else self._may_go_on(text, start)
        if unfinished and not final:
            return None
        return self._over_lines(text, start, stop, end, match.end() if match else None)

    def _over_lines(self, text: str, start: int, stop: int, end: int, match_end: int | None) -> Row:
        """A record whose quotes are damaged or span lines: to `match_end` by the strict grammar."""
        if match_end is None:
            return self._repair(text, start, stop, end)
        row = self._spanning(text, start, match_end)
        doubtful = len(row.fields) != self.width or match_end - start > REACH
        return self._repair(text, start, stop, end, row) if row.swallowed and doubtful else row

    def _may_go_on(self, text: str, start: int) -> bool:
        """Whether a quote is open at the end of the text, and has not swallowed records so far."""
        if not self.grammar.unfinished.match(text, start):
            return False
        return len(text) - start <= REACH or not self._swallowed(text[start : start + WINDOW])

    def _spanning(self, text: str, start: int, end: int) -> Row:
        """A record that goes on over line ends; without copies, for it may be long."""
        fields = self.grammar.split(text, start)
        lines = 1 + line_ends(text, start, fields.end)
        swallowed = self._swallowed(text[start : min(end, start + WINDOW)])
        padded = self.grammar.is_padded(text, start, end)
        return Row(fields.values, end, lines, swallowed=swallowed, padded=padded)

    def _swallowed(self, record: str) -> int:
        """Lines in the middle of a record that are as wide as the table; one by chance is none."""
        if self.width is None or self.width < 2:
            return 0
        quote, delimiter = self.grammar.quote or "", self.grammar.delimiter
        lines = LINE_END.split(record)[1:-1]
        alike = sum(line.count(delimiter) == self.width - 1 and quote not in line for line in lines)
        return alike if 2 * alike > len(lines) and alike > (self.width == 2) else 0

    def _repair(self, text: str, start: int, stop: int, end: int, spanning: Row | None = None) -> Row:
        """The likeliest of the readings of a damaged record."""
        line = text[start:stop]
        fields = self.grammar.split(line, broken=True)
        sound = fields.sound and fields.end == len(line)
        if sound and self._fits(fields.values):
            return Row(fields.values, end, damage=Damage.STRAY_QUOTE)
        literal = line.split(self.grammar.delimiter)
        if self._fits(literal) and self._fits_next(text, end):
            return Row(literal, end, damage=Damage.UNCLOSED_QUOTE)
        for place in range(-1, min(self.width or 0, REPAIRS)):
            row = self._over_line_ends(text, start, place)
            if row is not None:
                return row
        if spanning is not None and (self.width is None or not spanning.swallowed):
            return spanning
        if sound:
            return Row(fields.values, end, damage=Damage.STRAY_QUOTE)
        return Row(literal, end, damage=Damage.UNCLOSED_QUOTE)

    def _fits(self, fields: list[str]) -> bool:
        return self.width is None or len(fields) == self.width

    def _fits_next(self, text: str, start: int) -> bool:
        """Whether the line after is a record of the table, or there is none."""
        found = LINE_END.search(text, start, start + WINDOW)
        line = text[start : found.start() if found else start + WINDOW]
        return not line.strip() or self._fits(self.grammar.split(line, broken=True).values)

    def _over_line_ends(self, text: str, start: int, literal: int) -> Row | None:
        """The record read on to where its quotes close, if that makes it fit and swallows no other.

        Args:
            text: with the record at `start`.
            start: offset in the text.
            literal: place of a field whose quotes are text, or -1.
        """
        window = text[start : start + REPAIR_WINDOW]
        fields = self.grammar.split(window, broken=True, literal=literal)
        found = LINE_END.match(window, fields.end)
        if (
            not fields.sound
            or len(fields.values) != self.width
            or (found is None and start + fields.end < len(text))
        ):
            return None
        record = window[: fields.end]
        if self._swallowed(record) or self.grammar.reopened.search(record):
            return None
        lines = 1 + line_ends(record, 0, len(record))
        return Row(fields.values, start + (found.end() if found else fields.end), lines, Damage.STRAY_QUOTE)
