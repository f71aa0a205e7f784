"""What the cells of a column have in common, as far as the looks of a sample tell."""

import re
from collections.abc import Iterator, Sequence, Set

from function.scan.layout.cells import MISSING, CellShape, shape_of

VALUES = frozenset({CellShape.NUMBER, CellShape.STAMP, CellShape.ADDRESS})

# addresses of networks and their cards
_HEXADECIMAL = re.compile(r"(?!.*::.*::)[0-9A-Fa-f]{0,4}(:[0-9A-Fa-f]{0,4}){2,}")
_DATED = re.compile(r"(\w{3},? )?(\w{3} \d{1,2}|\d{1,2} \w{3})\b.*\d\d:\d\d.*")  # as mail and logs have it
_PHONE = re.compile(r"(?:\+|00|\()[\d()][\d ()/.-]{5,18}\d")


def is_one_value(line: str) -> bool:
    """Whether a whole line is one number, time stamp or address, though it has marks in it."""
    text = line.strip()
    return shape_of(text) in VALUES or any(form.fullmatch(text) for form in (_HEXADECIMAL, _DATED, _PHONE))


def typed_columns(records: Sequence[Sequence[str]], width: int, share: float = 0.8) -> frozenset[int]:
    """Columns of numbers, times or addresses, but for the odd cell."""
    return frozenset(columns_of(VALUES, records, width, share))


def columns_of(
    shapes: Set[CellShape], records: Sequence[Sequence[str]], width: int, share: float = 0.9
) -> Iterator[int]:
    """Columns of which that share of the filled cells has one of the looks, each when its turn comes."""
    for place in range(width):
        cells = [record[place] for record in records if place < len(record)]
        found = [shape_of(cell) for cell in cells if cell.strip().lower() not in MISSING]
        filled = len(found) - found.count(CellShape.EMPTY)
        if filled and sum(map(found.count, shapes)) >= share * filled:
            yield place
