"""Where the table starts: what stands above it is titles, notes and comments, and never a record."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from function.scan.layout.cells import CellShape, shape_of
from function.scan.layout.column_shapes import VALUES, columns_of
from function.scan.syntax.comments import COMMENT, NOTHING, SEPARATOR_LINE
from function.scan.syntax.tokens import Row

TITLES = 6  # lines that a title padded to the width may span
BLOCK = 30  # lines among which a gap may end a block that stands above the table
NUMBER = "#"  # a name of columns that count
PAIR = 2  # a name and its value
BELOW = 20  # records that a header is compared with


@dataclass(frozen=True, slots=True)
class Placed:
    """A record of the sample, its text, and the physical line it starts on."""

    row: Row
    text: str
    line: int

    @property
    def fields(self) -> list[str]:
        """Its values."""
        return self.row.fields

    @property
    def blank(self) -> bool:
        """Whether there is nothing on the line."""
        return not self.text.strip(NOTHING) and len(self.row.fields) == 1

    @property
    def comment(self) -> bool:
        """Whether it looks like a comment."""
        return COMMENT.match(self.text) is not None

    @property
    def filled(self) -> int:
        """How many fields are not empty."""
        return sum(bool(field.strip(NOTHING)) for field in self.row.fields)

    @property
    def alone(self) -> bool:
        """Whether there is no more than one value, as in a title."""
        return self.filled <= 1

    @property
    def names(self) -> bool:
        """Whether all of its values are words."""
        words = (CellShape.WORDS, CellShape.EMPTY)
        return self.filled > 0 and all(
            shape_of(field) in words or field.strip() == NUMBER for field in self.row.fields
        )


def start_of_table(rows: Sequence[Placed], width: int, *, titles: bool) -> int:
    """The place of the first record, be it a header or not.

    Args:
        rows: of the sample.
        width: fields of most records.
        titles: whether there may be lines above the table that have its width.
    """
    rest = 1 if rows and SEPARATOR_LINE.match(rows[0].text + "\n") else 0
    wide = [p for p in range(rest, len(rows)) if len(rows[p].fields) == width and not rows[p].blank]
    if not wide:
        return next((place for place in range(rest, len(rows)) if not rows[place].blank), 0)
    first = _below_comments(rows, wide, width)
    if titles:
        first = _below_block(rows, _below_titles(rows, first, width), width)
    return _first_of_other_width(rows, first, width)


def _below_comments(rows: Sequence[Placed], wide: Sequence[int], width: int) -> int:
    """The header below comments that happen to have its width; a header may begin like a comment itself."""
    for place in wide:
        if not rows[place].comment:
            return place if rows[place].names else wide[0]
    return wide[0]


def _below_titles(rows: Sequence[Placed], first: int, width: int) -> int:
    """The header below lines that have the width of the table, but no more than one value."""
    if width < 2 or not rows[first].alone:
        return first
    later = next((p for p in range(first, min(first + TITLES, len(rows))) if rows[p].filled > 1), first)
    header, below = rows[later], rows[later + 1 : later + 1 + BELOW]
    if len(header.fields) != width or later == first:
        return first
    if header.filled > width / 2 and width > 2:
        return later
    if not header.names:
        return first
    parted = any(rows[place].filled == 0 for place in range(first, later))
    fills = [placed.filled for placed in below if not placed.blank]
    widest = bool(fills) and max(fills) <= header.filled
    return later if widest and (parted or width > 2 or heads(rows[later:], width)) else first


def _below_block(rows: Sequence[Placed], first: int, width: int) -> int:
    """The header below a gap, where what stands above has no values in the columns that have some below.

    Instruments and banks write a block of names and values above a table that may have the same width.
    """
    gaps = [place for place in range(first, min(first + BLOCK, len(rows))) if rows[place].filled == 0]
    for gap in reversed(gaps):
        start = next((place for place in range(gap, len(rows)) if not rows[place].alone), gap)
        if not heads(rows[start:], width) or not any(map(_is_filled, rows[start : start + 2])):
            continue
        block = [placed for placed in rows[first:gap] if placed.filled]
        if width > PAIR and 2 * sum(placed.filled > PAIR for placed in block) > len(block):
            continue  # it is a table itself
        above = [placed.fields for placed in block]
        body = [placed.fields for placed in rows[start + 1 :][:BELOW] if len(placed.fields) == width]
        values = frozenset(columns_of(VALUES, body, width))
        alike = values.intersection(columns_of(VALUES, above, width, 0.5))
        pairs = width > PAIR and all(placed.filled <= PAIR for placed in block)
        if len(body) > len(above) and (pairs or not alike):
            return start
    return first


def _is_filled(placed: Placed) -> bool:
    return placed.filled == len(placed.fields)


def _first_of_other_width(rows: Sequence[Placed], first: int, width: int) -> int:
    """The first record above that belongs to the table though it is of another width.

    A record of several fields is part of the preamble only where a blank line, a comment or a line of
    one field parts it from the table, or where the line below it is the header.
    """
    usual = Counter(len(placed.fields) for placed in rows[first:])
    found = first
    for place in range(first - 1, -1, -1):
        placed = rows[place]
        if placed.blank or placed.comment or placed.alone:
            break
        if found == first and heads(rows[first:], width):
            break
        found = place
    for place, placed in enumerate(rows[:found]):
        fields = len(placed.fields)
        if 1 < fields != width and usual[fields] > usual.total() / 10:
            return place
    return found


def heads(rows: Sequence[Placed], width: int) -> bool:
    """Whether the first of the records has words above columns of numbers, dates or addresses."""
    if len(rows) < 2 or not rows[0].names or len(rows[0].fields) != width:
        return False
    records = [p.fields for p in rows[1:BELOW] if len(p.fields) == width and not p.comment]
    return any(rows[0].fields[place].strip() for place in columns_of(VALUES, records, width))


def declared_width(rows: Sequence[Placed], width: int) -> int:
    """The width that the very first record declares, where it is all names and no title above a header."""
    first = next(
        (place for place, placed in enumerate(rows) if not placed.blank and not placed.comment), None
    )
    if first is None or len(rows[first].fields) <= width or not rows[first].names:
        return width
    if heads(rows[first + 1 :], width):
        return width
    return width_by_header(rows[first], width, 1.0)


def width_by_header(header: Placed, width: int, even: float) -> int:
    """The width of a table: names may declare columns that the records leave out.

    Args:
        header: the first record.
        width: of most records.
        even: the share of records that have it.
    """
    names = len(header.fields)
    while names and not header.fields[names - 1].strip():
        names -= 1
    if names < 2 or not header.names:
        return width
    return names if names > width or (even < 0.5 and names != width) else width


def preamble_of_several_fields(rows: Sequence[Placed]) -> int:
    """The line of the first record above the table that is no title; 0 if there is none."""
    return next((placed.line for placed in rows if placed.filled > 1 and not placed.comment), 0)
