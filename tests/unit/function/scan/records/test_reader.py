"""However records are read, by structure, line by line or one by one, the result is the same."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from function.domain.content import Profile
from function.domain.instructions import Options
from function.scan.reading import Reading
from function.scan.records.reader import CAREFUL
from function.scan.syntax.lines import LineReader, Lines

ANY = Options(max_rejected=None, max_ragged=None)
LINES = (
    "{0},7,red", '{0},7,"red"', "{0},7", "{0},7,red,more", '{0},7,"so "red" it"', '{0},7,"red', '{0},"a""b",x',
    '{0},7,mid"dle', "", " ", ",,", "# {0}", "id,number,colour", "alone", '{0},"two\nlines",x', "a,b,c", "{0}", "{0},7,red,more,and more",
    "ID,NUMBER,COLOUR", "\fid,number,colour", " {0} , 7,red", "Total,7", "Note: seven", "{0},7\r",
)  # fmt: skip


def read(text: str, batch: int) -> Profile | None:
    reading = Reading(ANY, batch=batch)
    reading.read([text.encode()])
    return reading.profile()


@settings(deadline=None, max_examples=60)
@given(st.lists(st.sampled_from(LINES), max_size=30), st.integers(1, 40), st.sampled_from(["\n", "\r\n"]))
def test_lines_of_every_kind_give_the_same_result_in_every_cut(
    lines: list[str], often: int, line_end: str
) -> None:
    records = [line.format(number) for number, line in enumerate(["{0},7,red"] * 20 + lines * often)]
    text = "\n".join(["id,number,colour", *records, ""]).replace("\n", line_end)
    assert read(text, 1 << 22) == read(text, 64) == read(text, 1000)


@settings(deadline=None, max_examples=100)
@given(st.lists(st.sampled_from(LINES), min_size=1, max_size=30), st.integers(1, 40))
def test_lines_read_many_at_a_time_give_the_same_result_as_one_by_one(lines: list[str], often: int) -> None:
    records = [line.format(number) for number, line in enumerate(["{0},7,red"] * 20 + lines * often)]
    text = "\n".join(["id,number,colour", *records, ""])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(LineReader, "read", lambda *_: Lines(""))
        one_by_one = read(text, 1 << 22)
    assert read(text, 1 << 22) == one_by_one


@pytest.mark.parametrize(
    ("line", "finding"),
    [
        ("{0},7", "short_record"),
        ("{0},7,red,more", "long_record"),
        ('{0},7,"so "red" it"', "stray_quote"),
        ('{0},7,"red', "unclosed_quote"),
    ],
)
def test_damage_in_every_record_is_counted_and_the_first_ten_are_shown(line: str, finding: str) -> None:
    start = "id,number,colour\n" + "".join(f"{number},7,red\n" for number in range(300))
    text = start + "".join(line.format(number) + "\n" for number in range(CAREFUL // 8))
    profile = read(text, 1 << 22)
    assert profile is not None
    assert profile.rows == 300 + CAREFUL // 8
    assert {str(name): count for name, count in profile.findings.items()}[finding] == CAREFUL // 8
    assert [each.line for each in profile.samples if each.finding == finding] == list(range(302, 312))


def test_first_line_of_each_other_width_is_told_of_records_read_many_at_a_time() -> None:
    fits, short, long = ["1,7,red"], ["1,7"] * 1000, ["1,7,red,more"] * 1000
    profile = read("\n".join(["id,number,colour", *fits * 20, *short, *fits, *long, ""]), 1 << 22)
    assert profile is not None
    messages = {str(caution.code): caution.message for caution in profile.warnings}
    assert "3 fields on line 1, 2 fields on line 22, 4 fields on line 1023" in messages["other_shape"]


def test_empty_field_before_a_quoted_one_over_lines_is_no_padding() -> None:
    text = "a\tb\tc\n" + "1\t\t2\n" * 20 + "1\t2\n" + '1\t\t"x\ny"\n'
    profile = read(text, 1 << 22)
    assert profile is not None
    assert "padded_quote" not in {str(caution.code) for caution in profile.warnings}


def test_what_looks_like_a_padded_field_within_another_field_is_no_padding() -> None:
    inner, padded = '1,"x, ""\ny"\n', '1, "x\ny"\n'
    start = "a,b\n" + "1,2\n" * 20 + "1,2,3\n"  # behind a ragged record, every record is looked at
    for text, times in ((start + inner, 0), (start + inner + padded, 1)):
        profile = read(text, 1 << 22)
        assert profile is not None
        assert {str(finding): count for finding, count in profile.findings.items()}.get(
            "padded_quote", 0
        ) == times


def test_many_short_columns_are_told_as_few_are() -> None:
    cells = ("7", "1.5", "2024-02-29", "x", "true", "", "2024-02-29T10:00:00Z", "29.02.2024", "1e3")
    few = read(
        "".join(",".join(line) + "\n" for line in ([f"n{c}" for c in "abcdefghi"], cells, cells)), 1 << 22
    )
    many = read(
        "".join(",".join(line) + "\n" for line in ([f"n{c}" for c in range(90)], cells * 10, cells * 10)),
        1 << 22,
    )
    assert few is not None
    assert many is not None
    told = [(column.type, column.min, column.max, column.distinct) for column in few.columns]
    assert [(column.type, column.min, column.max, column.distinct) for column in many.columns] == told * 10
