"""Columns whose values repeat, of which each value need be looked at only once."""

from collections.abc import Sequence

import polars as pl

TIMES, MANY = 4, 4000  # repeats of a value, and records, from which it pays to look for the different values
FIRST = 4 * MANY  # records that tell of a column of which nothing is known


def repeated(frame: pl.DataFrame, distinct: Sequence[int]) -> list[str]:
    """The columns that are likely to have few different values.

    Args:
        frame: a batch.
        distinct: how many different values each column had so far; 0 where nothing is known, which the first
            records are asked for: to look for the different values of all of them costs more than it saves.
    """
    if frame.height < MANY:
        return []
    known = dict(zip(frame.columns, distinct, strict=True))
    return [
        name
        for name, count in known.items()
        if TIMES * count <= frame.height and (count or _repeats(frame[name].head(FIRST)))
    ]


def _repeats(column: pl.Series) -> bool:
    return TIMES * column.n_unique() <= len(column)


def different(frame: pl.DataFrame) -> pl.DataFrame:
    """The different values of each column, one below the other, and nulls below them."""
    found = frame.select(pl.all().unique().implode())
    values = [column.explode() for column in found]
    height = max(map(len, values))
    return pl.DataFrame([column.extend_constant(None, height - len(column)) for column in values])
