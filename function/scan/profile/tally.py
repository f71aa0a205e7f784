"""Batches -> profile. The tally is the value that grows, and that merges."""

import codecs
from dataclasses import dataclass, field

import polars as pl

from function.domain.errors import DefectError
from function.scan.profile.columns import ColumnSummary, summarise
from function.scan.profile.distinct import Sketch
from function.scan.records.batch import Batch
from function.scan.records.ledger import Ledger

HASHES = 1 << 20  # kept over all columns: 8 MB, however wide the table


class CountMismatchError(DefectError):
    """The structural count and polars' disagree: a fault of ours, never published as a count."""


@dataclass(frozen=True, slots=True)
class Tally:
    """What is known of some of the file. Merging is associative, and `Tally()` changes nothing."""

    ledger: Ledger = field(default_factory=Ledger)
    columns: tuple[ColumnSummary, ...] = ()

    def merge(self, other: "Tally") -> "Tally":
        """The tally of both stretches, `other` behind this one."""
        if not (self.columns and other.columns):
            columns = self.columns or other.columns
        else:
            columns = tuple(a.merge(b) for a, b in zip(self.columns, other.columns, strict=True))
        return Tally(self.ledger.merge(other.ledger), columns)

    def add(self, batch: Batch) -> "Tally":
        """Merge in the tally of a batch.

        Raises:
            CountMismatchError: polars reads another number of records than the structure has.
        """
        if not batch.records:
            return self.merge(Tally(batch.ledger))
        summaries = summarise(_frame(batch, len(self.columns)), self.columns)
        return self.merge(Tally(batch.ledger, tuple(summaries)))


def empty_tally(width: int) -> Tally:
    """The identity for a table of this width."""
    size = max(16, min(Sketch().size, HASHES // width))
    return Tally(columns=(ColumnSummary(distinct=Sketch(size=size)),) * width)


def _frame(batch: Batch, width: int) -> pl.DataFrame:
    mark = codecs.BOM_UTF8 if batch.data.startswith(codecs.BOM_UTF8) else b""  # polars would take one off
    frame = pl.read_csv(
        mark + batch.data if mark else batch.data,
        has_header=False,
        separator=batch.delimiter,
        quote_char=batch.quote,
        schema={str(number): pl.String for number in range(width)},
        empty_string_is_null=True,
    )
    if frame.height != batch.records:
        raise CountMismatchError(
            f"polars reads {frame.height} records where the structure has {batch.records}"
        )
    if batch.quote is None or 2 * batch.quote.encode() not in batch.data:
        return frame
    return frame.with_columns(
        pl.when(pl.all() != "").then(pl.all())
    )  # also where it is quoted, empty is null
