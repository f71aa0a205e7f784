"""Lines that are records by themselves, many at a time: sound, ragged or damaged, but beyond doubt.

The tokenizer reads each of them the same, whatever stands around it. Where it would have to look around, or a
line is anything but a record, reading stops: so only the odd lines are slow to read, and not a file that is
damaged throughout.
"""

import re
from collections.abc import Sequence, Set
from dataclasses import dataclass, field
from functools import cached_property

from function.scan.syntax.grammar import Grammar
from function.scan.syntax.record_findings import is_binary
from function.scan.syntax.tokens import WINDOW, Damage
from function.scan.syntax.unusual import BLANKS

MOST_FIELDS = 100  # in one pattern
AHEAD = 20  # lines in which the next quote is looked for
LEAST, MOST = 1 << 12, 1 << 18  # characters that are tried at once
PAUSE = 255  # records that are left to the tokenizer at most before the next try


@dataclass(slots=True)
class Lines:
    """Records of one line each.

    Attributes:
        text: from the first on.
        rows: their fields.
        damage: what was wrong with some of them, by place.
        marked: whether any has quotes or escapes.
    """

    text: str
    rows: list[list[str]] = field(default_factory=list)
    damage: dict[int, Damage] = field(default_factory=dict)
    marked: bool = False

    def offset(self, record: int) -> int:
        """Characters before a record."""
        return len(self.text) - len(self.text.split("\n", record)[-1])


class LineReader:
    """Reads lines of one grammar.

    Args:
        grammar: of the table.
        width: its columns.
        firsts: fields that a header which stands again may start with; such a record is none of these.
    """

    def __init__(self, grammar: Grammar, width: int, firsts: Set[str]):
        self._grammar, self._width = grammar, width
        self._delimiter = grammar.delimiter
        self._quote, self._escape = grammar.quote or "\n", grammar.escape or "\n"  # which no line has
        self._firsts = firsts
        self._blanks = " \t".replace(grammar.delimiter, "")
        marks = f"{grammar.quote or ''}{grammar.escape or ''}"
        self._fits = width > 1 and not grammar.run and not any(mark in grammar.delimiter for mark in marks)

        self._size, self._pause, self._paused = LEAST, 0, 0  # what is worth a try

    def read(self, text: str, at: int, end: int) -> Lines:
        """The records between two places, as far as there is no doubt; perhaps none."""
        if not self._fits or self._pause:
            self._pause -= self._fits
            return Lines("")
        part = text[at : text.rfind("\n", at, min(end, at + self._size)) + 1]
        if "\r" in part and part.count("\r") != part.count("\r\n"):
            part = ""  # it ends some lines by itself
        found = self._read(Lines(part))
        self._learn(found.offset(len(found.rows)))
        return found

    def _learn(self, size: int) -> None:
        """Try less, and less often, where little is gained."""
        gained = 4 * size >= self._size
        self._size = min(MOST, 2 * self._size) if gained else max(LEAST, self._size // 4)
        self._paused = 0 if gained else min(PAUSE, 2 * self._paused + 1)
        self._pause = self._paused

    def _read(self, found: Lines) -> Lines:
        delimiter, quote, escape, width = self._delimiter, self._quote, self._escape, self._width
        empty = delimiter * (width - 1)
        lines = found.text.replace("\r\n", "\n").split("\n")
        lines.pop()
        for line in lines:
            if line[:1] in "#/" or line == empty or len(line) > WINDOW:  # the first has the empty line, too
                break
            if quote in line or escape in line:
                row, found.marked = self._marked(lines, found), True
            else:
                row = line.split(delimiter)
            if not row or row[0].strip(BLANKS) in self._firsts or (len(row) != width and _is_odd(row)):
                found.damage.pop(len(found.rows), None)
                break
            found.rows.append(row)
        return found

    def _marked(self, lines: Sequence[str], found: Lines) -> list[str] | None:
        """The fields of the next line, which has quotes or escapes; None if there is doubt."""
        place = len(found.rows)
        line = lines[place]
        quotes, escaped = line.count(self._quote), self._escape in line
        if quotes < 2 and not escaped:
            if len(self._delimiter) > 1:
                return None
            row = line.split(self._delimiter)
            if not self._opens(line):
                return row
            found.damage[place] = Damage.UNCLOSED_QUOTE
            return row if len(row) == self._width and self._stays_open(lines, place) else None
        if self._width > MOST_FIELDS or (escaped and line.endswith(self._escape)):
            return None
        if self._grammar.escape:
            return self._with_escapes(found, place, line)
        match = self._broken.fullmatch(line)
        return self._quoted(found, place, match, quotes) if match else None

    def _quoted(self, found: Lines, place: int, match: re.Match[str], quotes: int) -> list[str]:
        """The fields; a quote that is neither doubled nor at the end of its field is damage."""
        groups = match.groups()
        row = [value for value in groups if value is not None]
        if quotes == 2 * (self._width - groups[::2].count(None)):  # none but those around fields
            return row
        quote, doubled = self._quote, 2 * self._quote
        for at, text in enumerate(groups[::2]):
            if text and quote in text:
                if quote in text.replace(doubled, ""):
                    found.damage[place] = Damage.STRAY_QUOTE
                row[at] = text.replace(doubled, quote)
        return row

    def _with_escapes(self, found: Lines, place: int, line: str) -> list[str] | None:
        match = self._sound.fullmatch(line)
        if match is None and (match := self._broken.fullmatch(line)):
            found.damage[place] = Damage.STRAY_QUOTE
        if match is None:
            return None
        plain = self._grammar.plain
        escape, doubled = self._escape, 2 * self._quote
        values = (value for value in match.groups() if value is not None)
        return [plain(value) if escape in value or doubled in value else value for value in values]

    def _opens(self, line: str) -> bool:
        """Whether the only quote of a record opens a field."""
        before = line[: line.index(self._quote)].rstrip(self._blanks)
        return not before or before.endswith(self._delimiter)

    def _stays_open(self, lines: Sequence[str], place: int) -> bool:
        """Whether the next quote closes no field, and the next line is a record of the table."""
        following = range(place + 1, min(place + 1 + AHEAD, len(lines)))
        ahead = next((lines[at] for at in following if self._quote in lines[at]), None)
        if (
            ahead is None
            or self._grammar.escape
            or self._grammar.closing.match(ahead, ahead.index(self._quote))
        ):
            return False
        line = lines[place + 1]
        if line.count(self._quote) < 2:
            return line.count(self._delimiter) == self._width - 1 and len(line) < WINDOW
        return self._width <= MOST_FIELDS and self._broken.fullmatch(line) is not None and len(line) < WINDOW

    @cached_property
    def _sound(self) -> re.Pattern[str]:
        return self._grammar.record_of(self._width)

    @cached_property
    def _broken(self) -> re.Pattern[str]:
        return self._grammar.record_of(self._width, broken=True)


def _is_odd(row: Sequence[str]) -> bool:
    """Whether a record of another width is a single field, perhaps a note or blank, or no text."""
    return len(row) == 1 or is_binary("".join(row))
