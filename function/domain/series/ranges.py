"""What is outside the range of a series: by median and MAD, which a few odd files do not move. Pure.

Source: Iglewicz and Hoaglin, "How to Detect and Handle Outliers", 1993.
`make seasons` measures what the factors find, and what they remark falsely.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from statistics import median

from function.domain.series.remarks import USUAL, Remark, RemarkCode, of_columns
from function.domain.series.summary import FileSummary

LEAST = 5  # files; below that there is no usual range
_FACTOR = 5.0  # of the standard deviation, estimated from the MAD
_CLOSE = 3.0  # of the same, between files that are alike
_NORMAL = 1.4826  # the standard deviation of a normal distribution in MADs
_RELATIVE = 0.10  # rows and bytes that may always be more or fewer
_SHARE = 0.02  # of a column's values that may always be missing, or not
Range = tuple[float, float]


def range_remarks(now: FileSummary, past: Sequence[FileSummary]) -> Iterator[Remark]:
    """Rows, nulls and size outside the range of the earlier files; nothing for fewer than `LEAST`."""
    yield from _amount(RemarkCode.ROWS_UNUSUAL, "rows", now, past, lambda file: file.rows)
    yield from _nulls(now, past)
    sizes = [*_amount(RemarkCode.SIZE_UNUSUAL, "bytes", now, past, lambda file: file.size)]
    if not sizes and now.rows:  # what a file has more in its fields, it may have fewer in rows
        full = [file for file in past if file.rows]
        sizes += _amount(
            RemarkCode.SIZE_UNUSUAL, "bytes a row", now, full, lambda file: file.size // file.rows
        )
    yield from sizes


def outside(value: float, earlier: Sequence[float], least: float) -> Range | None:
    """The usual range, if the value is outside it.

    Args:
        value: of the file.
        earlier: of the earlier files, `LEAST` or more, the latest first. What that one had, or
            two of them, is usual, too.
        least: how far from the median a value may always be.
    """
    middle = median(earlier)
    deviation = _NORMAL * median(abs(each - middle) for each in earlier)
    small_sample = 1 + LEAST / len(earlier)  # the MAD of a few values is often far too small
    allowed = max(_FACTOR * small_sample * deviation, least)
    close = max(_CLOSE * deviation, least)
    near = [abs(each - value) <= close for each in earlier]
    if abs(value - middle) <= allowed or near[0] or sum(near) >= USUAL:
        return None
    return middle - allowed, middle + allowed


def _amount(
    code: RemarkCode,
    noun: str,
    now: FileSummary,
    past: Sequence[FileSummary],
    of: Callable[[FileSummary], int],
) -> Iterator[Remark]:
    """Compared by its logarithm: half as much is as far from the usual as twice as much."""
    if len(past) < LEAST:
        return
    earlier = [math.log1p(of(file)) for file in past]
    least = math.log1p(_RELATIVE) + 2 / math.sqrt(
        1 + math.expm1(median(earlier))
    )  # and for small numbers more
    if span := outside(math.log1p(of(now)), earlier, least):
        low, high = (max(0, round(math.expm1(each))) for each in span)
        yield Remark(code, f"{of(now):,} {noun}, where {low:,} to {high:,} are usual.")


def _nulls(now: FileSummary, past: Sequence[FileSummary]) -> Iterator[Remark]:
    shares: dict[str, list[float]] = {}
    for file in past:
        for column in file.columns if file.rows else ():
            shares.setdefault(column.name, []).append(column.nulls / file.rows)
    unusual = []
    for column in now.columns if now.rows else ():
        earlier, share = shares.get(column.name, []), column.nulls / now.rows
        if len(earlier) >= LEAST and (
            span := outside(share, earlier, _least_share(median(earlier), now.rows))
        ):
            usual = f"{max(0.0, span[0]):.0%} to {min(1.0, span[1]):.0%}"
            unusual.append((column.name, f"{share:.0%} of {column.name!r}, where {usual} are usual"))
    yield from of_columns(RemarkCode.NULLS_UNUSUAL, "Values that are missing", unusual)


def _least_share(share: float, rows: int) -> float:
    """What chance alone makes of a share of so many rows."""
    return _SHARE + 4 * math.sqrt(share * (1 - share) / rows)
