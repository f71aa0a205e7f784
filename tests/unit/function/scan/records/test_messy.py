"""Files as they come: damage stays in its record, and nothing is left out without a word."""

import pytest

from function.domain.content import Use
from function.domain.findings import Finding
from tests.unit.support.messy_table import HEADER, LINES, PLAIN, TABLE, is_right, profile
from tests.unit.support.tables import Form, records_of


@pytest.mark.parametrize("all_quoted", [False, True])
@pytest.mark.parametrize(
    "delimiter",
    [",", ";", "\t", "|", " ", ":", "||", "::", "~", "^", ", ", "\x1f", "§", "#", "¦", "|~|", "<>"],
)
def test_any_delimiter_is_found(delimiter: str, all_quoted: bool) -> None:
    def cell(text: str) -> str:
        if all_quoted or any(mark in text for mark in (delimiter, '"', "\n")):
            return '"' + text.replace('"', '""') + '"'
        return text

    found = profile("".join(delimiter.join(map(cell, row)) + "\n" for row in [HEADER, *TABLE]))
    assert is_right(found)
    assert found.dialect.delimiter == delimiter.strip(" ") or delimiter == " "


@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_backslash_escapes_are_found(delimiter: str) -> None:
    data = Form(delimiter, escape="\\", all_quoted=True).write([HEADER, *TABLE])
    assert is_right(profile(data))
    assert records_of(data) == TABLE


@pytest.mark.parametrize("row", [1, 4, 40, 84])
@pytest.mark.parametrize("place", [0, 3, 8])
@pytest.mark.parametrize("damage", ["middle", "start", "end", "not opened", "not closed"])
def test_a_bad_quote_damages_its_own_record_only(row: int, place: int, damage: str) -> None:
    cells = ['"' + cell.replace('"', '""') + '"' for cell in [HEADER, *TABLE][row]]
    cell = cells[place]
    cells[place] = {
        "middle": cell[:2] + '"' + cell[2:],
        "start": '"' + cell,
        "end": cell + '"',
        "not opened": cell[1:],
        "not closed": cell[:-1],
    }[damage]
    found = profile("".join([*LINES[:row], ",".join(cells) + "\r\n", *LINES[row + 1 :]]))
    assert is_right(found) or found.warnings


@pytest.mark.parametrize(
    ("before", "use", "lines"),
    [
        ("Survey 2018\r\n", Use.PREAMBLE, 1),
        ("Survey 2018\r\nby me, and you\r\n\r\n", Use.PREAMBLE, 2),
        ("Survey,,,,,,,,\r\n", Use.PREAMBLE, 1),
        ("# made by a program\r\n# at night\r\n", Use.PREAMBLE, 2),
        ("\r\n\r\n", Use.BLANK, 2),
        ("sep=,\r\n", Use.PREAMBLE, 1),
    ],
)
def test_lines_before_the_table_are_no_records(before: str, use: Use, lines: int) -> None:
    found = profile(before + PLAIN)
    assert is_right(found)
    assert found.records.lines[use] == lines


@pytest.mark.parametrize(
    ("behind", "use"),
    [
        ("\r\n\r\n\r\n", Use.BLANK),
        ("   \r\n", Use.BLANK),
        ("\x1a", Use.BLANK),
        ("\r\nTotal: 84 rows\r\nSource: me\r\n", Use.FOOTER),
        ("\r\nid,label\r\n1,x\r\n2,y\r\n", Use.OTHER_TABLE),
        ("\r\n" + PLAIN, Use.OTHER_TABLE),
        ("# the end\r\n", Use.COMMENT),
    ],
)
def test_lines_behind_the_table_are_no_records(behind: str, use: Use) -> None:
    found = profile(PLAIN + behind)
    assert is_right(found)
    assert found.records.lines[use] > 0
    assert bool(found.warnings) == (use is Use.OTHER_TABLE)


@pytest.mark.parametrize(
    ("text", "finding"),
    [
        ("a,b,c\n1,2,3\n4,5\n6,7,8\n", Finding.SHORT_RECORD),
        ("a,b,c\n1,2,3\n4,5,6,7\n6,7,8\n", Finding.LONG_RECORD),
        ("a,b\n1,2,3\n4,5,6\n", Finding.SHORT_HEADER),
        ('a,b,c\n1,2,3\n4,"5" x",6\n7,8,9\n', Finding.STRAY_QUOTE),
        ('a,b,c\n1,2,3\n4,"5,6\n7,8,9\n', Finding.UNCLOSED_QUOTE),
        ('a,b,c\n1,2,3\n4,"x\n5,6,7\n8,9,0\ny",6\n', Finding.SWALLOWED_LINES),
        ('a, b, c\n1, 2, 3\n4, "x\ny", 6\n', Finding.PADDED_QUOTE),
        ("a,b,c\n1,2,3\n4,x\ny,6\n7,8,9\n", Finding.BROKEN_RECORD),
        ("a,b,c\n1,2,3\na,b,c\n4,5,6\n", Finding.REPEATED_HEADER),
        ("a,b,c\n1,2,3\n#4,5,6\n7,8,9\n", Finding.COMMENTED_RECORD),
        ("a,b,c\n1,2,3\n" * 1 + "4,5,6\n" * 9 + "7,8\n" * 5, Finding.OTHER_SHAPE),
        ('a,b,c\n1,2,3\n4;"x\n7,8,9\n1,2,3\n', Finding.ODD_QUOTE),
        ("name, of report\n\na,b,c\n1,2,3\n4,5,6\n7,8,9\n", Finding.WIDE_PREAMBLE),
        ("a,b,c\n1,2,3\n\x01\x02\x03\x04\n4,5,6\n", Finding.BINARY),
    ],
)
def test_whatever_is_remarkable_is_counted_with_its_place(text: str, finding: Finding) -> None:
    found = profile(text)
    assert found.findings[finding] >= 1
    assert any(sample.finding is finding and sample.line >= 1 for sample in found.samples)


def test_samples_give_line_and_offset() -> None:
    data = 'ä,b\n1,"x\ny"\n2,3,4\n5,6\n'.encode()
    (sample,) = profile(data).samples
    assert (sample.line, sample.excerpt) == (4, "2,3,4")
    assert data[sample.offset :].startswith(b"2,3,4")


@pytest.mark.parametrize(
    ("text", "header"),
    [
        ("1,2\n3,4\n", False),
        ("name,age\nann,3\nbob,4\n", True),
        ("country,1990,1991,1992\nx,1,2,5\ny,3,4,9\n", True),
        ('"+0","-0"\n+1,-1\n+2,-3\n', True),
        ("2024-01-01,5\n2024-01-02,6\n", False),
        ("ann@example.org,3\nbob@example.org,4\n", False),
    ],
)
def test_a_header_is_told_by_what_stands_below_it(text: str, header: bool) -> None:
    assert profile(text).dialect.header is header
