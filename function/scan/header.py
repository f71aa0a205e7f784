"""Whether the first record names the columns: it does where it differs from what stands below it."""

import math
import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from function.scan.values import Look, look

TYPED = frozenset({Look.NUMBER, Look.STAMP})
_LETTERS, _DIGITS = re.compile(r"[^\W\d_]+"), re.compile(r"\d+")
BENEFIT = 0.5  # most files have a header


def header_likelihood(first: Sequence[str], body: Sequence[Sequence[str]], quoted: Sequence[bool]) -> float:
    """How likely the first record is a header, 0 to 1.

    Args:
        first: its cells.
        body: the records below, as many as there are at hand.
        quoted: whether each of these records, the first among them, starts with a quote.
    """
    evidence = BENEFIT + _by_itself(first)
    if body and quoted[0] and not any(quoted[1:]):
        evidence += 4.0
    columns = [[record[place] for record in body if place < len(record)] for place in range(len(first))]
    series = _series(first)
    votes = [
        0.5 if place in series else _vote(cell, column)
        for place, (cell, column) in enumerate(zip(first, columns, strict=True))
    ]
    evidence += sum(votes) / max(1.0, math.sqrt(len(votes)))
    return 1 / (1 + math.exp(-evidence))


def _by_itself(first: Sequence[str]) -> float:
    """Names are short words, all different, and none is missing."""
    looks = [look(cell) for cell in first]
    filled = [cell.strip().lower() for cell in first if cell.strip()]
    evidence = 0.0
    if len(set(filled)) < len(filled):
        evidence -= 0.7
    if looks.count(Look.EMPTY) > len(first) / 2:
        evidence -= 1.0
    if all(found in TYPED or found is Look.EMPTY for found in looks):
        evidence -= 1.5
    if any(found in TYPED for found in looks) and not _series(first):
        evidence -= 0.5
    if any(found is Look.ADDRESS for found in looks):
        evidence -= 1.0
    return evidence


def _series(first: Sequence[str]) -> frozenset[int]:
    """Cells that count in equal steps behind a word, as years do: names, though they are numbers."""
    cells = [cell.strip() for cell in first]
    numbers = [place for place, cell in enumerate(cells) if cell.isdecimal() and len(cell) < 10]
    values = [int(cells[place]) for place in numbers]
    steps = {right - left for left, right in pairwise(values)}
    words = any(look(cell) is Look.WORDS for cell in first)
    return (
        frozenset(numbers) if len(values) > 2 and words and len(steps) == 1 and steps != {0} else frozenset()
    )


def _vote(cell: str, column: Sequence[str]) -> float:
    """What one column says: positive where the first cell is unlike the others."""
    filled = [other for other in column if other.strip()]
    if not filled or not cell.strip():
        return 0.0
    shape = _shape(cell)
    if "9" in shape and sum(_shape(other) == shape for other in filled) > len(filled) / 4:
        return -1.0
    common, count = Counter(map(look, filled)).most_common(1)[0]
    if count < 0.7 * len(filled):
        return 0.0
    if common in TYPED or common is Look.ADDRESS:
        return _vote_of_values(look(cell), common)
    return -0.7 if look(cell) in TYPED else _vote_of_words(cell, filled)


def _vote_of_values(own: Look, common: Look) -> float:
    """Above numbers, dates or addresses a name is a word."""
    if own is common:
        return -1.0
    return 1.5 if own in (Look.WORDS, Look.OTHER) else 0.0


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
