"""Whether the first record names the columns: it does where it differs from what stands below it."""

import math
import re
from collections import Counter
from collections.abc import Sequence

from function.scan.layout.cells import MISSING, TYPED, CellShape, shape_of
from function.scan.layout.numbered_names import counter_of, counts_from, numeric_names

_LETTERS, _DIGITS = re.compile(r"[^\W\d_]+"), re.compile(r"\d+")
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
    series, start = numeric_names(first, body), counter_of(first)
    if start is not None and 4 * sum(counts_from(start, record) for record in body) <= len(body):
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
