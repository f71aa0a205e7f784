"""The columns, one row each, with their nulls as bars."""

from dataclasses import dataclass
from typing import Final

from function.domain.message.findings import title
from function.domain.model import Document

MOST: Final = 1000
"""Columns that a page shows; a browser is slow beyond, and the result has all of them."""


@dataclass(frozen=True, slots=True)
class ColumnTable:
    """What is shown of the columns, and how many are left out."""

    rows: list[Document]
    left_out: int


def column_table(csv: Document) -> ColumnTable:
    """The first columns of a `csv` document."""
    columns = csv["columns"]
    rows = [
        {
            **column,
            "null_share": f"{100 * column['nulls'] / csv['rows']:.1f}" if csv["rows"] else "0.0",
            "remarks": [title(each) for each in column["remarks"]],
        }
        for column in columns[:MOST]
    ]
    return ColumnTable(rows, max(0, len(columns) - MOST))
