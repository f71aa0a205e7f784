"""Whether the first record names the columns: it does where it differs from what stands below it."""

import math
import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from function.scan.values import Look, look

TYPED = frozenset({Look.NUMBER, Look.STAMP})
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
        look(cell) in TYPED for cell in first
    ):
        evidence += 2.0  # it stands there again
    body = [record for record in body if list(record) != list(first)]
    if body and quoted[0] and not any(quoted[1:]):
        evidence += 4.0
    columns = [[record[place] for record in body if place < len(record)] for place in range(len(first))]
    series, counter = _series(first), _counter(first)
    if any(map(_series, body)):
        series = frozenset()
    if counter and sum(map(_counter, body)) <= len(body) / 4:
        return 0.95
    evidence += _by_itself(first, body, series)
    votes = [
        0.5 if place in series else _vote(cell, column)
        for place, (cell, column) in enumerate(zip(first, columns, strict=True))
    ]
    evidence += sum(votes) / max(1.0, math.sqrt(len(votes)))
    return 1 / (1 + math.exp(-evidence))


def _by_itself(first: Sequence[str], body: Sequence[Sequence[str]], series: frozenset[int]) -> float:
    """Names are short words, all different, and none is missing, unless that is so of the records too."""
    looks = [look(cell) for cell in first]
    evidence = 0.0
    if _repeats(first) and (len(body) < FEW or 4 * sum(map(_repeats, body)) >= len(body)):
        evidence -= 0.7
    if _sparse(first) and (len(body) < FEW or 2 * sum(map(_sparse, body)) < len(body)):
        evidence -= 1.0
    if series:
        return evidence
    if all(found in TYPED or found is Look.EMPTY for found in looks):
        evidence -= 1.5
    if any(found in TYPED for found in looks):
        evidence -= 0.5
    if any(found is Look.ADDRESS for found in looks):
        evidence -= 1.0
    return evidence


def _repeats(record: Sequence[str]) -> bool:
    filled = [cell.strip().lower() for cell in record if cell.strip()]
    return len(set(filled)) < len(filled)


def _sparse(record: Sequence[str]) -> bool:
    return 2 * sum(look(cell) is Look.EMPTY for cell in record) > len(record)


def _series(first: Sequence[str]) -> frozenset[int]:
    """Cells that count in equal steps behind a word or an empty corner, as years do: names, not numbers."""
    cells = [cell.strip() for cell in first]
    numbers = [place for place, cell in enumerate(cells) if cell.isdecimal() and len(cell) < 10]
    values = [int(cells[place]) for place in numbers]
    steps = {right - left for left, right in pairwise(values)}
    corner = bool(cells) and look(cells[0]) not in TYPED
    years = all(1800 <= value <= 2200 for value in values) and steps <= {-1, 1}
    enough = len(values) > 2 or (len(values) == 2 and years)
    return frozenset(numbers) if enough and corner and len(steps) == 1 and steps != {0} else frozenset()


def _counter(record: Sequence[str]) -> bool:
    """Whether most cells are one word with a number that counts along: `load_1`, `load_2`."""
    parts = [_NUMBERED.fullmatch(cell.strip()) for cell in record]
    counts = [(part[1], int(part[2])) for part in parts if part]
    if len(counts) < 2 or 3 * len(counts) < 2 * len(record):
        return False
    return all(
        word == next_word and following == number + 1
        for (word, number), (next_word, following) in pairwise(counts)
    )


def _vote(cell: str, column: Sequence[str]) -> float:
    """What one column says: positive where the first cell is unlike the others."""
    filled = [other for other in column if other.strip()]
    if not filled or not cell.strip():
        return 0.0
    if len(filled) > 1 and all(other.strip().lower() in BOOLEANS for other in filled):
        return -1.0 if cell.strip().lower() in BOOLEANS else 1.5
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
