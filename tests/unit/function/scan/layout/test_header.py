"""Names above columns: a table is written with a header of some form, and read back."""

from hypothesis import given
from hypothesis import strategies as st

from function.domain.findings import Finding
from tests.unit.support.typed_tables import (
    DELIMITERS,
    LETTERS,
    LINE_ENDS,
    WORD,
    Table,
    is_right,
    profile,
    typed,
    typed_tables,
    written,
)


@given(typed_tables(), DELIMITERS, LINE_ENDS, st.booleans())
def test_an_ordinary_table_is_read_without_a_warning(
    table: Table, delimiter: str, line_end: str, all_quoted: bool
) -> None:
    found = profile(written(table, delimiter, line_end, all_quoted=all_quoted))
    assert is_right(found, table)
    assert not found.warnings


@given(typed_tables(), DELIMITERS, LINE_ENDS, st.data())
def test_a_line_of_units_is_left_out_or_doubted(
    table: Table, delimiter: str, line_end: str, data: st.DataObject
) -> None:
    units = [data.draw(st.sampled_from(["kg", "m/s", "degC", "percent", "int", "(mm)"])) for _ in table[0]]
    found = profile(written([table[0], units, *table[1:]], delimiter, line_end))
    assert found.warnings
    assert is_right(found, table) or found.rows == len(table)
    if len(typed(table)) > 1:
        assert is_right(found, table)
        assert found.findings[Finding.SECOND_HEADER] == 1


@given(typed_tables(least_width=3), DELIMITERS)
def test_names_of_groups_above_the_names_are_doubted(table: Table, delimiter: str) -> None:
    groups = ["", "inner", "", "outer", "", "last"][: len(table[0])]
    found = profile(written([groups, *table], delimiter))
    assert found.rows == len(table) - 1 or found.warnings


@given(typed_tables(), DELIMITERS, st.sampled_from("-=_"), st.integers(2, 9))
def test_a_line_of_dashes_is_left_out(table: Table, delimiter: str, mark: str, size: int) -> None:
    found = profile(written([table[0], [mark * size for _ in table[0]], *table[1:]], delimiter))
    assert is_right(found, table)
    assert found.warnings


@given(
    st.lists(st.integers(1990, 2020), min_size=1, max_size=1), st.integers(2, 5), DELIMITERS, st.booleans()
)
def test_years_are_names(start: list[int], width: int, delimiter: str, corner: bool) -> None:
    years = [str(start[0] + place) for place in range(width)]
    table = [["region" if corner else "", *years]] + [
        [place, *(str(7 * number + len(place)) for number in range(width))]
        for place in ("North", "South", "West")
    ]
    found = profile(written(table, delimiter))
    assert found.rows == 3
    assert [column.name for column in found.columns][1:] == years


@given(WORD, st.integers(2, 6), st.integers(1, 5), DELIMITERS)
def test_names_with_a_counter_are_names(word: str, width: int, rows: int, delimiter: str) -> None:
    names = [f"{word}{place}" for place in range(1, width + 1)]
    body = [[f"{LETTERS[place]}{word}{row + place * 3}" for place in range(width)] for row in range(rows)]
    found = profile(written([names, *body], delimiter))
    assert is_right(found, [names, *body])


@given(typed_tables(), DELIMITERS, LINE_ENDS)
def test_a_header_that_ends_in_a_delimiter_is_kept(table: Table, delimiter: str, line_end: str) -> None:
    first, _, rest = written(table, delimiter, line_end).partition(line_end)
    assert is_right(profile(first + delimiter + line_end + rest), table)


@given(st.lists(st.tuples(WORD, WORD, WORD), min_size=2, max_size=9), DELIMITERS)
def test_a_header_over_words_that_ends_in_a_delimiter_is_kept(rows: Table, delimiter: str) -> None:
    first, _, rest = written([["city", "country", "river"], *rows], delimiter).partition("\n")
    assert is_right(profile(first + delimiter + "\n" + rest), [["city", "country", "river"], *rows])


@given(typed_tables(least_width=3), DELIMITERS, st.integers(1, 2))
def test_a_header_wider_than_the_records_declares_columns(table: Table, delimiter: str, more: int) -> None:
    names = [*table[0], *["extra", "remark"][:more]]
    found = profile(written([names, *table[1:]], delimiter))
    assert found.rows == len(table) - 1
    assert [column.name for column in found.columns] == names
