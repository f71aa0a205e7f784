"""The columns of a batch, as polars reads them."""

import codecs
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

import polars as pl
from polars.exceptions import PanicException, PolarsError

from function.domain.errors import DefectError
from function.scan.profile.distinct import FULL, Sketch
from function.scan.profile.kinds.candidates import FEW, SAMPLE
from function.scan.profile.matching import Fit, blanks, fit
from function.scan.profile.queries import Ask, Question, answers, is_wide
from function.scan.profile.repeats import different, repeated
from function.scan.profile.summary import ColumnSummary
from function.scan.records.batch import Batch

AT_ONCE = 500  # columns that polars is asked of in one query: each takes about 50 KB in its plan


def hashes(texts: Collection[str]) -> Iterable[int]:
    """What stands for texts in a sketch."""
    return pl.Series(list(texts), dtype=pl.String).hash(seed=0)


def summarise(batch: Batch, known: Sequence[ColumnSummary]) -> list[ColumnSummary]:
    """Summarise the columns of a batch.

    Args:
        batch: its records.
        known: what is known of each column so far: kinds that are already out are not tried again.

    Returns:
        One summary for each column, of this batch alone but for the kinds that `known` rules out.

    Raises:
        DefectError: polars gave up, which is no verdict on the file.
    """
    try:
        frame = _frame(batch, len(known))
        return [
            summary
            for start in range(0, frame.width, AT_ONCE)
            for summary in _summaries(frame[:, start : start + AT_ONCE], known[start : start + AT_ONCE])
        ]
    except (PolarsError, PanicException) as error:  # a panic is no Exception
        raise DefectError(f"{type(error).__name__} of polars") from None  # its words may be words of the file


def _summaries(frame: pl.DataFrame, known: Sequence[ColumnSummary]) -> list[ColumnSummary]:
    columns = dict(zip(frame.columns, known, strict=True))
    often = repeated(frame, [column.distinct.estimate for column in known])
    found: dict[str, tuple[Mapping[str, Any], Fit]] = {}
    if often:
        found |= _looked_at(different(frame.select(often)), columns)
    if rest := [name for name in columns if name not in found]:
        found |= _looked_at(frame.select(rest), columns)
    nulls = frame.null_count().row(0)
    return [
        _summary(frame[name], empty, *found[name], column.distinct.size)
        for (name, column), empty in zip(columns.items(), nulls, strict=True)
    ]


def _looked_at(
    frame: pl.DataFrame, columns: Mapping[str, ColumnSummary]
) -> dict[str, tuple[Mapping[str, Any], Fit]]:
    """What the text of each column is, and the kinds of its values."""
    wide = is_wide(frame)
    known = {name: columns[name] for name in frame.columns}
    questions = [
        Question(name, _texts(FULL if wide else column.distinct.threshold, column.distinct.size))
        for name, column in known.items()
    ]
    texts = dict(zip(known, answers(frame, questions), strict=True))
    few = {name: text["few"] for name, text in texts.items()}
    fits = fit(frame, few, {name: column.kinds for name, column in known.items() if column.kinds})
    return {name: (text, fits.get(name, Fit({}))) for name, text in texts.items()}


@lru_cache(maxsize=256)
def _texts(threshold: int, size: int) -> Ask:
    def ask(text: pl.Expr, _: pl.Expr) -> pl.Expr:
        hashes = text.drop_nulls().hash(seed=0)
        smallest = hashes.filter(hashes <= threshold) if threshold < FULL else hashes
        return pl.struct(
            text.min().alias("min"),
            text.max().alias("max"),
            text.str.len_bytes().max().alias("longest"),
            smallest.unique().bottom_k(size).implode().alias("hashes"),
            text.head(SAMPLE).drop_nulls().head(FEW).implode().alias("few"),
        )

    return ask


def _summary(column: pl.Series, nulls: int, text: Mapping[str, Any], found: Fit, size: int) -> ColumnSummary:
    if nulls == len(column):
        return ColumnSummary(nulls=nulls, distinct=Sketch(size=size))
    extent = (text["min"], text["max"])
    in_order = found.text if found.padded else extent
    return ColumnSummary(
        len(column) - nulls,
        nulls,
        extent,
        text["longest"],
        Sketch.of(text["hashes"], size),
        {kind: own if kind.key else in_order for kind, own in found.kinds.items()},
        found.padded,
        blanks(column) if found.blank else 0,
    )


def _frame(batch: Batch, width: int) -> pl.DataFrame:
    # polars takes one mark off, and unpacks what starts like compressed bytes: `x^` and `x\x01` do, of zlib
    mark = codecs.BOM_UTF8 if batch.data.startswith((codecs.BOM_UTF8, b"x")) else b""
    frame = pl.read_csv(
        mark + batch.data if mark else batch.data,
        has_header=False,
        separator=batch.delimiter,
        quote_char=batch.quote,
        schema={str(number): pl.String for number in range(width)},
        empty_string_is_null=True,
    )
    if batch.quote is None or 2 * batch.quote.encode() not in batch.data:
        return frame
    return frame.with_columns(
        pl.when(pl.all() != "").then(pl.all())
    )  # also where it is quoted, empty is null
