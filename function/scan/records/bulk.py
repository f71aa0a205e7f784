"""Records of one line each -> canonical form, all at once: what is said of them is what is said of each."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import NamedTuple

from function.domain.content import Use
from function.domain.findings import Finding, Sample
from function.scan.records.canonical import Canonical
from function.scan.records.ragged_runs import Run
from function.scan.syntax.lines import Lines
from function.scan.syntax.record_findings import DAMAGE

_RAGGED = re.compile(b"\x01+")

Place = Callable[[int], Sample]  # of a record, by its number


class _Remark(NamedTuple):
    """A finding, in the order in which records are read and remarked on."""

    record: int
    order: int
    finding: Finding
    sample: Sample | None = None


@dataclass(frozen=True)
class Bulk:
    """Writes records that say nothing of each other.

    Attributes:
        canonical: takes them.
        width: of the table.
        quote: of its dialect.
    """

    canonical: Canonical
    width: int
    quote: str | None

    def write(self, lines: Lines, run: Run | None, line: int, place: Place) -> tuple[Run | None, int]:
        """Write records and what is remarkable about them.

        Args:
            lines: the records.
            run: of ragged records that was open before them.
            line: physical line of the first.
            place: of each of them in the file.

        Returns:
            The run that is open behind them, and how many of them are ragged.
        """
        widths = list(map(len, lines.rows))
        ragged = [record for record, fields in enumerate(widths) if fields != self.width]
        found = self._findings(lines, widths, ragged)
        shown = {finding: records[: self.canonical.wanted(finding)] for finding, records in found.items()}
        remarks = [
            _Remark(record, order, finding)
            for order, (finding, records) in enumerate(shown.items())
            for record in records
        ]
        ended, run = self._runs(widths, run, place)
        for remark in sorted((*remarks, *ended)):
            wanted = self.canonical.wants(remark.finding)
            self.canonical.find(remark.finding, remark.sample or place(remark.record) if wanted else None)
        for finding, records in found.items():
            self.canonical.count(finding, len(records) - len(shown[finding]))
        first = {widths[record]: record for record in reversed(ragged)}
        for fields, record in sorted(first.items(), key=itemgetter(1)):
            self.canonical.width(Use.RECORD, fields, line + record)
        self.canonical.lines(self._padded(lines.rows, widths), len(widths))
        return run, len(ragged)

    def _findings(
        self, lines: Lines, widths: Sequence[int], ragged: Sequence[int]
    ) -> Mapping[Finding, list[int]]:
        """The records with each finding, in the order in which findings of one record are told."""
        rows, quote = lines.rows, self.quote
        found = {
            Finding.ODD_QUOTE: [
                record
                for record in (ragged if quote and lines.marked else ())
                if "".join(rows[record]).count(quote or "") % 2
            ],
            Finding.SHORT_RECORD: [record for record in ragged if widths[record] < self.width],
            Finding.LONG_RECORD: [record for record in ragged if widths[record] > self.width],
        }
        for damage, finding in DAMAGE.items():
            found[finding] = [record for record, each in lines.damage.items() if each is damage]
        return found

    def _runs(self, widths: Sequence[int], run: Run | None, place: Place) -> tuple[list[_Remark], Run | None]:
        """What runs of ragged records may be that end among these, and the run that does not."""
        ended = []
        for start, end in self._spans(widths, run):
            run = run or Run(self.width)
            run.extend(widths[start:end])
            if end == len(widths) or (run.finding and self.canonical.wants(run.finding)):
                run.sample = run.sample or place(start)
            if end < len(widths):
                if run.finding:
                    ended.append(_Remark(end, len(Finding), run.finding, run.sample))
                run = None
        return ended, run

    def _spans(self, widths: Sequence[int], run: Run | None) -> Iterator[tuple[int, int]]:
        """Where runs of ragged records are; the first one may have begun before, and have ended there."""
        ragged = bytes(map(self.width.__ne__, widths))
        if run and not ragged.startswith(b"\x01"):
            yield 0, 0
        for match in _RAGGED.finditer(ragged):
            yield match.span()

    def _padded(self, rows: Sequence[list[str]], widths: Sequence[int]) -> Iterator[list[str]]:
        """The records at the width of the table."""
        width, missing = self.width, [""] * self.width
        for row, fields in zip(rows, widths, strict=True):
            yield row if fields == width else (row + missing)[:width]
