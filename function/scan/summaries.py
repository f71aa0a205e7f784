"""One batch -> what is known of its columns."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache
from typing import Any, NamedTuple

import polars as pl

from function.content import ColumnType
from function.scan.columns import ColumnSummary, Kinds, Range, extremes
from function.scan.kinds import WIDER, Kind
from function.scan.questions import Ask, Question, answers, is_wide
from function.scan.sketch import FULL, Sketch

SAMPLE, FEW = 1000, 5  # records among which a few values rule out most kinds


class Candidate(NamedTuple):
    """A kind that a column may be.

    Attributes:
        column: its place.
        name: of the column in the frame.
        place: of the kind in KINDS.
        kind: as the values allow.
    """

    column: int
    name: str
    place: int
    kind: Kind


def summarise(frame: pl.DataFrame, known: Sequence[ColumnSummary]) -> list[ColumnSummary]:
    """Summarise the columns of a batch.

    Args:
        frame: strings; null is the empty field.
        known: what is known of each column so far: kinds that are already out are not tried again.

    Returns:
        One summary for each column, of this batch alone but for the kinds that `known` rules out.
    """
    wide = is_wide(frame)
    sketches = [column.distinct for column in known]
    texts = answers(
        frame,
        [
            Question(name, _texts(FULL if wide else sketch.threshold, sketch.size))
            for name, sketch in zip(frame.columns, sketches, strict=True)
        ],
    )
    kinds = _kinds(frame, texts, known)
    return [
        _summary(text, own, sketch.size) for text, own, sketch in zip(texts, kinds, sketches, strict=True)
    ]


@lru_cache(maxsize=256)
def _texts(threshold: int, size: int) -> Ask:
    def ask(text: pl.Expr, _: pl.Expr) -> pl.Expr:
        hashes = text.drop_nulls().hash(seed=0)
        smallest = hashes.filter(hashes <= threshold) if threshold < FULL else hashes
        return pl.struct(
            text.count().alias("values"),
            text.null_count().alias("nulls"),
            text.min().alias("min"),
            text.max().alias("max"),
            text.str.len_bytes().max().alias("longest"),
            smallest.unique().bottom_k(size).implode().alias("hashes"),
            text.head(SAMPLE).drop_nulls().head(FEW).implode().alias("few"),
        )

    return ask


def _summary(text: Mapping[str, Any], kinds: Kinds, size: int) -> ColumnSummary:
    if not text["values"]:
        return ColumnSummary(nulls=text["nulls"], distinct=Sketch(size=size))
    return ColumnSummary(
        text["values"],
        text["nulls"],
        (text["min"], text["max"]),
        text["longest"],
        Sketch(tuple(sorted(text["hashes"])), size),
        kinds,
    )


def _kinds(
    frame: pl.DataFrame, texts: Sequence[Mapping[str, Any]], known: Sequence[ColumnSummary]
) -> list[Kinds]:
    """What all values of each column can be, with the extremes of each kind."""
    candidates = [
        Candidate(column, name, place, kind)
        for column, (name, text, summary) in enumerate(zip(frame.columns, texts, known, strict=True))
        if text["values"]
        for place, kind in _plausible(text["few"], summary.kinds)
    ]
    matching = list(_matching(frame, [each for each in candidates if each.kind not in WIDER]))
    covered = {(each.column, each.kind.wider) for each in matching}
    wider = [each for each in candidates if each.kind in WIDER]
    matching += _matching(frame, [each for each in wider if (each.column, each.kind) not in covered])
    found: list[dict[int, tuple[Kind, Range | None]]] = [{} for _ in texts]
    for column, _, place, kind in (
        *(each for each in matching if not each.kind.key),
        *(each for each in wider if (each.column, each.kind) in covered),
    ):
        found[column][place] = kind, (texts[column]["min"], texts[column]["max"])
    for (column, _, place, kind), extent in _measured(frame, [each for each in matching if each.kind.key]):
        found[column][place] = kind, extent
    return list(found)


def _plausible(few: Sequence[str], kinds: Kinds) -> Iterator[tuple[int, Kind]]:
    """The kinds that the first few values can be: most are out before every value is asked."""
    for place, (kind, _) in kinds.items():
        possible: Kind | None = kind
        while possible and not all(map(possible.may_be, few)):
            possible = possible.within
        if possible:
            yield place, possible


def _matching(frame: pl.DataFrame, candidates: Sequence[Candidate]) -> Iterator[Candidate]:
    """The candidates whose pattern every value matches, some of them widened for it."""
    while candidates:
        questions = [Question(each.name, _matches(each.kind)) for each in candidates]
        held = answers(frame, questions)
        yield from (each for each, holds in zip(candidates, held, strict=True) if holds)
        candidates = [
            each._replace(kind=each.kind.within)
            for each, holds in zip(candidates, held, strict=True)
            if not holds and each.kind.within
        ]


@cache
def _matches(kind: Kind) -> Ask:
    return lambda text, _: text.str.contains(kind.whole).all()


def _measured(
    frame: pl.DataFrame, candidates: Sequence[Candidate]
) -> Iterator[tuple[Candidate, Range | None]]:
    """The candidates whose key every value has, each with its extremes."""
    questions = [Question(each.name, _ends(each.kind), each.kind.key) for each in candidates]
    for candidate, found in zip(candidates, answers(frame, questions), strict=True):
        if not found["lost"]:
            low, high = found["low"], found["high"]
            yield candidate, extremes(low, high, candidate.kind) if low else None


@cache
def _ends(kind: Kind) -> Ask:
    """The values with the smallest and the largest key; which of them it is, their text decides."""

    def ask(text: pl.Expr, key: pl.Expr) -> pl.Expr:
        number = key.fill_nan(None) if kind.type is ColumnType.FLOAT else key
        return pl.struct(
            (key.null_count() > text.null_count()).alias("lost"),
            text.filter(number == number.min()).unique().implode().alias("low"),
            text.filter(number == number.max()).unique().implode().alias("high"),
        )

    return ask
