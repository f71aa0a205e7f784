"""Ragged records one behind the other: may they be something else than ragged?"""

from collections.abc import Sequence
from dataclasses import dataclass

from function.domain.findings import Finding, Sample

SHAPE = 5  # records of one other width in a row that may be a table of their own


@dataclass(slots=True)
class Run:
    """Ragged records without one of the right width between them.

    Attributes:
        width: the right one.
        sample: where the run starts, as far as that is wanted.
        count: how many they are.
    """

    width: int
    sample: Sample | None = None
    count: int = 0
    _fields: int = 0
    _least: int = 0
    _most: int = 0

    def extend(self, fields: Sequence[int]) -> None:
        """Go on with records of so many fields each."""
        if fields:
            self._least = min(self._least if self.count else fields[0], *fields)
            self._most = max(self._most, *fields)
            self.count += len(fields)
            self._fields += sum(fields)

    @property
    def shorter(self) -> bool:
        """Whether all of them have fewer fields than they should."""
        return self._most < self.width

    @property
    def finding(self) -> Finding | None:
        """What the run may be."""
        if self.count == 2 and self._most < self.width <= self._fields - 1:
            return Finding.BROKEN_RECORD
        if self.count >= SHAPE and 1 < self._least == self._most:
            return Finding.OTHER_SHAPE
        return None
