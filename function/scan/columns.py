"""What is known of a column, as a value that merges."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from function.scan.kinds import KINDS, Kind
from function.scan.sketch import Sketch

Range = tuple[str, str]  # smallest and largest value
Kinds = Mapping[int, tuple[Kind, Range | None]]  # by place in KINDS


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
    return extremes((left[0], right[0]), (left[1], right[1]), kind)


def extremes(low: Iterable[str], high: Iterable[str], kind: Kind | None) -> Range:
    """The smallest of the low and the largest of the high; among equals the text decides."""

    def order(text: str) -> tuple[object, str]:
        return (kind.order(text) if kind and kind.order else text), text

    return min(low, key=order), max(high, key=order)
