"""What is known of a column: a value that merges, and its making from one batch."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import polars as pl

from function.content import ColumnType
from function.scan.kinds import KINDS, Kind
from function.scan.sketch import Sketch

Range = tuple[str, str]  # smallest and largest value
Kinds = Mapping[int, tuple[Kind, Range | None]]  # by place in KINDS

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
        kinds: what every value can be, with its extremes in that order; none for mere text.
    """

    values: int = 0
    nulls: int = 0
    text: Range | None = None
    longest: int = 0
    distinct: Sketch = field(default_factory=Sketch)
    kinds: Kinds = field(default_factory=lambda: dict(enumerate((kind, None) for kind in KINDS)))

    def merge(self, other: "ColumnSummary") -> "ColumnSummary":
        """The summary of the records of both."""
        return ColumnSummary(
            self.values + other.values,
            self.nulls + other.nulls,
            _span(self.text, other.text, None),
            max(self.longest, other.longest),
            self.distinct.merge(other.distinct),
            _common(self.kinds, other.kinds),
        )


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
    columns = list(zip(frame.columns, known, strict=True))
    texts = frame.select(_texts(name, column.distinct) for name, column in columns)
    kinds = _kinds(frame, columns)
    return [_summary(texts[name][0], kinds[name], column.distinct.size) for name, column in columns]


def _common(left: Kinds, right: Kinds) -> Kinds:
    """The kinds that values of both sides allow; the wider of two that contain each other."""
    both = {}
    for place in sorted(left.keys() & right.keys()):
        (a, a_range), (b, b_range) = left[place], right[place]
        kind = min(a, b, key=lambda kind: kind.rank)
        both[place] = (kind, _span(a_range, b_range, kind))
    return both


def _span(left: Range | None, right: Range | None, kind: Kind | None) -> Range | None:
    if left is None or right is None:
        return left or right
    return _extremes((left[0], right[0]), (left[1], right[1]), kind)


def _extremes(low: Iterable[str], high: Iterable[str], kind: Kind | None) -> Range:
    """The smallest of the low and the largest of the high; among equals the text decides."""

    def order(text: str) -> tuple[object, str]:
        return (kind.order(text) if kind and kind.order else text), text

    return min(low, key=order), max(high, key=order)


def _texts(name: str, sketch: Sketch) -> pl.Expr:
    column = pl.col(name)
    hashes = column.drop_nulls().hash(seed=0)
    return pl.struct(
        column.count().alias("values"),
        column.null_count().alias("nulls"),
        column.min().alias("min"),
        column.max().alias("max"),
        column.str.len_bytes().max().alias("longest"),
        hashes.filter(hashes <= sketch.threshold).unique().bottom_k(sketch.size).implode().alias("hashes"),
    ).alias(name)


def _summary(text: Mapping[str, Any], kinds: Kinds, size: int) -> ColumnSummary:
    if not text["values"]:
        return ColumnSummary(nulls=text["nulls"], distinct=Sketch(size=size))
    extent = (text["min"], text["max"])
    return ColumnSummary(
        text["values"],
        text["nulls"],
        extent,
        text["longest"],
        Sketch(tuple(sorted(text["hashes"])), size),
        {place: (kind, own if kind.key else extent) for place, (kind, own) in kinds.items()},
    )


class _Candidate(NamedTuple):
    """A kind that a column may be."""

    column: str
    place: int
    kind: Kind


def _kinds(frame: pl.DataFrame, columns: Sequence[tuple[str, ColumnSummary]]) -> dict[str, Kinds]:
    """What all values of each column can be, with the extremes of kinds that have an order of their own."""
    candidates = [
        candidate for name, column in columns for candidate in _plausible(frame[name], name, column.kinds)
    ]
    candidates = list(_matching(frame, candidates))
    found: dict[str, dict[int, tuple[Kind, Range | None]]] = {name: {} for name, _ in columns}
    for candidate in candidates:
        if not candidate.kind.key:
            found[candidate.column][candidate.place] = (candidate.kind, None)
    for candidate, extent in _measured(frame, [candidate for candidate in candidates if candidate.kind.key]):
        found[candidate.column][candidate.place] = (candidate.kind, extent)
    return dict(found)


def _plausible(values: pl.Series, name: str, kinds: Kinds) -> Iterator[_Candidate]:
    """The kinds that the first few values can be: most are out before every value is asked."""
    few = values.head(SAMPLE).drop_nulls().head(FEW).to_list()
    for place, (kind, _) in kinds.items():
        possible: Kind | None = kind
        while possible and not all(map(possible.may_be, few)):
            possible = possible.within
        if possible:
            yield _Candidate(name, place, possible)


def _matching(frame: pl.DataFrame, candidates: list[_Candidate]) -> Iterator[_Candidate]:
    """The candidates whose pattern every value matches, some of them widened for it."""
    while candidates:
        tests = [
            pl.col(name).str.contains(kind.whole).all().alias(str(number))
            for number, (name, _, kind) in enumerate(candidates)
        ]
        answers = frame.select(tests).row(0)
        yield from (candidate for candidate, holds in zip(candidates, answers, strict=True) if holds)
        candidates = [
            candidate._replace(kind=candidate.kind.within)
            for candidate, holds in zip(candidates, answers, strict=True)
            if not holds and candidate.kind.within
        ]


def _measured(frame: pl.DataFrame, candidates: list[_Candidate]) -> Iterator[tuple[_Candidate, Range | None]]:
    """The candidates whose key every value has, each with its extremes."""
    keys = frame.select(
        candidate.kind.key(pl.col(candidate.column)).alias(str(number))
        for number, candidate in enumerate(candidates)
        if candidate.kind.key
    )
    for number, candidate in enumerate(candidates):
        text, key = frame[candidate.column], keys[str(number)]
        if key.null_count() > text.null_count():
            continue
        if candidate.kind.type is ColumnType.FLOAT:
            key = key.fill_nan(None)
        if key.null_count() == len(key):
            yield candidate, None
            continue
        low, high = (text.filter(key == extreme).unique().to_list() for extreme in (key.min(), key.max()))
        yield candidate, _extremes(low, high, candidate.kind)
