"""What is known of a column: a value that merges, and its making from one batch."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from function.model import ColumnType
from function.scan.kinds import KINDS, Kind
from function.scan.sketch import Sketch

Range = tuple[str, str]
Kinds = Mapping[int, tuple[Kind, Range | None]]
Candidate = tuple[str, int, Kind]  # column, place in KINDS, kind

SAMPLE = 100  # records that rule out most kinds before every record is asked


@dataclass(frozen=True, slots=True)
class ColumnSummary:
    """A column over some records. Summaries merge: associative, and `ColumnSummary()` changes nothing.

    Attributes:
        values: how many values are not null.
        nulls: how many are.
        text: smallest and largest value in the order of code points.
        longest: bytes of the longest value.
        distinct: sketch of the different values.
        kinds: what every value can be: by place in `KINDS`, the kind with its extremes; none for mere text.
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


def _common(left: Kinds, right: Kinds) -> Kinds:
    """The kinds that values of both sides allow; the wider of two that contain each other."""
    both = {}
    for place in left.keys() & right.keys():
        (a, a_range), (b, b_range) = left[place], right[place]
        kind = min(a, b, key=lambda kind: kind.rank)
        both[place] = (kind, _span(a_range, b_range, kind))
    return both


def _span(left: Range | None, right: Range | None, kind: Kind | None) -> Range | None:
    if left is None or right is None:
        return left or right

    def order(text: str) -> tuple[object, str]:
        return (kind.order(text) if kind else text), text

    return min(left[0], right[0], key=order), max(left[1], right[1], key=order)


def summarise(frame: pl.DataFrame, known: Sequence[ColumnSummary]) -> list[ColumnSummary]:
    """Summarise the columns of a batch.

    Args:
        frame: strings; null is the empty field.
        known: what is known of each column so far: kinds that are already out are not tried again.

    Returns:
        One summary for each column, of this batch alone but for the kinds that `known` rules out.
    """
    texts = frame.select(
        _texts(name, column.distinct) for name, column in zip(frame.columns, known, strict=True)
    )
    kinds = _kinds(frame, known)
    return [
        _summary(texts[name][0], kinds[name], column)
        for name, column in zip(frame.columns, known, strict=True)
    ]


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


def _summary(text: Mapping[str, Any], kinds: Kinds, known: ColumnSummary) -> ColumnSummary:
    if not text["values"]:
        return ColumnSummary(nulls=text["nulls"], distinct=Sketch(size=known.distinct.size))
    return ColumnSummary(
        text["values"],
        text["nulls"],
        (text["min"], text["max"]),
        text["longest"],
        Sketch(tuple(sorted(text["hashes"])), known.distinct.size),
        kinds,
    )


def _kinds(frame: pl.DataFrame, known: Sequence[ColumnSummary]) -> dict[str, Kinds]:
    """What all values of each column can be, tried on a few before all."""
    candidates = [
        (name, place, kind)
        for name, column in zip(frame.columns, known, strict=True)
        for place, (kind, _) in column.kinds.items()
    ]
    found: dict[str, Kinds] = {name: {} for name in frame.columns}
    candidates = [candidate for candidate, _ in _hold(frame.head(SAMPLE), candidates)]
    for (name, place, kind), extent in _hold(frame, candidates):
        found[name] = {**found[name], place: (kind, extent)}
    return found


def _hold(frame: pl.DataFrame, candidates: list[Candidate]) -> Iterator[tuple[Candidate, Range | None]]:
    """The candidates that hold, some of them widened, each with its extent."""
    while candidates:
        tests = [_test(name, kind).alias(str(number)) for number, (name, _, kind) in enumerate(candidates)]
        wider: list[Candidate] = []
        for (name, place, kind), answer in zip(candidates, frame.select(tests).row(0), strict=True):
            if answer["holds"]:
                yield (name, place, kind), _extent(answer["low"], answer["high"], kind)
            elif kind.within:
                wider.append((name, place, kind.within))
        candidates = wider


def _test(name: str, kind: Kind) -> pl.Expr:
    text = pl.col(name)
    value = kind.value(text)
    ordered = value.fill_nan(None) if kind.type is ColumnType.FLOAT else value
    return pl.struct(
        (text.str.contains(kind.pattern).all() & (value.null_count() == text.null_count())).alias("holds"),
        text.filter(ordered == ordered.min()).unique().implode().alias("low"),
        text.filter(ordered == ordered.max()).unique().implode().alias("high"),
    )


def _extent(low: list[str], high: list[str], kind: Kind) -> Range | None:
    """Of several texts of the same value, or of values that one double stands for, the exact extremes."""
    if not low:
        return None

    def order(text: str) -> tuple[object, str]:
        return kind.order(text), text

    return min(low, key=order), max(high, key=order)
