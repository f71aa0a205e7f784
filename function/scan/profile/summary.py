"""What is known of a column: a value that merges, however it was made."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from function.scan.profile.distinct import Sketch
from function.scan.profile.kinds.kind import Kind, narrowest
from function.scan.profile.kinds.preference import KINDS

Range = tuple[str, str]  # smallest and largest value
Kinds = Mapping[Kind, Range | None]  # the narrowest that all values are of


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


def extremes(low: Iterable[str], high: Iterable[str], kind: Kind | None) -> Range:
    """The smallest of the low and the largest of the high; among equals the text decides."""

    def order(text: str) -> tuple[object, str]:
        return (kind.order(text) if kind and kind.order else text), text

    return min(low, key=order), max(high, key=order)


def _widest(kinds: Kinds) -> Kinds:
    """These kinds and all wider ones, which have the same extremes."""
    return {above: span for kind, span in kinds.items() for above in kind.closure}


def _span(left: Range | None, right: Range | None, kind: Kind | None) -> Range | None:
    if left is None or right is None:
        return left or right
    return extremes((left[0], right[0]), (left[1], right[1]), kind)
