"""The canonical form being written: records and what is to be said of them, until a batch is taken."""

import csv
import io
from collections import Counter
from collections.abc import Iterable

from function.domain.content import Use
from function.domain.findings import Finding, Sample
from function.scan.records.batch import Batch
from function.scan.records.ledger import SAMPLES, WIDTHS, Ledger, first_of_each


class Canonical:
    """Collects the records of one batch after the other.

    Args:
        delimiter, quote: one character each; without a quote no field may hold delimiter or line end.
    """

    def __init__(self, delimiter: str, quote: str | None):
        self._marks = delimiter, quote
        self._start()

    def _start(self) -> None:
        delimiter, quote = self._marks
        self._text = io.StringIO()
        self._records = 0
        self._lines: Counter[Use] = Counter()
        self._found: Counter[Finding] = Counter()
        self._samples: list[Sample] = []
        self._widths: dict[tuple[Use, int], int] = {}
        self._writer = csv.writer(
            self._text,
            delimiter=delimiter,
            quotechar=quote,
            quoting=csv.QUOTE_ALL if quote else csv.QUOTE_NONE,
            lineterminator="\n",
        )

    def record(self, fields: list[str], lines: int) -> None:
        """Write a record that spans so many physical lines."""
        self._writer.writerow(fields)
        self._records += 1
        self._lines[Use.RECORD] += lines

    def lines(self, records: Iterable[list[str]], count: int) -> None:
        """Write so many records of one physical line each."""
        self._writer.writerows(records)
        self._records += count
        self._lines[Use.RECORD] += count

    def use(self, use: Use, lines: int) -> None:
        """Account for lines that are no record."""
        self._lines[use] += lines

    def wants(self, finding: Finding) -> bool:
        """Whether a sample of the finding would still be kept."""
        return self._found[finding] < SAMPLES

    def wanted(self, finding: Finding) -> int:
        """How many samples of the finding would still be kept."""
        return max(0, SAMPLES - self._found[finding])

    def count(self, finding: Finding, times: int) -> None:
        """Count a finding of which no sample is wanted."""
        if times:
            self._found[finding] += times

    def find(self, finding: Finding, sample: Sample | None) -> None:
        """Count a finding; the sample may be missing where it is not wanted."""
        if sample and self.wants(finding):
            self._samples.append(Sample(finding, sample.line, sample.offset, sample.excerpt))
        self._found[finding] += 1

    def width(self, use: Use, fields: int, line: int) -> None:
        """Note that a line of some use has another number of fields than the table."""
        if (use, fields) not in self._widths and sum(other is use for other, _ in self._widths) < WIDTHS:
            self._widths[use, fields] = line

    def take(self) -> Batch:
        """The batch so far; a new one is begun."""
        samples = first_of_each(tuple(self._samples))
        ledger = Ledger(self._records, dict(self._lines), dict(self._found), samples, self._widths)
        batch = Batch(self._text.getvalue().encode(), self._records, *self._marks, ledger)
        self._start()
        return batch
