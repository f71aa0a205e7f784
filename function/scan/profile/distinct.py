"""How many different values: an estimate that merges."""

from bisect import bisect_right
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass

FULL = 2**64 - 1


@dataclass(frozen=True, slots=True)
class Sketch:
    """The `size` smallest hashes of a set (k minimum values, Bar-Yossef et al., 2002).

    Exact below `size` different values; above, the relative standard error is about 1 / sqrt(size).
    """

    hashes: tuple[int, ...] = ()
    size: int = 1024

    @property
    def threshold(self) -> int:
        """Hashes above this one cannot change the sketch."""
        return self.hashes[-1] if len(self.hashes) == self.size else FULL

    def merge(self, other: "Sketch") -> "Sketch":
        """The sketch of the union; of two sizes the smaller, which both sides can give."""
        size = min(self.size, other.size)
        small = other.hashes[: bisect_right(other.hashes, self.threshold)]
        more = set(small).difference(self.hashes)
        return Sketch(tuple(sorted((*self.hashes, *more))[:size] if more else self.hashes[:size]), size)

    @property
    def estimate(self) -> int:
        """The number of different values."""
        if len(self.hashes) < self.size:
            return len(self.hashes)
        return round((self.size - 1) * FULL / self.hashes[-1])


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
