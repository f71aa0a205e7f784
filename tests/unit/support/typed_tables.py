"""Tables with a header over typed columns, written and read back."""

import csv
import io
import string
from typing import Literal

from hypothesis import assume
from hypothesis import strategies as st

from function.domain.content import Profile
from function.scan.layout.cells import MISSING
from tests.unit.support.tables import read

Table = list[list[str]]


LETTERS = string.ascii_lowercase


WORD = st.text(LETTERS, min_size=3, max_size=9)


NAME = st.builds(lambda a, b: f"{a}{b}", WORD, st.sampled_from(["", "_id", " of", "Code", "s"]))


COLUMNS: tuple[st.SearchStrategy[str], ...] = (
    st.integers(0, 9999).map(str),
    st.decimals(0, 99, places=2).map(str),
    st.dates().map(str),
    st.times().map(lambda time: time.strftime("%H:%M:%S")),
)


WORDS = st.builds(lambda a, b: f"{a} {b}".strip(), WORD, st.sampled_from(["", "and more", "ltd", "street"]))


DELIMITERS = st.sampled_from(",;\t|")


LINE_ENDS = st.sampled_from(["\n", "\r\n"])


@st.composite
def typed_tables(draw: st.DrawFn, least_rows: int = 3, most_rows: int = 12, least_width: int = 2) -> Table:
    """Names over columns of one type each, at least one of them of numbers or times; no name is a value too."""
    width = draw(st.integers(least_width, 6))
    typed = draw(st.sets(st.integers(0, width - 1), min_size=1))
    kinds = [draw(st.sampled_from(COLUMNS)) if place in typed else WORDS for place in range(width)]
    names = draw(st.lists(NAME, min_size=width, max_size=width, unique=True))
    rows = draw(st.lists(st.tuples(*kinds), min_size=least_rows, max_size=most_rows))
    cells = {cell.split(" ")[0] for row in rows for cell in row}
    assume(not any(name.lower() in MISSING or name[:3] in cells or name in cells for name in names))
    return [names, *map(list, rows)]


def written(rows: Table, delimiter: str = ",", line_end: str = "\n", *, all_quoted: bool = False) -> str:
    text = io.StringIO(newline="")
    quoting: Literal[0, 1] = 1 if all_quoted else 0  # csv.QUOTE_ALL, csv.QUOTE_MINIMAL
    csv.writer(text, delimiter=delimiter, lineterminator=line_end, quoting=quoting).writerows(rows)
    return text.getvalue()


def profile(text: str) -> Profile:
    result = read(text.encode())
    assert result.error is None
    assert result.profile is not None
    return result.profile


def is_right(found: Profile, table: Table) -> bool:
    return found.rows == len(table) - 1 and [column.name for column in found.columns] == table[0]


def typed(table: Table) -> list[int]:
    return [place for place, cell in enumerate(table[1]) if cell[0].isdigit()]
