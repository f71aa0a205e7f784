"""A file beside the earlier ones of its series. Pure."""

from collections.abc import Iterator, Sequence

from function.domain.series.columns import column_remarks
from function.domain.series.ranges import range_remarks
from function.domain.series.remarks import USUAL, Remark, RemarkCode
from function.domain.series.summary import FileSummary
from function.domain.series.types import type_remarks

MOST_FILES = 20


def compare(now: FileSummary, past: Sequence[FileSummary]) -> tuple[Remark, ...]:
    """What is unlike; at most one remark of each code.

    Args:
        now: the file.
        past: the latest earlier ones, at most `MOST_FILES`, the latest first.
    """
    if not past:
        return ()
    return (
        *column_remarks(now, past),
        *type_remarks(now, past),
        *range_remarks(now, past),
        *_same_bytes(now, past),
    )


def _same_bytes(now: FileSummary, past: Sequence[FileSummary]) -> Iterator[Remark]:
    same = [file for file in past if file.digest == now.digest]
    if 1 <= len(same) < USUAL:
        yield Remark(
            RemarkCode.SAME_BYTES, f"The same bytes as {same[0].key!r}, uploaded at {same[0].uploaded_at}."
        )
