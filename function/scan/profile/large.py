"""The columns of a large file, by polars, which is loaded with the first: it is half of a cold start."""

from collections.abc import Collection, Iterable, Sequence

from function.scan.profile.summary import ColumnSummary
from function.scan.records.batch import Batch


def summarise(batch: Batch, known: Sequence[ColumnSummary]) -> list[ColumnSummary]:
    """One summary for each column of a batch; see `columns.summarise`."""
    from function.scan.profile import columns  # noqa: PLC0415

    return columns.summarise(batch, known)


def hashes(texts: Collection[str]) -> Iterable[int]:
    """What stands for texts in a sketch."""
    from function.scan.profile import columns  # noqa: PLC0415

    return columns.hashes(texts)
