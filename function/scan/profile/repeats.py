"""Columns whose values repeat, of which each value need be looked at only once."""

from collections.abc import Sequence

import polars as pl

TIMES, MANY = 4, 4000  # repeats of a value, and records, from which it pays to look for the different values


def repeated(frame: pl.DataFrame, distinct: Sequence[int]) -> list[str]:
    """The columns that are likely to have few different values.

    Args:
        frame: a batch.
        distinct: how many different values each column had so far; none, where nothing is known.
    """
    if frame.height < MANY:
        return []
    return [
        name for name, count in zip(frame.columns, distinct, strict=True) if TIMES * count <= frame.height
    ]


def different(frame: pl.DataFrame) -> pl.DataFrame:
    """The different values of each column, one below the other, and nulls below them."""
    found = frame.select(pl.all().unique().implode())
    values = [column.explode() for column in found]
    height = max(map(len, values))
    return pl.DataFrame([column.extend_constant(None, height - len(column)) for column in values])
