"""How many different values: an estimate that merges."""

from array import array
from bisect import bisect_left, bisect_right, insort
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Self, TypeAlias

FULL = 2**64 - 1
FEW = 64  # hashes that are cheaper to look for, or to put in, one by one

Hashes: TypeAlias = "array[int]"  # 64 bits each, without a sign; sorted, and not changed once in a sketch


def no_hashes() -> Hashes:
    """None of them."""
    return array("Q")


@dataclass(frozen=True, slots=True)
class Sketch:
    """The `size` smallest hashes of a set (k minimum values, Bar-Yossef et al., 2002).

    Exact below `size` different values; above, the relative standard error is about 1 / sqrt(size).
    """

    hashes: Hashes = field(default_factory=no_hashes)
    size: int = 1024

    @classmethod
    def of(cls, hashes: Iterable[int], size: int) -> Self:
        """The sketch of a set of so many hashes or fewer."""
        return cls(array("Q", sorted(hashes)), size)

    @property
    def threshold(self) -> int:
        """Hashes above this one cannot change the sketch."""
        return self.hashes[-1] if len(self.hashes) == self.size else FULL

    def merge(self, other: "Sketch") -> "Sketch":
        """The sketch of the union; of two sizes the smaller, which both sides can give."""
        size = min(self.size, other.size)
        small = other.hashes[: bisect_right(other.hashes, self.threshold)]
        both = self.hashes if small == self.hashes else _union(self.hashes, small)
        return self if both is self.hashes and size == self.size else Sketch(both[:size], size)

    @property
    def estimate(self) -> int:
        """The number of different values."""
        if len(self.hashes) < self.size:
            return len(self.hashes)
        return round((self.size - 1) * FULL / self.hashes[-1])


def _union(own: Hashes, others: Hashes) -> Hashes:
    """Both, each hash once; the same object if there is nothing new."""
    if len(others) > FEW:
        new = list(set(others).difference(own))
    else:
        new = [value for value in others if not _has(own, value)]
    if len(new) > FEW:
        return array("Q", sorted((*own, *new)))
    both = own[:] if new else own
    for value in new:
        insort(both, value)
    return both


def _has(hashes: Hashes, value: int) -> bool:
    place = bisect_left(hashes, value)
    return place < len(hashes) and hashes[place] == value


@dataclass(frozen=True, slots=True)
class DistinctValues:
    """Implements `content.Values`: the sketches of the columns.

    Attributes:
        columns: one for each column.
        hashes: hashes texts as those in the sketches were.
    """

    columns: Sequence[Sketch]
    hashes: Callable[[Collection[str]], Iterable[int]]

    def outside(self, column: int, allowed: Collection[str]) -> int:
        """How many different values of a column are none of these; of those that its sketch has."""
        return len({*self.columns[column].hashes}.difference(self.hashes(allowed)))
