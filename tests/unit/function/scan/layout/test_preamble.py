"""Lines above a table: none is taken for a record, and no record for one of them."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.support.typed_tables import (
    DELIMITERS,
    WORD,
    Table,
    is_right,
    profile,
    typed_tables,
    written,
)


@given(typed_tables(least_rows=4), DELIMITERS, st.data())
def test_no_record_is_taken_for_preamble_without_a_word(
    table: Table, delimiter: str, data: st.DataObject
) -> None:
    widths = [data.draw(st.integers(2, 8)) for _ in table[1:]]
    rows = [(row * 4)[:width] for row, width in zip(table[1:], widths, strict=True)]
    found = profile(written([table[0], *rows], delimiter))
    assert found.rows == len(rows) or found.warnings


TITLES: tuple[Callable[[int, str], str], ...] = (
    lambda width, d: "Report of the harvest\n",
    lambda width, d: "Report of the harvest\n\n",
    lambda width, d: "Report of the harvest" + d * (width - 1) + "\n",
    lambda width, d: "Report of the harvest" + d * (width - 1) + "\n" + d * (width - 1) + "\n",
    lambda width, d: (
        '"Report of the harvest, north"' + d * (width - 1) + "\nMay 2020" + d * (width - 1) + "\n"
    ),
    lambda width, d: "# made by a program\n# on a day\n",
    lambda width, d: f"Report{d}harvest{d}north{d}field{d}x{d}y{d}z\n",
    lambda width, d: f"Report{d}harvest\n\n",
)


@pytest.mark.parametrize("title", TITLES)
@given(table=typed_tables(), delimiter=DELIMITERS)
def test_titles_are_no_records(title: Callable[[int, str], str], table: Table, delimiter: str) -> None:
    found = profile(title(len(table[0]), delimiter) + written(table, delimiter))
    assert is_right(found, table) or found.warnings


@given(typed_tables(), DELIMITERS, st.integers(1, 8), st.integers(0, 12))
def test_comments_have_no_part_in_the_dialect(table: Table, delimiter: str, before: int, behind: int) -> None:
    comments = [f"# note {n}; by hand, of {n}|x" for n in range(before + behind)]
    text = "".join(line + "\n" for line in comments[:before]) + written(table, delimiter)
    found = profile(text + "".join(line + "\n" for line in comments[before:]))
    assert is_right(found, table)


@given(typed_tables(), st.sampled_from(";,|\t"), st.booleans())
def test_the_word_of_the_delimiter_is_no_record(table: Table, delimiter: str, quoted: bool) -> None:
    word = f'"sep={delimiter}"' if quoted else f"sep={delimiter}"
    assert is_right(profile(f"{word}\r\n" + written(table, delimiter, "\r\n")), table)


@given(
    st.lists(st.tuples(WORD, WORD), min_size=1, max_size=5),
    typed_tables(least_rows=7, least_width=2),
    DELIMITERS,
    st.booleans(),
)
def test_a_block_of_names_and_values_above_a_gap_is_no_record(
    block: list[tuple[str, str]], table: Table, delimiter: str, padded: bool
) -> None:
    width = len(table[0]) if padded else 2
    above = [[name, value, *[""] * (width - 2)] for name, value in block]
    gap = delimiter * (width - 1) + "\n" if padded else "\n"
    found = profile(written(above, delimiter) + gap + written(table, delimiter))
    assert is_right(found, table) or found.warnings
