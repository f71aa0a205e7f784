"""Questions to the columns of a frame: column after column, or all at once where they are many and short."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import polars as pl

MANY, SHORT = 40, 4000  # columns and records at which to ask all at once is cheaper

Key = Callable[[pl.Expr], pl.Expr]
Ask = Callable[[pl.Expr, pl.Expr], pl.Expr]


class Question(NamedTuple):
    """What is asked of one column; what is asked of several should be the same functions.

    Attributes:
        column: its name.
        ask: (the column's text, its key) -> one value.
        key: the text -> what the question needs several times, so that it is made once; None: the text.
    """

    column: str
    ask: Ask
    key: Key | None = None


def is_wide(frame: pl.DataFrame) -> bool:
    """Whether columns are asked all at once: to plan an expression takes time, however short the column."""
    return frame.width >= MANY and frame.height <= SHORT


def answers(frame: pl.DataFrame, questions: Sequence[Question]) -> list[Any]:
    """The answer to each question, in their order."""
    if not is_wide(frame):
        return _each(frame, questions)
    alike: dict[tuple[Ask, Key | None], list[int]] = defaultdict(list)
    for place, question in enumerate(questions):
        alike[question.ask, question.key].append(place)
    found: dict[int, Any] = {}
    for (ask, key), places in alike.items():
        names = [questions[place].column for place in places]
        found.update(zip(places, _together(frame, names, ask, key), strict=True))
    return [found[place] for place in range(len(questions))]


def _each(frame: pl.DataFrame, questions: Sequence[Question]) -> list[Any]:
    if not questions:
        return []
    keyed = [(place, question) for place, question in enumerate(questions) if question.key]
    if keyed:
        keys = [q.key(pl.col(q.column)).alias(f"key {place}") for place, q in keyed if q.key]
        frame = frame.with_columns(keys)
    asked = [
        question.ask(
            pl.col(question.column), pl.col(f"key {place}" if question.key else question.column)
        ).alias(str(place))
        for place, question in enumerate(questions)
    ]
    return list(frame.select(asked).row(0))


def _together(frame: pl.DataFrame, names: Sequence[str], ask: Ask, key: Key | None) -> list[Any]:
    """The columns one below the other make one column, with a group for each."""
    value, height = pl.col("value"), frame.height
    place = (pl.int_range(len(names) * height, eager=True) // height).set_sorted()
    long = pl.DataFrame({"column": place, "value": pl.concat(frame[name] for name in names)})
    if key:
        long = long.with_columns(key(value).alias("key"))
    answer = ask(value, pl.col("key") if key else value).alias("answer")
    return long.group_by("column", maintain_order=True).agg(answer)["answer"].to_list()
