"""Records one by one -> a batch and its ledger: what is a record, and what only stands between records."""

import re
from collections.abc import Sequence

from function.domain.content import EXCERPT, Finding, Sample, Use
from function.scan.layout.cells import CellShape, shape_of
from function.scan.layout.layout import Layout
from function.scan.records.batch import Batch
from function.scan.records.bulk import Bulk
from function.scan.records.canonical import Canonical
from function.scan.records.footer import Ending
from function.scan.records.held_records import Aside
from function.scan.records.ragged_runs import Run
from function.scan.syntax.comments import COMMENT, NOTHING
from function.scan.syntax.grammar import line_ends
from function.scan.syntax.line_ends import has_other_line_ends, line_end_before
from function.scan.syntax.lines import LineReader
from function.scan.syntax.record_findings import remarks
from function.scan.syntax.tokens import Row, Tokenizer
from function.scan.syntax.unusual import BLANKS, spellings

_END = r"(?:\r\n|\n|\r(?!\n|\Z))"  # of a line, where that is certain
MAX_EMPTY = 100_000  # records of empty fields that are kept until it is clear what follows


class Assembly:
    """Takes the text up where the last call left it; knows the line and what the lines before were.

    Args:
        layout: of the table.
        line: physical line at the start, from 1.
        offset: bytes of the file's text before it.
        canonical: takes the records.
    """

    def __init__(self, layout: Layout, line: int, offset: int, canonical: Canonical):
        self.line = line
        self._layout = layout
        self._canonical = canonical
        self._tokenizer = Tokenizer(layout.grammar, layout.width)
        self._bulk = Bulk(canonical, layout.width, layout.grammar.quote)
        self._text, self._at = "", 0  # what is being read, and where in it
        self._before = offset
        self._ended = layout.line_end or ""  # how the record before the text ended
        self._mixed = False  # whether the text has several kinds of line ends
        self._measured = 0, 0  # characters of the text, and the bytes before their end
        self._run: Run | None = None
        self._after_blank = False
        self._aside = Aside()
        self._empty = 0  # records of empty fields before the next
        self._over = False  # whatever follows is not of this table
        self._names = spellings(layout.names) if layout.names else set()
        self._firsts = {names[0] for names in self._names}
        self._lines = LineReader(layout.grammar, layout.width, self._firsts)
        self._ending = Ending(layout, canonical.find)
        mark = f"(?:{re.escape(layout.grammar.delimiter)}){{{layout.width - 1}}}"
        grammar = layout.grammar
        marks = "" if grammar.run else f"{grammar.delimiter}{grammar.quote or ''}{grammar.escape or ''}"
        blanks = "".join(re.escape(blank) for blank in NOTHING if blank not in marks)
        self._blank_lines = re.compile(f"(?:[{blanks}]*+{_END})++" if blanks else f"{_END}++")
        self._empty_record = re.compile(mark + _END)

    @property
    def plain(self) -> bool:
        """Whether the next record can be taken for one of the table without looking back."""
        return not (self._after_blank or self._aside.rows or self._over or self._run or self._empty)

    def skip(self, lines: int, text: bytes, size: int) -> None:
        """Go on behind records that were counted elsewhere: so many lines and bytes of the text."""
        self.line += lines
        self._ending.skip(text, size, self.line, self._before)
        self._ended = line_end_before(text[max(0, size - 2) : size].decode(errors="ignore"), 2)
        self._before += size

    def read(self, text: str, portion: int, *, final: bool) -> tuple[Batch, int]:
        """Read records up to `portion` characters; (the batch, bytes read: 0 if more text is needed)."""
        self._text, self._at, self._measured = text, 0, (0, self._before)
        usual = self._layout.line_end
        self._mixed = bool(usual) and (self._ended != usual or has_other_line_ends(text, self._ended))
        stop = min(portion, len(text))
        while self._at < stop:
            if self._skip_blank() or self._skip_empty() or self._take_lines():
                continue
            row = self._tokenizer.row(text, self._at, final=final)
            if row is None:
                break
            self._take(row)
            self.line += row.lines
            self._at = row.end
        size = len(text[: self._at].encode())
        self._ending.settle(text, self._before)
        self._ended = line_end_before(text, self._at) or self._ended
        self._before += size
        return self._canonical.take(), size

    def finish(self) -> Batch:
        """What was kept aside, now that the file is over."""
        found = self._aside.at_the_end()
        if found:
            self._put_off(*found)
        elif self._aside.rows and all(len(row.fields) < self._layout.width for row, _ in self._aside.rows):
            self._canonical.find(Finding.TRAILER, self._aside.rows[0][1])
        self._go_on()
        self._ending.finish(self._run, self.line - 1)
        self._end_run()
        return self._canonical.take()

    def _take_lines(self) -> bool:
        """Take many records at once, as far as each is a line by itself."""
        if self._after_blank or self._aside.rows or self._over or self._empty:
            return False
        if self._mixed or self._ending.is_alone:
            return False
        lines = self._lines.read(self._text, self._at)
        if not lines.rows:
            return False
        start, line, count = self._at, self.line, len(lines.rows)

        def place(record: int) -> Sample:
            self.line, self._at = line + record, start + lines.offset(record)
            return self._sample()

        self._run, ragged = self._bulk.write(lines, self._run, line, place)
        last = Row(lines.rows[-1], 0)
        sample = place(count - 1)
        fits = len(last.fields) == self._layout.width
        self._ending.ragged += ragged - (not fits)
        self._ending.add(last, None if fits else sample, self.line, self._at)
        self.line, self._at = line + count, start + lines.offset(count)
        return True

    def _skip_blank(self) -> bool:
        """Pass over blank lines."""
        match = self._blank_lines.match(self._text, self._at)
        if match is None:
            return False
        lines = line_ends(self._text, *match.span())
        self._canonical.use(Use.BLANK, lines)
        self.line += lines
        self._at, self._after_blank = match.end(), True
        return True

    def _skip_empty(self) -> bool:
        """Pass over records of empty fields, which may part two tables."""
        if self._layout.width < 2 or self._over or self._aside.rows:
            return False
        match = self._empty_record.match(self._text, self._at)
        if match is None:
            return False
        self._empty += 1
        self.line += 1
        self._at = match.end()
        if self._empty == MAX_EMPTY:
            self._go_on()
        return True

    def _take(self, row: Row) -> None:
        fits = len(row.fields) == self._layout.width
        if fits and self.plain and self._is_ordinary(row):
            self._record(row)
            return
        text = self._text[self._at : row.end].rstrip("\r\n")
        if len(row.fields) == 1 and not text.strip(NOTHING):
            self._canonical.use(Use.BLANK, row.lines)
            self._after_blank = True
        elif self._over:
            self._canonical.use(Use.OTHER_TABLE, row.lines)
        elif self._is_comment(text, fits=fits):
            self._comment(row, fits=fits)
        else:
            after_blank, self._after_blank = self._after_blank, False
            self._take_unusual(row, fits=fits, after_blank=after_blank)

    def _take_unusual(self, row: Row, *, fits: bool, after_blank: bool) -> None:
        """Take a record that is of the table, or of another one, or a note."""
        if (after_blank or self._empty) and fits and self._is_header(row):
            self._over = True
            self._aside.rows.append((row, self._sample()))
            self._canonical.use(Use.BLANK, self._empty)
            self._empty = 0
            self._put_off(Use.OTHER_TABLE, Finding.OTHER_TABLE)
        elif not fits and self._layout.width > 1 and (after_blank or self._aside.rows):
            self._set_aside(row)
        else:
            self._go_on()
            self._add(row)

    def _is_ordinary(self, row: Row) -> bool:
        """Whether there is nothing to be said of a record of the right width."""
        return (
            row.damage is None
            and not (row.swallowed or row.padded)
            and self._text[self._at] not in "#/"
            and row.fields[0].strip(BLANKS) not in self._firsts
            and self._layout.width > 1
        )

    def _is_comment(self, text: str, *, fits: bool) -> bool:
        if self._layout.width == 1 or not self._layout.commented or not COMMENT.match(text):
            return False
        return not fits or self._layout.remarked

    def _comment(self, row: Row, *, fits: bool) -> None:
        self._canonical.use(Use.COMMENT, row.lines)
        if fits:
            self._canonical.find(Finding.COMMENTED_RECORD, self._sample())

    def _is_header(self, row: Row) -> bool:
        """Whether a record behind blank lines or empty records starts a table of its own."""
        if self._stands_again(row.fields):
            return True
        names = all(shape_of(field) in (CellShape.WORDS, CellShape.OTHER) for field in row.fields)
        return names and bool(self._layout.typed) and len(set(row.fields)) == len(row.fields)

    def _stands_again(self, fields: Sequence[str]) -> bool:
        return tuple(field.strip(BLANKS) for field in fields) in self._names

    def _set_aside(self, row: Row) -> None:
        if not self._aside.rows:
            self._go_on()
        self._aside.rows.append((row, self._sample()))
        if self._aside.full:
            self._over = True
            self._put_off(Use.OTHER_TABLE, Finding.OTHER_TABLE)

    def _go_on(self) -> None:
        """The table goes on, so what was kept are records of it."""
        rows, self._aside.rows = self._aside.rows, []
        for row, sample in rows:
            self._add(row, sample)
        if self._empty:
            self._end_run()
            for _ in range(self._empty):
                self._canonical.record([""] * self._layout.width, 1)
            self._empty = 0
            self._ending.empty()

    def _put_off(self, use: Use, finding: Finding) -> None:
        """What was kept is not of the table."""
        rows, self._aside.rows = self._aside.rows, []
        self._canonical.use(use, sum(row.lines for row, _ in rows))
        row, sample = rows[0]
        self._canonical.find(finding, sample)
        self._canonical.width(use, len(row.fields), sample.line)

    def _add(self, row: Row, sample: Sample | None = None) -> None:
        """Write a record and say what is remarkable about it."""
        width, fields = self._layout.width, row.fields
        if width > 1 and self._stands_again(fields):
            self._canonical.find(Finding.REPEATED_HEADER, sample or self._sample())
        found = remarks(row, width, self._layout.grammar.quote)
        if len(fields) != width and sample is None and self._mixed and self._is_broken(row):
            found.append(Finding.BROKEN_RECORD)
        if found and sample is None and any(map(self._canonical.wants, found)):
            sample = self._sample()
        for finding in found:
            self._canonical.find(finding, sample)
        if found == [Finding.BINARY]:
            self._canonical.use(Use.REJECTED, row.lines)
            return
        if len(fields) == width:
            self._end_run()
        else:
            sample = sample or self._sample()
            self._run = self._run or Run(width, sample)
            self._run.extend((len(fields),))
            self._canonical.width(Use.RECORD, len(fields), sample.line)
        self._record(row, sample)

    def _record(self, row: Row, sample: Sample | None = None) -> None:
        width = self._layout.width
        fits = len(row.fields) == width
        self._canonical.record(row.fields if fits else (row.fields + [""] * width)[:width], row.lines)
        self._ending.add(row, sample, self.line, self._at)

    def _is_broken(self, row: Row) -> bool:
        """Whether a line end beside a record is not that of most lines, but perhaps one within a field."""
        before = line_end_before(self._text, self._at) or self._ended
        behind = line_end_before(self._text, row.end) or before
        return {before, behind} != {self._layout.line_end}

    def _end_run(self) -> None:
        if self._run and self._run.finding:
            self._canonical.find(self._run.finding, self._run.sample)
        self._run = None

    def _sample(self) -> Sample:
        """The place of the record that is being taken; what is found there is filled in later."""
        characters, size = self._measured
        if self._at < characters:
            characters, size = 0, self._before
        offset = size + len(self._text[characters : self._at].encode())
        self._measured = self._at, offset
        excerpt = self._text[self._at : self._at + EXCERPT].splitlines()
        return Sample(Finding.SHORT_RECORD, self.line, offset, excerpt[0] if excerpt else "")
