"""What the text of a value can be: the grammar of each kind and its order.

A kind is told by the text alone (a pattern over every value), so that a type never depends on what a
parser of numbers or dates happens to accept. `007`, `1e400` and `2024-02-30` are strings: the first would
lose its zeros, the second is beyond a double, the third is no day.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import polars as pl

from function.model import ColumnType

Order = Callable[[str], Any]


@dataclass(frozen=True, slots=True)
class Kind:
    """One grammar.

    Attributes:
        type: the column type of values that match.
        pattern: what all of the text must match, in the syntax that polars' regex engine knows.
        value: the strings of a column -> what polars can order, null where it is no such value after all.
        order: the same for one text in Python, exactly.
        format: how it is written, for people.
        within: the kind that takes over where this one fails: it has every value of this one, in its order.
    """

    type: ColumnType
    pattern: str
    value: Callable[[pl.Expr], pl.Expr]
    order: Order
    format: str | None = None
    within: "Kind | None" = None

    @property
    def rank(self) -> int:
        """Place in the chain of `within`, from the widest, 0."""
        return self.within.rank + 1 if self.within else 0


def _finite(text: pl.Expr) -> pl.Expr:
    """As a double; null where only infinity could stand for the finite number in the text."""
    number = text.cast(pl.Float64, strict=False)
    return pl.when(number.is_infinite() & text.str.contains(r"[0-9]")).then(None).otherwise(number)


FLOAT = Kind(
    ColumnType.FLOAT,
    r"^[+-]?((0|[1-9][0-9]*)(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?$|^[+-]?(inf|Inf|INF|infinity|Infinity)$|^(nan|NaN|NAN)$",
    _finite,
    Decimal,
)
DECIMAL = Kind(
    ColumnType.DECIMAL,
    r"^[+-]?((0|[1-9][0-9]*)(\.[0-9]*)?|\.[0-9]+)$",
    _finite,
    Decimal,
    within=FLOAT,
)
INTEGER = Kind(
    ColumnType.INTEGER,
    r"^[+-]?(0|[1-9][0-9]{0,37})$",
    lambda text: text.cast(pl.Int128, strict=False),
    int,
    within=DECIMAL,
)
BOOLEAN = Kind(
    ColumnType.BOOLEAN,
    r"^(true|false|True|False|TRUE|FALSE)$",
    lambda text: text.str.to_lowercase() == "true",
    lambda text: text.lower() == "true",
)
DATE = Kind(
    ColumnType.DATE,
    r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$",
    lambda text: text.str.to_date("%Y-%m-%d", strict=False),
    date.fromisoformat,
    format="YYYY-MM-DD",
)
DATETIME = Kind(
    ColumnType.DATETIME,
    r"^[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}:[0-9]{2}$",
    lambda text: text.str.replace(" ", "T", literal=True).str.to_datetime("%Y-%m-%dT%H:%M:%S", strict=False),
    datetime.fromisoformat,
    format="YYYY-MM-DD HH:MM:SS",
)
TIME = Kind(
    ColumnType.TIME,
    r"^[0-9]{2}:[0-9]{2}:[0-9]{2}$",
    lambda text: text.str.to_time("%H:%M:%S", strict=False),
    time.fromisoformat,
    format="HH:MM:SS",
)

KINDS = (BOOLEAN, INTEGER, DATE, DATETIME, TIME)
