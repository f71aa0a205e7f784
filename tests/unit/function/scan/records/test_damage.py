"""A table is written, damaged as the world damages tables, and read back: right, or with a warning."""

import csv
import io
import string
from collections.abc import Callable
from typing import Literal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from function.domain.content import Finding, Profile, Use
from function.scan.layout.cells import MISSING
from tests.unit.function.scan.tables import read

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
