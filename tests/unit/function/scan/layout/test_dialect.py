"""Delimiters and quotes: a table is written in some dialect, and read back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from function.domain.findings import Finding
from tests.unit.support.typed_tables import (
    DELIMITERS,
    LINE_ENDS,
    WORD,
    Table,
    is_right,
    profile,
    typed_tables,
    written,
)


@pytest.mark.parametrize("error", ["#N/A", "#DIV/0!", "#REF!", "#VALUE!", "#NAME?", "#NULL!", "#NUM!"])
@given(table=typed_tables(), delimiter=DELIMITERS, row=st.integers(1, 3))
def test_errors_of_a_spreadsheet_are_values(error: str, table: Table, delimiter: str, row: int) -> None:
    table[row][0] = error
    assert is_right(profile(written(table, delimiter)), table)


ONE_COLUMN: tuple[st.SearchStrategy[str], ...] = (
    st.builds(lambda a, b: f"{a.title()} {b.title()}", WORD, WORD),
    st.builds(lambda n, a: f"{n} {a} Street", st.integers(1, 99), WORD),
    st.datetimes().map(lambda time: time.strftime("%Y-%m-%d %H:%M:%S")),
    st.datetimes().map(lambda time: time.strftime("%a %b %d %H:%M:%S %Y")),
    st.times().map(lambda time: time.strftime("%H:%M:%S")),
    st.binary(min_size=6, max_size=6).map(lambda data: data.hex(":")),
    WORD.map(lambda word: f"https://{word}.example/a:b"),
    WORD.map(lambda word: f"{word}@{word}.example"),
)


@pytest.mark.parametrize("values", ONE_COLUMN)
@given(data=st.data(), name=st.sampled_from(["value", "full value", "the value"]))
def test_one_column_is_not_split(values: st.SearchStrategy[str], data: st.DataObject, name: str) -> None:
    rows = data.draw(st.lists(values, min_size=5, max_size=30))
    found = profile("".join(f"{line}\n" for line in [name, *rows]))
    assert (len(found.columns), found.rows) == (1, len(rows)) or found.warnings


@given(typed_tables(least_rows=2, least_width=3), DELIMITERS, st.integers(2, 30), LINE_ENDS)
def test_an_apostrophe_that_begins_no_field_is_no_quote(
    table: Table, delimiter: str, lines: int, line_end: str
) -> None:
    prose = f"The owner's{delimiter} and the baker's boy{delimiter} at noon{line_end}".join([""] * lines)
    for row in table[1:]:
        row[1] = f"It's prose{delimiter} {prose}"
    found = profile(written(table, delimiter, line_end))
    assert is_right(found, table)
    assert found.dialect.quote == '"'


@given(st.integers(1200, 6000), st.booleans(), st.integers(0, 3), st.booleans())
def test_a_long_quoted_field_is_one_field(lines: int, alike: bool, before: int, late: bool) -> None:
    text = "".join(f"{n},some text,more of it\n" if alike else f"line {n} of a mail\n" for n in range(lines))
    rows = [[str(n), "short", "note"] for n in range(before + (4000 if late else 0))]
    table = [["id", "body", "kind"], *rows, ["77", text, "mail"], ["78", "x", "note"]]
    assert profile(written(table)).rows == len(table) - 1


@given(st.integers(1, 40), st.integers(4000, 6000))
def test_a_quote_that_is_never_closed_damages_one_record(row: int, rows: int) -> None:
    lines = [f"{n},name {n},{n % 7}.5" for n in range(rows)]
    lines[row] = f'{row},"name {row},{row % 7}.5'
    found = profile("id,name,kg\n" + "\n".join(lines) + "\n")
    assert found.rows == rows
    assert found.findings[Finding.UNCLOSED_QUOTE] == 1


@given(
    typed_tables(least_rows=2, least_width=3),
    DELIMITERS,
    LINE_ENDS,
    st.sampled_from(["delimiter", "line end", "both"]),
)
def test_a_backslash_outside_quotes_takes_the_meaning_of_a_mark(
    table: Table, delimiter: str, line_end: str, what: str
) -> None:
    inner = {
        "delimiter": f"\\{delimiter}",
        "line end": f"\\{line_end}",
        "both": f"\\{delimiter}x\\{line_end}",
    }[what]
    for row in table[1:]:
        row[1] = f"one{inner}two"
    found = profile("".join(delimiter.join(row) + line_end for row in table))
    assert is_right(found, table) or found.warnings


@given(
    typed_tables(least_rows=4), st.sampled_from(["\x01", "\x1e", "\x1f", "§", "¦", "&", "!", "*", "^", "~"])
)
def test_an_unusual_delimiter_is_found(table: Table, delimiter: str) -> None:
    text = "".join(delimiter.join(row) + "\n" for row in table)
    assert is_right(profile(text), table)


@given(typed_tables(least_rows=4, least_width=3), st.sampled_from(["$", "@", "%", "+", "•", "=", "::", "þ"]))
def test_a_mark_that_parts_names_over_values_is_found(table: Table, delimiter: str) -> None:
    table = [[cell.replace(" ", "x") for cell in row] for row in table]
    found = profile("".join(delimiter.join(row) + "\n" for row in table))
    assert is_right(found, table) or found.warnings


@given(typed_tables(least_rows=3, least_width=3), st.booleans())
def test_columns_set_apart_by_runs_of_blanks_are_found(table: Table, right: bool) -> None:
    table = [[cell.replace(" ", "_") for cell in row] for row in table]
    widths = [max(len(row[place]) for row in table) + 2 for place in range(len(table[0]))]
    lines = [
        "".join(
            cell.rjust(size) if right else cell.ljust(size) for cell, size in zip(row, widths, strict=True)
        )
        for row in table
    ]
    assert is_right(profile("".join(line.rstrip() + "\n" for line in lines)), table)
