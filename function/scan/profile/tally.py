"""Batches -> profile. The tally is the value that grows, and that merges."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from function.domain.errors import DefectError
from function.scan.profile.distinct import Sketch
from function.scan.profile.summary import ColumnSummary
from function.scan.records.batch import Batch
from function.scan.records.ledger import Ledger

Summarise = Callable[[Batch, Sequence[ColumnSummary]], list[ColumnSummary]]

HASHES = 1 << 20  # kept over all columns: 8 MB, however wide the table


class CountMismatchError(DefectError):
    """The structure and a second reader count differently: a fault of ours, never published as a count."""


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

    def add(self, batch: Batch, summarise: Summarise) -> "Tally":
        """Merge in the tally of a batch.

        Args:
            batch: its records.
            summarise: reads them again; `columns.summarise`, or for a small file `small.summarise`.

        Raises:
            CountMismatchError: it reads another number of records than the structure has.
        """
        if not batch.records:
            return self.merge(Tally(batch.ledger))
        summaries = tuple(summarise(batch, self.columns))
        found = {summary.values + summary.nulls for summary in summaries}
        if found != {batch.records}:
            raise CountMismatchError(f"{found} records are read where the structure has {batch.records}")
        return self.merge(Tally(batch.ledger, summaries))


def empty_tally(width: int) -> Tally:
    """The identity for a table of this width."""
    size = max(16, min(Sketch().size, HASHES // width))
    return Tally(columns=(ColumnSummary(distinct=Sketch(size=size)),) * width)
