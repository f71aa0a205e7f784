"""What is kept of a file, for later ones of its series to be compared with; of bounded size. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

from function.domain.content import Column, ColumnType, Profile
from function.domain.findings import Finding

MOST_COLUMNS = 100
_NAME_CHARACTERS = 64
_NUMBERS = (ColumnType.INTEGER, ColumnType.DECIMAL, ColumnType.FLOAT)
_ZONED = ("Z", "offset")  # how formats of times with a zone end


@dataclass(frozen=True, slots=True)
class ColumnSummary:
    """One column.

    Attributes:
        name: its first characters.
        form: its type, and what of its format is the same in every file, see `form`.
        nulls: how many values are missing.
    """

    name: str
    form: str
    nulls: int


@dataclass(frozen=True, slots=True)
class FileSummary:
    """One file of a series.

    Attributes:
        key: made `storable`.
        uploaded_at: RFC 3339.
        rows, size: as in result.json.
        digest: equal for equal bytes, if both files were read in the same way: `sha256`, or the root of
            `sha256_parts`.
        columns: the first `MOST_COLUMNS`.
    """

    key: str
    uploaded_at: str
    rows: int
    size: int
    digest: str | None
    columns: tuple[ColumnSummary, ...]

    @classmethod
    def read(cls, kept: Sequence[Any]) -> Self:
        """The summary of a row: its key, time of upload, rows, bytes, hash, and what `columns` gave."""
        key, uploaded_at, rows, size, digest, columns = kept
        summaries = tuple(ColumnSummary(*column) for column in columns)
        return cls(key, uploaded_at, rows, size, digest, summaries)

    @property
    def names(self) -> tuple[str, ...]:
        """The columns' names, in order."""
        return tuple(column.name for column in self.columns)


def columns(profile: Profile) -> list[list[Any]]:
    """What a row keeps of the columns, JSON-ready: names, types and numbers, never a value of the file."""
    return [[_kept(column.name), form(column), column.nulls] for column in profile.columns[:MOST_COLUMNS]]


def _kept(name: str) -> str:
    """As jsonb can keep it: U+2400 stands for NUL, as in result.json."""
    return name[:_NAME_CHARACTERS].replace("\0", "\u2400")


def form(column: Column) -> str:
    """The type with what must not change from file to file: decimal mark, order of day and month, zone.

    What depends on the values that a file happens to have is left out: whether thousands are separated,
    zeros before a day, fractions of a second; and everything about a format that can be read in two ways.
    """
    written = column.format or ""
    if column.type in _NUMBERS:
        if Finding.AMBIGUOUS_NUMBER in column.remarks:
            return str(ColumnType.DECIMAL)
        return f"{column.type} {mark}".rstrip() if (mark := _decimal_mark(column)) else str(column.type)
    if Finding.AMBIGUOUS_DATE in column.remarks or column.type not in (ColumnType.DATE, ColumnType.DATETIME):
        return str(column.type)
    day = written[:10].replace("ISO 8601", "YYYY-MM-DD").split(" ")[0].replace("DD", "D").replace("MM", "M")
    return f"{column.type} {day}{' zoned' if written.endswith(_ZONED) else ''}"


def _decimal_mark(column: Column) -> str:
    """The decimal mark, as far as the column shows it; empty if not."""
    if column.format is None:
        return "" if column.type is ColumnType.INTEGER else "."
    fraction = column.format.removeprefix("1")
    if fraction.endswith("56"):
        return fraction[-3]
    return {",": ".", ".": ","}.get(fraction[0], "")  # the other one separates thousands
