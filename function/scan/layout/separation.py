"""Whether a delimiter parts values from each other, or stands within them."""

import re
from collections.abc import Sequence

from function.scan.layout.cells import CellShape, shape_of
from function.scan.layout.column_shapes import is_one_value, typed_columns
from function.scan.syntax.grammar import Grammar
from function.scan.syntax.tokens import Row

STRONG = ",;\t|\x01\x02\x1c\x1d\x1e\x1f"  # delimiters that part values wherever they are
WEAK = ": "  # delimiters that names, addresses and time stamps have in them


def filled(row: Row) -> bool:
    """Whether a record has anything in it."""
    return any(field.strip() for field in row.fields)


def names_values(rows: Sequence[Row], width: int) -> bool:
    """Whether the first record has three or more different words, over columns of which some have values."""
    first, *body = [row.fields for row in rows if filled(row)]
    words = all(shape_of(field) is CellShape.WORDS for field in first) and len(set(first)) == width > 2
    return words and len(body) > 2 and bool(typed_columns(body, width, 1.0))


def every_other_empty(rows: list[Row]) -> bool:
    """Whether the delimiter is but one half of a doubled one."""
    return len(rows[0].fields) > 2 and not any("".join(row.fields[1::2]) for row in rows)


def whole_lines(rows: Sequence[Row]) -> float:
    """How likely lines are one field each: less where the first has a usual delimiter."""
    lines = [row.fields[0] for row in rows]
    several = (mark for mark in ",;\t|" if mark in lines[0])
    return 0.3 if any(4 * sum(mark in line for line in lines) >= 3 * len(lines) for mark in several) else 1.0


def clean(row: Row, grammar: Grammar) -> float:
    """How much the fields of a record look like one value each."""
    if len(row.fields) == 1 and row.lines == 1 and re.search(r"\s", row.fields[0].strip()):
        return min(0.6, shape_of(row.fields[0]).clean)  # several words: perhaps several values
    return sum(_clean_field(field, grammar.delimiter) for field in row.fields) / len(row.fields)


def _clean_field(field: str, delimiter: str) -> float:
    """A field that has the delimiter, or a line end, was quoted or escaped: it is one value."""
    if delimiter in field.strip() or "\n" in field:
        return CellShape.WORDS.clean
    return shape_of(field).clean


def parts_values(grammar: Grammar, width: int, rows: Sequence[Row], regular: Sequence[Row]) -> bool:
    """Whether the delimiter stands between values, and not within names, addresses or time stamps."""
    if grammar.delimiter in STRONG or grammar.run > 1:
        return True
    lines = [grammar.delimiter.join(row.fields) for row in regular]
    if 2 * sum(map(is_one_value, lines)) > len(lines):
        return False
    if grammar.delimiter not in WEAK or any(
        grammar.delimiter in field.strip() for row in regular for field in row.fields
    ):
        return True  # and quotes around what has blanks
    typed = typed_columns([row.fields for row in (regular[1:] or regular)], width)
    first = next(row for row in rows if filled(row))
    alone = len(first.fields) == 1 and not re.search(r"\s", first.fields[0])  # the name of one column
    most = len(typed) > 1 and len(typed) > width / 2 and not alone
    return bool(typed) and (len(first.fields) == width or most)
