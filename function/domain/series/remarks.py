"""What can be said of a file that is unlike the earlier ones of its series. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

USUAL = 2
"""Earlier files that must have had something for it to be usual, unless the last one had it."""
_NAMED = 3  # columns that a message names
_MOST = 20  # columns that a remark lists


class RemarkCode(StrEnum):
    """The closed set of codes in `series.remarks`; docs/series.md explains each."""

    COLUMNS_ADDED = "columns_added"
    COLUMNS_GONE = "columns_gone"
    COLUMNS_RENAMED = "columns_renamed"
    COLUMNS_MOVED = "columns_moved"
    TYPE_CHANGED = "type_changed"
    ROWS_UNUSUAL = "rows_unusual"
    NULLS_UNUSUAL = "nulls_unusual"
    SIZE_UNUSUAL = "size_unusual"
    SAME_BYTES = "same_bytes"


@dataclass(frozen=True, slots=True)
class Remark:
    """An entry of `series.remarks` in result.json.

    Attributes:
        code: what is unlike.
        message: the same in a sentence.
        columns: those it is about, the first of them if they are many.
    """

    code: RemarkCode
    message: str
    columns: tuple[str, ...] = ()

    def document(self) -> dict[str, Any]:
        """JSON-ready."""
        return {"code": self.code, "message": self.message, "columns": list(self.columns)}


def of_columns(code: RemarkCode, what: str, said: Sequence[tuple[str, str]]) -> list[Remark]:
    """One remark about several columns; none if there are none.

    Args:
        code: the remark's.
        what: how the message begins, e.g. `New columns`.
        said: each column, and what is said of it.
    """
    if not said:
        return []
    more = f" and {len(said) - _NAMED} more" if len(said) > _NAMED else ""
    message = f"{what}: {', '.join(text for _, text in said[:_NAMED])}{more}."
    return [Remark(code, message, tuple(name for name, _ in said[:_MOST]))]
