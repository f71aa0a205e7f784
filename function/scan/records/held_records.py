"""Records that are kept until what follows tells whether they are of the table."""

from collections import Counter

from function.domain.content import Use
from function.domain.findings import Finding, Sample
from function.scan.records.canonical import Canonical
from function.scan.records.record_writer import RecordWriter
from function.scan.syntax.tokens import Row

MOST = 1000  # records that are kept; with more of them it is settled that another table has begun
MAX_EMPTY = 100_000  # records of empty fields that are kept


class HeldRecords:
    """Records of another width behind a blank line, or else records of empty fields.

    Args:
        canonical: is told what they are, if not of the table.
        writer: takes them, if they are.

    Attributes:
        rows: each with its place.
        empty: how many records of empty fields.
    """

    def __init__(self, canonical: Canonical, writer: RecordWriter):
        self.rows: list[tuple[Row, Sample]] = []
        self.empty = 0
        self._canonical, self._writer = canonical, writer

    @property
    def full(self) -> bool:
        """Whether there are too many to wait any longer."""
        return len(self.rows) > MOST or self.empty == MAX_EMPTY

    def write(self) -> None:
        """The table goes on, so they are records of it."""
        rows, self.rows = self.rows, []
        for row, sample in rows:
            self._writer.write(row, sample)
        if self.empty:
            self._writer.write_empty(self.empty)
            self.empty = 0

    def drop_empty(self) -> None:
        """Another table begins, so records of empty fields only stand between the two."""
        self._canonical.use(Use.BLANK, self.empty)
        self.empty = 0

    def drop(self, use: Use, finding: Finding) -> None:
        """They are not of the table."""
        rows, self.rows = self.rows, []
        self._canonical.use(use, sum(row.lines for row, _ in rows))
        row, sample = rows[0]
        self._canonical.find(finding, sample)
        self._canonical.width(use, len(row.fields), sample.line)

    def finish(self, width: int) -> None:
        """No record of the table follows.

        Args:
            width: of the table.
        """
        widths = Counter(len(row.fields) for row, _ in self.rows)
        if set(widths) == {1}:
            self.drop(Use.FOOTER, Finding.FOOTER)
        elif len(self.rows) > 1 and widths.most_common(1)[0][1] > len(self.rows) / 2:
            self.drop(Use.OTHER_TABLE, Finding.OTHER_TABLE)
        elif self.rows and max(widths) < width:
            self._canonical.find(Finding.TRAILER, self.rows[0][1])
        self.write()
