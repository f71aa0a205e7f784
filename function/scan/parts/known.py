"""What is known of the start of a part that is read again, as the short text that names it."""

from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True, slots=True)
class Known:
    """The start of a part.

    Attributes:
        start: stored bytes of the object before its first record.
        encoding: of the text; `ascii` if it is not known.
        lines, ragged: physical lines, and ragged records, before it.
        complete: whether these two are known.
    """

    start: int
    encoding: str
    lines: int = 0
    ragged: int = 0
    complete: bool = False

    def __str__(self) -> str:
        counts = f" {self.lines} {self.ragged}" if self.complete else ""
        return f"{self.start} {self.encoding}{counts}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """The inverse of `str`."""
        start, encoding, *counts = text.split(" ")
        if not counts:
            return cls(int(start), encoding)
        lines, ragged = map(int, counts)
        return cls(int(start), encoding, lines, ragged, complete=True)
