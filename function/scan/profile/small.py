"""The columns of a small file, without polars: to load that takes longer than to profile a thousand values.

The same summaries as `columns` makes, but for the hashes in their sketches, which tell the values of one file
apart and no more: all batches of a file are summarised in one way.
"""

import csv
import io
from collections.abc import Iterable, Sequence
from decimal import Decimal

from function.domain.errors import DefectError
from function.scan.profile.distinct import FULL, Sketch
from function.scan.profile.kinds.candidates import BLANKS, FEW, SAMPLE, possible
from function.scan.profile.kinds.kind import Kind, narrowest
from function.scan.profile.summary import ColumnSummary, Range, extremes
from function.scan.records.batch import Batch

BYTES = 64 * 1024  # of a small file, at most; beyond it polars is as fast, once it is loaded
RECORDS = 1000  # a sketch counts so many values exactly, in a table of any width


def is_small(text: bytes) -> bool:
    """Whether a file that has no other text than this is small."""
    return len(text) <= BYTES and text.count(b"\n") + text.count(b"\r") < RECORDS


def hashes(texts: Iterable[str]) -> set[int]:
    """What stands for texts in a sketch."""
    return {hash(text) & FULL for text in texts}


def summarise(batch: Batch, known: Sequence[ColumnSummary]) -> list[ColumnSummary]:
    """One summary for each column of a batch; see `columns.summarise`.

    Raises:
        DefectError: the batch is not in canonical form.
    """
    try:
        columns = list(zip(*_records(batch), strict=True))
        return [_summary(fields, column) for fields, column in zip(columns, known, strict=True)]
    except (csv.Error, ValueError) as error:  # a ValueError of records that are not of one width
        raise DefectError(f"records cannot be read again: {error}") from error


def _records(batch: Batch) -> Iterable[list[str]]:
    return csv.reader(
        io.StringIO(batch.data.decode(), newline="\n"),
        delimiter=batch.delimiter,
        quotechar=batch.quote,
        quoting=csv.QUOTE_MINIMAL if batch.quote else csv.QUOTE_NONE,
        strict=True,
    )


def _summary(fields: Sequence[str], known: ColumnSummary) -> ColumnSummary:
    values, size = [text for text in fields if text], known.distinct.size
    nulls = len(fields) - len(values)
    if not values:
        return ColumnSummary(nulls=nulls, distinct=Sketch(size=size))
    few = [text for text in fields[:SAMPLE] if text][:FEW]
    held, texts, padded = _holding(values, few, known.kinds)
    spans = {kind: _span(texts, kind) for kind in held if not any(map(kind.overflows, texts))}
    padded = padded and bool(spans)
    return ColumnSummary(
        len(values),
        nulls,
        (min(values), max(values)),
        max(len(text.encode()) for text in values),
        Sketch.of(hashes(values), size),
        spans,
        padded,
        len(values) - len(texts) if padded else 0,
    )


def _holding(
    values: list[str], few: Sequence[str], kinds: Iterable[Kind]
) -> tuple[list[Kind], list[str], bool]:
    """The narrowest kinds that all values match; the values as they were tried; whether without blanks."""
    held: list[Kind] = []
    pending = possible(few, kinds)
    padded = bool(pending) and _is_padded(few)
    texts = _stripped(values) if padded else values
    while pending:
        failed = [kind for kind in pending if not all(map(kind.may_be, texts))]
        held += [kind for kind in pending if kind not in failed]
        if failed and not held and not padded and _is_padded(texts):
            padded, texts, pending = True, _stripped(texts), failed
        else:
            pending = possible(few, (wider for kind in failed for wider in kind.wider))
    return narrowest(held), texts, padded


def _is_padded(texts: Iterable[str]) -> bool:
    return any(text != text.strip(BLANKS) for text in texts)


def _stripped(texts: Iterable[str]) -> list[str]:
    """The texts without the blanks around them, as far as they have anything else."""
    return [text for text in (each.strip(BLANKS) for each in texts) if text]


def _span(texts: Iterable[str], kind: Kind) -> Range | None:
    """The smallest and the largest, as far as the kind orders them: NaN has no place."""
    ordered = {text for text in texts if not (kind.order and _is_nan(kind.order(text)))}
    return extremes(ordered, ordered, kind) if ordered else None


def _is_nan(order: object) -> bool:
    return isinstance(order, Decimal) and order.is_nan()
