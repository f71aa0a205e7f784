"""Lines that are no records, among a table's records or behind them: left out, or told by a warning."""

from collections.abc import Callable

from hypothesis import assume, given
from hypothesis import strategies as st

from function.domain.content import Use
from function.domain.findings import Finding
from tests.unit.support.typed_tables import (
    DELIMITERS,
    LETTERS,
    Table,
    profile,
    typed,
    typed_tables,
    written,
)


@given(typed_tables(), DELIMITERS, st.integers(0, 3), st.booleans())
def test_a_header_that_stands_again_is_doubted(
    table: Table, delimiter: str, place: int, quoted: bool
) -> None:
    lines = written(table, delimiter).splitlines(keepends=True)
    again = written([table[0]], delimiter, all_quoted=quoted)
    found = profile("".join([*lines[: place + 1], again, *lines[place + 1 :]]))
    assert found.findings[Finding.REPEATED_HEADER] == 1
    assert found.rows == len(table)


@given(typed_tables(), DELIMITERS, st.integers(0, 3), st.sampled_from([str.upper, str.lower]), st.booleans())
def test_a_header_that_stands_again_in_other_letters_is_doubted(
    table: Table, delimiter: str, place: int, spelled: Callable[[str], str], padded: bool
) -> None:
    assume(2 * len(typed(table)) >= len(table[0]))  # else few short records tell little of what a name is
    again = [f" {spelled(name)} " if padded else spelled(name) for name in table[0]]
    found = profile(written([*table[: place + 1], again, *table[place + 1 :]], delimiter))
    again_found = (Finding.REPEATED_HEADER, Finding.SECOND_HEADER)  # right below it, it is a second header
    assert sum(found.findings.get(finding, 0) for finding in again_found) == 1


@given(typed_tables(), DELIMITERS, st.integers(1, 3), st.integers(2, 9))
def test_lines_of_delimiters_part_tables(table: Table, delimiter: str, gap: int, rows: int) -> None:
    width = len(table[0])
    assume(any(cell.replace(".", "").isdecimal() for cell in table[1]))
    other = [[f"column{LETTERS[place]}" for place in range(width)], *([["x", *["1"] * (width - 1)]] * rows)]
    text = written(table, delimiter) + (delimiter * (width - 1) + "\n") * gap + written(other, delimiter)
    found = profile(text)
    assert found.warnings
    if found.rows == rows >= len(table):  # the larger table may be the one that is read, and that is said
        assert found.findings[Finding.WIDE_PREAMBLE]
        return
    assert found.rows == len(table) - 1
    assert found.records.lines[Use.OTHER_TABLE] == rows + 1


@given(
    typed_tables(),
    DELIMITERS,
    st.sampled_from(["-- end --", "30 records", "provisional figures", "(3 rows)"]),
)
def test_a_last_line_of_one_field_is_doubted(table: Table, delimiter: str, note: str) -> None:
    found = profile(written(table, delimiter) + note + "\n")
    assert found.rows == len(table)
    assert found.findings[Finding.TRAILER] == 1


@given(
    typed_tables(least_rows=12, most_rows=20, least_width=3),
    DELIMITERS,
    st.sampled_from(
        ["Source: the office", "T", "* provisional", "Figures are provisional", "© the office 2020"]
    ),
    st.integers(1, 3),
)
def test_a_note_at_the_end_is_doubted_whatever_its_width(
    table: Table, delimiter: str, note: str, width: int
) -> None:
    found = profile(written([*table, [note, *[""] * (width - 1)]], delimiter))
    assert found.rows == len(table)
    assert found.warnings or (width == len(table[0]) and 0 not in typed(table))


@given(typed_tables(least_rows=6), DELIMITERS, st.integers(2, 4))
def test_a_line_of_one_field_among_records_is_doubted(table: Table, delimiter: str, place: int) -> None:
    lines = written(table, delimiter).splitlines(keepends=True)
    found = profile("".join([*lines[:place], "Page 1 of 2\n", *lines[place:]]))
    assert found.rows == len(table)
    assert found.findings[Finding.NOTE] == 1


@given(typed_tables(least_rows=5, least_width=3), DELIMITERS, st.integers(2, 5), st.integers(1, 2))
def test_a_line_feed_within_a_field_is_doubted_where_lines_end_otherwise(
    table: Table, delimiter: str, row: int, column: int
) -> None:
    table[row][column] = "one\ntwo"
    text = "".join(delimiter.join(cells) + "\r\n" for cells in table)
    found = profile(text)
    assert found.rows == len(table)
    assert found.findings[Finding.BROKEN_RECORD] >= 1


@given(
    typed_tables(),
    DELIMITERS,
    st.sampled_from(
        ["Total", "TOTAL:", "Grand total", "Total: all", "Transactions Total", "Summe", "Итого", "合計"]
    ),
)
def test_a_last_record_that_is_a_total_is_doubted(table: Table, delimiter: str, word: str) -> None:
    found = profile(written([*table, [word, *table[-1][1:]]], delimiter))
    assert found.rows == len(table)
    assert found.findings[Finding.TOTAL] == 1
