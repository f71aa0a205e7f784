"""How many different values: an estimate that merges."""

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
        return Sketch(tuple(sorted({*self.hashes, *other.hashes})[:size]), size)

    @property
    def estimate(self) -> int:
        """The number of different values."""
        if len(self.hashes) < self.size:
            return len(self.hashes)
        return round((self.size - 1) * FULL / self.hashes[-1])
