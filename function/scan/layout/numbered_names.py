"""Cells that name columns though they are numbers, such as years, or end in one: load_1, load_2."""

import re
from collections.abc import Sequence
from itertools import pairwise

from function.scan.layout.cells import TYPED, shape_of

_NUMBERED = re.compile(r"(.*\D)(\d{1,6})")


def numeric_names(first: Sequence[str], body: Sequence[Sequence[str]]) -> frozenset[int]:
    """Cells that are names though numbers: years, or such as grow along the record, as no record below."""
    years = _are_years(first) and _way(first) != 0
    if shape_of(first[0]) in TYPED and not years:
        return frozenset()
    places = frozenset(place for place, cell in enumerate(first) if _number(cell) is not None)
    below = [[record[place] for place in places if place < len(record)] for record in body]
    own = [first[place] for place in sorted(places)]
    if _are_years(own) and 4 * sum(map(_are_years, below)) <= len(below):
        return places
    way = _way(own)
    return (
        places
        if way and body and 4 * sum(_way(cells) == way for cells in below) <= len(below)
        else frozenset()
    )


def _number(cell: str) -> float | None:
    text = cell.strip().removesuffix("%")
    return float(text) if len(text) < 10 and text.isascii() and text.replace(".", "", 1).isdecimal() else None


def _are_years(cells: Sequence[str]) -> bool:
    return bool(cells) and all(
        cell.strip().isdecimal() and 1800 <= (_number(cell) or 0) <= 2200 for cell in cells
    )


def _way(cells: Sequence[str]) -> int:
    """Whether at least three numbers grow, 1, or get smaller, -1, from one to the next."""
    values = [value for value in map(_number, cells) if value is not None]
    steps = [right - left for left, right in pairwise(values)]
    if len(values) < len(cells) or len(values) < 3:
        return 0
    return (min(steps) > 0) - (max(steps) < 0)


def counter_of(record: Sequence[str]) -> int | None:
    """Where most cells begin to count, if they are one word with a number: `load_1`, `load_2`."""
    parts = [_NUMBERED.fullmatch(cell.strip()) for cell in record]
    counts = [(part[1], int(part[2])) for part in parts if part]
    if len(counts) < 2 or 3 * len(counts) < 2 * len(record):
        return None
    along = all(
        word == next_word and following == number + 1
        for (word, number), (next_word, following) in pairwise(counts)
    )
    return counts[0][1] if along else None


def counts_from(start: int, record: Sequence[str]) -> bool:
    """Whether a record counts along too; from 0 or 1, as names do, only where it begins there itself."""
    own = counter_of(record)
    return own is not None and (start > 1 or own <= 1)
