"""Lines below the header that are no data either: more names, questions, units, dashes."""

import re
from collections.abc import Sequence

from function.scan.layout.cells import MISSING, CellShape, shape_of
from function.scan.layout.column_shapes import VALUES, columns_of
from function.scan.layout.preamble import Placed

MOST = 3  # lines of names that a table may have below the first
BODY = 100  # records that they are compared with
RECORDS = 3  # below, that prove it
ENOUGH = 6  # values below, over all columns, that prove what the columns hold

_TYPE = re.compile(
    r"(?:(?:big|small|tiny|u)?int(?:eger)?\d*|float\d*|double(?: precision)?|real|decimal|numeric|number"
    r"|bool(?:ean)?|n?(?:var)?char2?|string|str|text|date|time|datetime\d*|timestamp(?:tz)?|uuid|json|object)"
    r"(?: ?\([\d, ]+\))?",
    re.IGNORECASE,
)
_RULE = re.compile(r"\s*[:+]?[-=_*]{2,}[:+]?\s*|")


def lines_of_names(rows: Sequence[Placed], width: int) -> int:
    """How many records below the header name the columns again, or say their units.

    Args:
        rows: from the header on.
        width: of the table.
    """
    found = 0
    for place in range(1, min(MOST, len(rows) - 1) + 1):
        if not (is_rule(rows[place]) or _is_types(rows[place]) or _proves(rows, place, width)):
            break
        found = place
    return found


def odd_first_record(rows: Sequence[Placed], width: int) -> bool:
    """Whether the first record has words where the column is otherwise of numbers or times.

    Args:
        rows: the data records.
        width: of the table.
    """
    if not rows or (len(rows[0].fields) != width and rows[0].filled < 2):
        return False
    return bool(_words_over_values(rows, 0, width))


def is_rule(placed: Placed) -> bool:
    """Whether a record is a line drawn with dashes: below every name, or long enough to be no value."""
    if placed.filled == 0 or not all(map(_RULE.fullmatch, placed.fields)):
        return False
    return placed.filled == len(placed.fields) or any(len(field.strip()) > 2 for field in placed.fields)


def _is_types(placed: Placed) -> bool:
    """Whether a record names the types of the columns, as databases do."""
    return placed.filled > 1 and all(_TYPE.fullmatch(field.strip()) for field in placed.fields)


def _proves(rows: Sequence[Placed], place: int, width: int) -> bool:
    """Whether a record is words only, above at least two columns of values, of which there are enough."""
    placed = rows[place]
    if placed.fields == rows[0].fields or len(placed.fields) != width:
        return False
    if any(shape_of(field) in VALUES for field in placed.fields):
        return False
    words = _words_over_values(rows, place, width)
    below = [placed.fields for placed in rows[place + 1 :][:BODY] if len(placed.fields) == width]
    values = sum(shape_of(fields[column]) in VALUES for fields in below for column in words)
    return len(words) >= min(2, width) and len(below) >= RECORDS and values >= ENOUGH


def _words_over_values(rows: Sequence[Placed], place: int, width: int) -> list[int]:
    """Columns where a record has words, but the records below have numbers, times or addresses."""
    records = [placed.fields for placed in rows[place + 1 :][:BODY] if len(placed.fields) == width]
    fields = rows[place].fields
    words = []
    for column in columns_of(VALUES, records, width):
        if column >= len(fields) or shape_of(fields[column]) is CellShape.EMPTY:
            continue
        if not _is_name(fields[column], [record[column] for record in records]):
            return []
        words.append(column)
    return words


def _is_name(field: str, column: Sequence[str]) -> bool:
    """Whether a field is a word, and none that stands for a missing value."""
    return (
        shape_of(field) in (CellShape.WORDS, CellShape.OTHER)
        and field.strip().lower() not in MISSING
        and field not in column
    )
