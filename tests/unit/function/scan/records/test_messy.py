"""Files as they come: damage stays in its record, and nothing is left out without a word."""

import random

import pytest

from function.domain.content import Finding, Options, Profile, Use
from function.domain.errors import ErrorCode
from tests.unit.function.scan.tables import Form, read, records_of

HEADER = ["DATE", "TIME", "Qty", "PRODUCT", "Price", "Type", "Description", "URL", "Comments"]


def _table() -> list[list[str]]:
    draw = random.Random(5)
    texts = ["Nike shoes, new", 'a "Pro" hat', "plain", "A large, red\nshirt", "several words of text"]
    return [
        [
            f"2018-{draw.randint(1, 12):02}-{draw.randint(1, 28):02}",
            f"{draw.randint(0, 23):02}:{draw.randint(0, 59):02}",
            str(draw.randint(1, 20)),
            f"A{draw.randint(100, 999)}",
            f"€{draw.randint(1, 300)}",
            draw.choice(["Shoes", "Hats", "Shirts"]),
            texts[number % 5],
            f"https://www.shop.example/{number}",
            draw.choice(["", "ok", "see note; late"]),
        ]
        for number in range(84)
    ]


TABLE = _table()
LINES = [Form(line_end="\r\n", all_quoted=True).write([row]).decode() for row in [HEADER, *TABLE]]
PLAIN = Form(line_end="\r\n").write([HEADER, *TABLE]).decode()


def profile(text: str | bytes) -> Profile:
    result = read(text if isinstance(text, bytes) else text.encode())
    assert result.error is None
    assert result.profile is not None
    return result.profile


def is_right(found: Profile) -> bool:
    return found.rows == 84 and [column.name for column in found.columns] == HEADER


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


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16", "utf-16-le", "utf-32-be"])
def test_encodings_are_found(encoding: str) -> None:
    assert is_right(profile(PLAIN.encode(encoding)))


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("id,město\n1,Plzeň\n2,Třebíč\n3,Žďár nad Sázavou\n4,Příbram\n", "cp1250"),
        ("id,город\n1,Москва\n2,Казань\n", "cp1251"),
        ("名前,年齢\n山田太郎,30\n鈴木花子,25\n", "cp932"),
        ("编号,城市\n1,北京\n2,广州市\n", "gb18030"),
    ],
)
def test_texts_of_old_encodings_keep_their_letters(text: str, encoding: str) -> None:
    found = profile(text.encode(encoding))
    assert [column.name for column in found.columns] == text.splitlines()[0].split(",")
    assert found.dialect.encoding == encoding


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_a_mark_is_found_where_few_letters_are_ascii(encoding: str) -> None:
    found = profile(
        "".join(["编号,城市\n", *(f"{number},北京市朝阳区建国路\n" for number in range(20))]).encode(encoding)
    )
    assert ([column.name for column in found.columns], found.dialect.encoding) == (["编号", "城市"], encoding)


def test_a_first_letter_beyond_ascii_may_come_late() -> None:
    data = b"id,city\n" + b"1,London\n" * 300_000 + "2,Málaga\n".encode("cp1252")
    found = profile(data)
    assert (found.rows, found.columns[1].max) == (300_001, "Málaga")


def test_bytes_that_no_text_has_are_replaced_and_reported() -> None:
    found = profile("id,città\n1,x\n".encode() + b"2,\xff\n")
    assert (found.columns[1].max, found.findings[Finding.REPLACED_CHARACTERS]) == ("\ufffd", 1)
    assert [(sample.finding, sample.line) for sample in found.samples] == [(Finding.REPLACED_CHARACTERS, 3)]


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


def test_the_policy_says_how_much_damage_is_accepted() -> None:
    data = b"a,b,c\n1,2,3\n4,5\n6,7,8\n9\n1,2,3\n"
    assert read(data, options=Options(max_ragged=2)).error is None
    result = read(data, options=Options(max_ragged=1))
    assert result.error is not None
    assert result.profile is not None
    assert (result.error.line, result.profile.rows) == (3, 5)


REPEATED = b"id,name\n" + b"1,ann\n" * 20 + b"id,name\n" + b"2,bob\n" * 20


@pytest.mark.parametrize("accepted", [None, 1, 2])
def test_a_doubt_that_is_accepted_fails_no_file(accepted: int | None) -> None:
    assert read(REPEATED, options=Options(max_doubts=accepted)).error is None


def test_a_doubt_too_many_fails_the_file_with_its_line_its_words_and_what_to_type() -> None:
    result = read(REPEATED, options=Options(max_doubts=0))
    assert result.error is not None
    assert result.profile is not None
    assert (result.error.code, result.error.line, result.profile.rows) == (ErrorCode.DOUBTFUL, 22, 41)
    (doubt,) = result.profile.warnings
    assert result.error.message.startswith("1 reason to doubt the count or a type (0 accepted). Line 22: ")
    assert doubt.message in result.error.message
    assert result.error.message.endswith("upload the file with csv-max-doubts=1.")


def test_ragged_records_are_told_before_doubts() -> None:
    result = read(REPEATED + b"3\n", options=Options(max_doubts=0))
    assert result.error is not None
    assert result.error.code is ErrorCode.RAGGED_ROWS


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
