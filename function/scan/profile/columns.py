"""What is known of a column: a value that merges, and its making from one batch."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import polars as pl

from function.scan.profile.distinct import FULL, Sketch
from function.scan.profile.kind import Kind, narrowest
from function.scan.profile.kinds import KINDS
from function.scan.profile.matching import Fit, Kinds, Range, extremes, fit
from function.scan.profile.queries import Ask, Question, answers, is_wide

SAMPLE, FEW = 1000, 5  # records among which a few values rule out most kinds

AT_ONCE = 500  # columns that polars is asked of in one query: each takes about 50 KB in its plan


@dataclass(frozen=True, slots=True)
class ColumnSummary:
    """A column over some records. Summaries merge: associative, and `ColumnSummary()` changes nothing.

    Attributes:
        values: how many values are not null.
        nulls: how many are.
        text: smallest and largest value in the order of code points.
        longest: bytes of the longest value.
        distinct: sketch of the different values.
        kinds: the narrowest that every value is of, with the extremes in their order; none for mere text.
        padded: whether blanks around values were taken off for that.
        blank: values that have nothing but blanks, as far as the column is more than text.
    """

    values: int = 0
    nulls: int = 0
    text: Range | None = None
    longest: int = 0
    distinct: Sketch = field(default_factory=Sketch)
    kinds: Kinds = field(default_factory=lambda: dict.fromkeys(KINDS))
    padded: bool = False
    blank: int = 0

    def merge(self, other: "ColumnSummary") -> "ColumnSummary":
        """The summary of the records of both."""
        return ColumnSummary(
            self.values + other.values,
            self.nulls + other.nulls,
            _span(self.text, other.text, None),
            max(self.longest, other.longest),
            self.distinct.merge(other.distinct),
            self._common(other),
            self.padded or other.padded,
            self.blank + other.blank,
        )

    def _common(self, other: "ColumnSummary") -> Kinds:
        """The kinds that the values of both are of."""
        if not (self.values and other.values):
            return self.kinds if self.values else other.kinds
        left, right, kinds = self.kinds, other.kinds, list(self.kinds)
        if left.keys() != right.keys():
            left, right = _widest(left), _widest(right)
            kinds = narrowest(left.keys() & right.keys())
        return {kind: _span(left[kind], right[kind], kind) for kind in kinds}


def summarise(frame: pl.DataFrame, known: Sequence[ColumnSummary]) -> list[ColumnSummary]:
    """Summarise the columns of a batch.

    Args:
        frame: strings; null is the empty field.
        known: what is known of each column so far: kinds that are already out are not tried again.

    Returns:
        One summary for each column, of this batch alone but for the kinds that `known` rules out.
    """
    return [
        summary
        for start in range(0, frame.width, AT_ONCE)
        for summary in _summaries(frame[:, start : start + AT_ONCE], known[start : start + AT_ONCE])
    ]


def _summaries(frame: pl.DataFrame, known: Sequence[ColumnSummary]) -> list[ColumnSummary]:
    columns = dict(zip(frame.columns, known, strict=True))
    wide = is_wide(frame)
    asks = (_texts(FULL if wide else column.distinct.threshold, column.distinct.size) for column in known)
    found = answers(frame, [Question(name, ask) for name, ask in zip(columns, asks, strict=True)])
    texts = dict(zip(columns, found, strict=True))
    few = {name: text["few"] for name, text in texts.items()}
    fits = fit(frame, few, {name: column.kinds for name, column in columns.items() if column.kinds})
    return [
        _summary(texts[name], fits.get(name, Fit({})), column.distinct.size)
        for name, column in columns.items()
    ]


def _widest(kinds: Kinds) -> Kinds:
    """These kinds and all wider ones, which have the same extremes."""
    return {above: span for kind, span in kinds.items() for above in kind.closure}


def _span(left: Range | None, right: Range | None, kind: Kind | None) -> Range | None:
    if left is None or right is None:
        return left or right
    return extremes((left[0], right[0]), (left[1], right[1]), kind)


@lru_cache(maxsize=256)
def _texts(threshold: int, size: int) -> Ask:
    def ask(text: pl.Expr, _: pl.Expr) -> pl.Expr:
        hashes = text.drop_nulls().hash(seed=0)
        smallest = hashes.filter(hashes <= threshold) if threshold < FULL else hashes
        return pl.struct(
            text.count().alias("values"),
            text.null_count().alias("nulls"),
            text.min().alias("min"),
            text.max().alias("max"),
            text.str.len_bytes().max().alias("longest"),
            smallest.unique().bottom_k(size).implode().alias("hashes"),
            text.head(SAMPLE).drop_nulls().head(FEW).implode().alias("few"),
        )

    return ask


def _summary(text: Mapping[str, Any], found: Fit, size: int) -> ColumnSummary:
    if not text["values"]:
        return ColumnSummary(nulls=text["nulls"], distinct=Sketch(size=size))
    extent = (text["min"], text["max"])
    in_order = found.text if found.padded else extent
    return ColumnSummary(
        text["values"],
        text["nulls"],
        extent,
        text["longest"],
        Sketch(tuple(sorted(text["hashes"])), size),
        {kind: own if kind.key else in_order for kind, own in found.kinds.items()},
        found.padded,
        found.blank,
    )
