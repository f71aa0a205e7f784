"""Whether the first record names the columns: it does where it differs from what stands below it."""

import math
import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from function.scan.layout.cells import MISSING, CellShape, shape_of

TYPED = frozenset({CellShape.NUMBER, CellShape.STAMP})
_LETTERS, _DIGITS = re.compile(r"[^\W\d_]+"), re.compile(r"\d+")
_NUMBERED = re.compile(r"(.*\D)(\d{1,6})")
BENEFIT = 0.5  # most files have a header
FEW = 3  # records that prove little of what is usual
BOOLEANS = frozenset(
    ["true", "false", "yes", "no", "y", "n", "t", "f", "ja", "nein", "oui", "non", "si", "da"]
)


def header_likelihood(first: Sequence[str], body: Sequence[Sequence[str]], quoted: Sequence[bool]) -> float:
    """How likely the first record is a header, 0 to 1.

    Args:
        first: its cells.
        body: the records below, as many as there are at hand.
        quoted: whether each of these records, the first among them, starts with a quote.
    """
    evidence = BENEFIT
    if any(list(record) == list(first) for record in body[:2]) and not any(
        shape_of(cell) in TYPED for cell in first
    ):
        evidence += 2.0  # it stands there again
    body = [record for record in body if list(record) != list(first)]
    if body and quoted[0] and not any(quoted[1:]):
        evidence += 4.0
    columns = [[record[place] for record in body if place < len(record)] for place in range(len(first))]
    series, counter = _names_in_numbers(first, body), _counter(first)
    if counter is not None and 4 * sum(_counts_as(counter, record) for record in body) <= len(body):
        return 0.95
    evidence += _by_itself(first, body, columns, series)
    votes = [
        0.5 if place in series else _vote(cell, column)
        for place, (cell, column) in enumerate(zip(first, columns, strict=True))
    ]
    evidence += sum(votes) / max(1.0, math.sqrt(len(votes)))
    return 1 / (1 + math.exp(-evidence))


def _by_itself(
    first: Sequence[str],
    body: Sequence[Sequence[str]],
    columns: Sequence[Sequence[str]],
    series: frozenset[int],
) -> float:
    """Names are short words, all different, and none is missing, unless that is so of the records too."""
    evidence = 0.0
    if _repeats(first) and (len(body) < FEW or 4 * sum(map(_repeats, body)) >= len(body)):
        evidence -= 0.7
    if _sparse(first) and (len(body) < FEW or 2 * sum(map(_sparse, body)) < len(body)):
        evidence -= 1.0
    if (
        len(columns) > 1
        and len(body) > 1
        and not first[0].strip()
        and all(cell.strip() for cell in columns[0])
    ):
        evidence += 1.5  # an empty corner
    if series:
        return evidence
    alike = [
        place
        for place, cell in enumerate(first)
        if shape_of(cell) in TYPED and _common(columns[place]) in (shape_of(cell), None)
    ]
    if alike:
        evidence -= 0.5 if body else 1.5
        filled = sum(shape_of(cell) is not CellShape.EMPTY for cell in first)
        evidence -= 1.5 if len(alike) == filled else 0.0
    if any(shape_of(cell) is CellShape.ADDRESS for cell in first):
        evidence -= 1.0
    return evidence


def _common(column: Sequence[str]) -> CellShape | None:
    """The look of most cells of a column; None if all are empty."""
    shapes = Counter(shape_of(cell) for cell in column)
    del shapes[CellShape.EMPTY]
    return shapes.most_common(1)[0][0] if shapes else None


def _repeats(record: Sequence[str]) -> bool:
    filled = [cell.strip().lower() for cell in record if cell.strip()]
    return len(set(filled)) < len(filled)


def _sparse(record: Sequence[str]) -> bool:
    return 2 * sum(shape_of(cell) is CellShape.EMPTY for cell in record) > len(record)


def _names_in_numbers(first: Sequence[str], body: Sequence[Sequence[str]]) -> frozenset[int]:
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


def _counter(record: Sequence[str]) -> int | None:
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


def _counts_as(start: int, record: Sequence[str]) -> bool:
    """Whether a record counts along too; from 0 or 1, as names do, only where it begins there itself."""
    own = _counter(record)
    return own is not None and (start > 1 or own <= 1)


def _vote(cell: str, column: Sequence[str]) -> float:
    """What one column says: positive where the first cell is unlike the others."""
    filled = [
        other for other in column if shape_of(other) is not CellShape.EMPTY and other.lower() not in MISSING
    ]
    if not filled or not cell.strip():
        return 0.0
    if all(other.strip().lower() in BOOLEANS for other in filled):
        return -1.0 if cell.strip().lower() in BOOLEANS else 1.5
    shape = _shape(cell)
    if "9" in shape and sum(_shape(other) == shape for other in filled) > len(filled) / 4:
        return -1.0
    common, count = Counter(map(shape_of, filled)).most_common(1)[0]
    if count < 0.7 * len(filled):
        return 0.0
    if common in TYPED or common is CellShape.ADDRESS:
        return _vote_of_values(shape_of(cell), common)
    return -0.7 if shape_of(cell) in TYPED else _vote_of_words(cell, filled)


def _vote_of_values(own: CellShape, common: CellShape) -> float:
    """Above numbers, dates or addresses a name is a word."""
    if own is common:
        return -1.0
    if own is CellShape.STAMP and common is CellShape.NUMBER:
        return 1.0
    return 1.5 if own in (CellShape.WORDS, CellShape.OTHER) else 0.0


def _shape(cell: str) -> str:
    """Letters and digits as one of each: codes are told by it."""
    return _DIGITS.sub("9", _LETTERS.sub("a", cell.strip()))


def _vote_of_words(cell: str, filled: Sequence[str]) -> float:
    """Among words, a name is told by its length and by not being one of the values."""
    if cell in filled:
        return -1.0
    lengths = [len(other) for other in filled]
    mean = sum(lengths) / len(lengths)
    spread = math.sqrt(sum((length - mean) ** 2 for length in lengths) / len(lengths))
    if len(filled) > 2 and abs(len(cell) - mean) > 2 * spread + 1:
        return 0.4
    return 0.1 if len(set(filled)) < len(filled) else 0.0
