"""Batches -> profile. The tally is the value that grows, and that merges."""

import io
from dataclasses import dataclass, field

import polars as pl

from function.model import Column, ColumnType, Dialect, Profile, Records
from function.scan.columns import ColumnSummary, summarise
from function.scan.records import Batch, line_ends
from function.scan.sketch import Sketch

HASHES = 1 << 20  # kept over all columns: 8 MB, however wide the table


class CountMismatchError(AssertionError):
    """The structural count and polars' disagree: a fault of ours, never published as a count."""


@dataclass(frozen=True, slots=True)
class Tally:
    """What is known of some of the records. Merging is associative, and `Tally()` changes nothing."""

    records: int = 0
    blank: int = 0
    lines: int = 0
    columns: tuple[ColumnSummary, ...] = field(default=())

    def merge(self, other: "Tally") -> "Tally":
        """The tally of the records of both, in this order."""
        if not (self.columns and other.columns):
            columns = self.columns or other.columns
        else:
            columns = tuple(a.merge(b) for a, b in zip(self.columns, other.columns, strict=True))
        return Tally(
            self.records + other.records, self.blank + other.blank, self.lines + other.lines, columns
        )


class Profiler:
    """Takes batches in order; at any time gives the profile so far."""

    def __init__(self, dialect: Dialect):
        self.dialect = dialect
        self.names: list[str] = []
        self.header_lines = 0
        self.tally = Tally()

    def add(self, batch: Batch) -> None:
        """Type and summarise the batch, and take the header from the first record.

        Raises:
            CountMismatchError: polars reads another number of records than the structure has.
        """
        if not batch.records:
            self.tally = self.tally.merge(Tally(blank=batch.blank, lines=batch.lines))
            return
        frame = _frame(batch, self.dialect)
        if not self.names:
            frame = self._start(frame)
        summaries = summarise(frame, self.tally.columns)
        self.tally = self.tally.merge(Tally(frame.height, batch.blank, batch.lines, tuple(summaries)))

    def _start(self, frame: pl.DataFrame) -> pl.DataFrame:
        size = max(16, min(Sketch().size, HASHES // frame.width))
        self.tally = self.tally.merge(
            Tally(columns=(ColumnSummary(distinct=Sketch(size=size)),) * frame.width)
        )
        self.names = [f"column_{number}" for number in range(1, frame.width + 1)]
        if not self.dialect.header:
            return frame
        header = frame.row(0)
        self.names = [name or default for name, default in zip(header, self.names, strict=True)]
        self.header_lines = 1 + sum(line_ends(name.encode()) for name in header if name)
        return frame[1:]

    def profile(self) -> Profile:
        """What is known so far, as it is published."""
        tally = self.tally
        columns = tuple(_column(name, column) for name, column in zip(self.names, tally.columns, strict=True))
        lines = {
            "header": self.header_lines,
            "records": tally.lines - self.header_lines - tally.blank,
            "blank": tally.blank,
        }
        records = Records(parsed=tally.records, blank=tally.blank, physical_lines=tally.lines, lines=lines)
        return Profile(columns, self.dialect, records)


def _frame(batch: Batch, dialect: Dialect) -> pl.DataFrame:
    frame = pl.read_csv(
        io.BytesIO(batch.data),
        has_header=False,
        separator=dialect.delimiter,
        quote_char=dialect.quote,
        schema={f"column_{number}": pl.String for number in range(1, batch.width + 1)},
    )
    if frame.height != batch.records:
        raise CountMismatchError(
            f"polars reads {frame.height} records where the structure has {batch.records}"
        )
    return frame.with_columns(pl.when(pl.all() != "").then(pl.all()))  # a quoted empty field is null too


def _column(name: str, summary: ColumnSummary) -> Column:
    kind, extent = (
        next(iter(summary.kinds.values()), (None, summary.text)) if summary.values else (None, None)
    )
    low, high = extent or (None, None)
    type_ = kind.type if kind else ColumnType.STRING if summary.values else ColumnType.EMPTY
    return Column(
        name,
        type_,
        summary.nulls,
        low,
        high,
        distinct=summary.distinct.estimate,
        longest=summary.longest,
        format=kind.format if kind else None,
    )
