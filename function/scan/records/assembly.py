"""Records one by one -> a batch and its ledger: what is a record, and what only stands between records."""

from function.domain.content import Use
from function.domain.findings import Finding
from function.scan.layout.cells import CellShape, shape_of
from function.scan.layout.layout import Layout
from function.scan.records.batch import Batch
from function.scan.records.canonical import Canonical
from function.scan.records.held_records import HeldRecords
from function.scan.records.position import Before, Position
from function.scan.records.record_writer import RecordWriter
from function.scan.syntax.comments import COMMENT, NOTHING
from function.scan.syntax.gaps import blank_lines, empty_record
from function.scan.syntax.line_ends import line_ends
from function.scan.syntax.lines import LineReader
from function.scan.syntax.tokens import Row, Tokenizer
from function.scan.syntax.unusual import BLANKS


class Assembly:
    """Takes the text up where the last call left it; knows the line and what the lines before were.

    Args:
        layout: of the table.
        line: physical line at the start, from 1.
        offset: bytes of the file's text before it.
        canonical: takes the records.
        before: what is known of the text before, if it is read elsewhere.

    Attributes:
        over: whether whatever follows is not of this table.
        ending: what is known of the last records.
    """

    def __init__(
        self, layout: Layout, line: int, offset: int, canonical: Canonical, before: Before | None = None
    ):
        self._layout, self._canonical = layout, canonical
        self._position = Position(line, offset, layout.line_end, before.ended if before else None)
        self._writer = RecordWriter(layout, canonical, self._position, before)
        self._tokenizer = Tokenizer(layout.grammar, layout.width)
        self._lines = LineReader(layout.grammar, layout.width, self._writer.first_names)
        self._after_blank = False
        self._held = HeldRecords(canonical, self._writer)
        self.over = False
        self.ending = self._writer.ending
        self._reach = 0  # where in the text a record may end that is a line by itself
        self._blank_lines = blank_lines(layout.grammar)
        self._empty_record = empty_record(layout.grammar, layout.width)

    @property
    def line(self) -> int:
        """The physical line of the next record, from 1."""
        return self._position.line

    @property
    def plain(self) -> bool:
        """Whether the next record can be taken for one of the table without looking back."""
        return not (self._waits or self._writer.in_run)

    @property
    def _waits(self) -> bool:
        """Whether what follows tells of what was read, or is told by it."""
        return bool(self._after_blank or self._held.rows or self._held.empty or self.over)

    def skip(self, lines: int, text: bytes, size: int) -> None:
        """Go on behind records that were counted elsewhere: so many lines and bytes of the text."""
        position = self._position
        position.line += lines
        self.ending.skip(text, size, position.line, position.before)
        position.skip(text, size)

    def read(self, text: str, portion: int, *, final: bool, exact: bool = False) -> tuple[Batch, int]:
        """Read records up to `portion` characters; (the batch, bytes read: 0 if more text is needed).

        `exact`: read no record that begins beyond the portion.
        """
        position = self._position
        position.enter(text)
        stop = min(portion, len(text))
        self._reach = stop if exact else len(text)
        while position.at < stop:
            if self._skip_blank() or self._skip_empty() or self._take_lines():
                continue
            row = self._tokenizer.row(text, position.at, final=final)
            if row is None:
                break
            self._take(row)
            position.line += row.lines
            position.at = row.end
        self.ending.settle(text, position.before)
        return self._canonical.take(), position.leave()

    def finish(self) -> Batch:
        """What was kept aside, now that the file is over."""
        self._held.finish(self._layout.width)
        self._writer.finish()
        return self._canonical.take()

    def _take_lines(self) -> bool:
        """Take many records at once, as far as each is a line by itself."""
        if self._waits or self._position.mixed or self.ending.is_alone:
            return False
        lines = self._lines.read(self._position.text, self._position.at, self._reach)
        if not lines.rows:
            return False
        self._writer.write_lines(lines)
        return True

    def _skip_blank(self) -> bool:
        """Pass over blank lines."""
        match = self._blank_lines.match(self._position.text, self._position.at)
        if match is None:
            return False
        lines = line_ends(self._position.text, *match.span())
        self._canonical.use(Use.BLANK, lines)
        self._position.line += lines
        self._position.at, self._after_blank = match.end(), True
        return True

    def _skip_empty(self) -> bool:
        """Pass over records of empty fields, which may part two tables."""
        if self._layout.width < 2 or self.over or self._held.rows:
            return False
        match = self._empty_record.match(self._position.text, self._position.at)
        if match is None:
            return False
        self._held.empty += 1
        self._position.line += 1
        self._position.at = match.end()
        if self._held.full:
            self._held.write()
        return True

    def _take(self, row: Row) -> None:
        fits = len(row.fields) == self._layout.width
        if fits and self.plain and self._is_ordinary(row):
            self._writer.write_ordinary(row)
            return
        text = self._position.text[self._position.at : row.end].rstrip("\r\n")
        if len(row.fields) == 1 and not text.strip(NOTHING):
            self._canonical.use(Use.BLANK, row.lines)
            self._after_blank = True
        elif self.over:
            self._canonical.use(Use.OTHER_TABLE, row.lines)
        elif self._is_comment(text, fits=fits):
            self._comment(row, fits=fits)
        else:
            after_blank, self._after_blank = self._after_blank, False
            self._take_unusual(row, fits=fits, after_blank=after_blank)

    def _take_unusual(self, row: Row, *, fits: bool, after_blank: bool) -> None:
        """Take a record that is of the table, or of another one, or a note."""
        if (after_blank or self._held.empty) and fits and self._is_header(row):
            self._held.drop_empty()
            self._hold(row)
            self._begin_other_table()
        elif not fits and self._layout.width > 1 and (after_blank or self._held.rows):
            if not self._held.rows:
                self._held.write()
            self._hold(row)
            if self._held.full:
                self._begin_other_table()
        else:
            self._held.write()
            self._writer.write(row)

    def _hold(self, row: Row) -> None:
        self._held.rows.append((row, self._position.sample()))

    def _begin_other_table(self) -> None:
        self.over = True
        self._held.drop(Use.OTHER_TABLE, Finding.OTHER_TABLE)

    def _is_ordinary(self, row: Row) -> bool:
        """Whether there is nothing to be said of a record of the right width."""
        return (
            row.damage is None
            and not (row.swallowed or row.padded)
            and self._position.text[self._position.at] not in "#/"
            and row.fields[0].strip(BLANKS) not in self._writer.first_names
            and self._layout.width > 1
        )

    def _is_comment(self, text: str, *, fits: bool) -> bool:
        if self._layout.width == 1 or not self._layout.commented or not COMMENT.match(text):
            return False
        return not fits or self._layout.remarked

    def _comment(self, row: Row, *, fits: bool) -> None:
        self._canonical.use(Use.COMMENT, row.lines)
        if fits:
            self._canonical.find(Finding.COMMENTED_RECORD, self._position.sample())

    def _is_header(self, row: Row) -> bool:
        """Whether a record behind blank lines or empty records starts a table of its own."""
        if self._writer.repeats_header(row.fields):
            return True
        names = all(shape_of(field) in (CellShape.WORDS, CellShape.OTHER) for field in row.fields)
        return names and bool(self._layout.typed) and len(set(row.fields)) == len(row.fields)
