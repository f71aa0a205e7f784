"""Records of the table -> a batch, with what is remarkable about each of them."""

from collections.abc import Sequence

from function.domain.content import Use
from function.domain.findings import Finding, Sample
from function.scan.layout.layout import Layout
from function.scan.records.bulk import Bulk
from function.scan.records.canonical import Canonical
from function.scan.records.footer import Ending
from function.scan.records.position import Before, Position
from function.scan.records.ragged_runs import Run
from function.scan.syntax.lines import Lines
from function.scan.syntax.record_findings import remarks
from function.scan.syntax.tokens import Row
from function.scan.syntax.unusual import BLANKS, spellings


class RecordWriter:
    """Writes what is known to be of the table.

    Args:
        layout: of the table.
        canonical: takes the records.
        position: of the record that is being written.
        before: what is known of the text before, if it is read elsewhere.

    Attributes:
        ending: of the table, as far as it is written.
        first_names: how the first name of the header may be written.
        in_run: whether the record before was ragged.
    """

    def __init__(
        self, layout: Layout, canonical: Canonical, position: Position, before: Before | None = None
    ):
        ragged, lines = (before.ragged, before.lines) if before else (0, 0)
        self.ending = Ending(layout, canonical.find, ragged, lines)
        self._layout, self._canonical, self._position = layout, canonical, position
        self._bulk = Bulk(canonical, layout.width, layout.grammar.quote)
        self._run: Run | None = None
        self._headers = spellings(layout.names) if layout.names else set()
        self.first_names = {names[0] for names in self._headers}

    @property
    def in_run(self) -> bool:
        """Whether the record before was ragged."""
        return self._run is not None

    def repeats_header(self, fields: Sequence[str]) -> bool:
        """Whether a record is the table's header once more."""
        return tuple(field.strip(BLANKS) for field in fields) in self._headers

    def write_ordinary(self, row: Row, sample: Sample | None = None) -> None:
        """Write a record of which nothing is to be said."""
        width = self._layout.width
        fits = len(row.fields) == width
        self._canonical.record(row.fields if fits else (row.fields + [""] * width)[:width], row.lines)
        self.ending.add(row, sample, self._position.line, self._position.at)

    def write(self, row: Row, sample: Sample | None = None) -> None:
        """Write a record and say what is remarkable about it.

        Args:
            row: as it was read.
            sample: its place, if it is not the one that has been reached.
        """
        width, fields = self._layout.width, row.fields
        if width > 1 and self.repeats_header(fields):
            self._canonical.find(Finding.REPEATED_HEADER, sample or self._position.sample())
        found = remarks(row, width, self._layout.grammar.quote)
        here = sample is None and self._position.mixed
        if len(fields) != width and here and self._position.is_between_line_ends(row):
            found.append(Finding.BROKEN_RECORD)
        if found and sample is None and any(map(self._canonical.wants, found)):
            sample = self._position.sample()
        for finding in found:
            self._canonical.find(finding, sample)
        if found == [Finding.BINARY]:
            self._canonical.use(Use.REJECTED, row.lines)
            return
        if len(fields) == width:
            self._end_run()
        else:
            sample = sample or self._position.sample()
            self._run = self._run or Run(width, sample)
            self._run.extend((len(fields),))
            self._canonical.width(Use.RECORD, len(fields), sample.line)
        self.write_ordinary(row, sample)

    def write_lines(self, lines: Lines) -> None:
        """Write records of one line each, and go on behind them."""
        position, count = self._position, len(lines.rows)
        start, line = position.at, position.line

        def place(record: int) -> Sample:
            position.line, position.at = line + record, start + lines.offset(record)
            return position.sample()

        self._run, ragged = self._bulk.write(lines, self._run, line, place)
        last = Row(lines.rows[-1], 0)
        sample = place(count - 1)
        fits = len(last.fields) == self._layout.width
        self.ending.ragged += ragged - (not fits)
        self.ending.add(last, None if fits else sample, position.line, position.at)
        position.line, position.at = line + count, start + lines.offset(count)

    def write_empty(self, count: int) -> None:
        """Write records of empty fields, of one line each."""
        self._end_run()
        for _ in range(count):
            self._canonical.record([""] * self._layout.width, 1)
        self.ending.empty()

    def finish(self) -> None:
        """Say what may be no record, now that nothing follows."""
        self.ending.finish(self._run, self._position.line - 1)
        self._end_run()

    def _end_run(self) -> None:
        if self._run and self._run.finding:
            self._canonical.find(self._run.finding, self._run.sample)
        self._run = None
