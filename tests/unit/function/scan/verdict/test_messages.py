"""Who reads a message learns where it is, what was made of it, and what to type."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from function.domain.content import Scan
from function.domain.errors import ErrorCode
from function.domain.findings import CsvWarning, Finding
from function.domain.instructions import Options, follow
from function.scan.verdict.messages import MESSAGES
from tests.unit.support.findings import EXAMPLES, RECORDS, TABLE
from tests.unit.support.tables import LENIENT, read

WORD = re.compile(r"(csv-[a-z-]+)=([^\s,;.()]+|\.\.\.)")
OPEN = {"csv-delimiter": "comma", "csv-encoding": "utf-8"}  # what stands for the dots of a word


def warning(finding: Finding, options: Options = LENIENT) -> CsvWarning | None:
    profile = read(EXAMPLES[finding], options=options).profile
    assert profile is not None
    return next((each for each in profile.warnings if each.code == finding), None)


def words(message: str) -> dict[str, str]:
    return {name: OPEN[name] if value == "..." else value for name, value in WORD.findall(message)}


@pytest.mark.parametrize("finding", Finding)
def test_each_finding_is_found_in_its_example(finding: Finding) -> None:
    profile = read(EXAMPLES[finding], options=LENIENT).profile
    assert profile is not None
    assert profile.findings[finding] >= 1
    assert (warning(finding) is not None) == (finding in MESSAGES)


@pytest.mark.parametrize("finding", MESSAGES)
def test_a_warning_is_a_whole_sentence_without_anything_left_open(finding: Finding) -> None:
    found = warning(finding)
    assert found is not None
    assert not re.search("[{}]", found.message)
    assert found.message[0].isupper()
    assert found.message.endswith(".") or WORD.search(found.message.rpartition(": ")[2])


@pytest.mark.parametrize(
    "finding",
    [finding for finding, message in MESSAGES.items() if "csv-" in message or "quotes_off" in message],
)
def test_the_words_of_a_warning_are_understood_and_end_it(finding: Finding) -> None:
    found = warning(finding)
    assert found is not None
    said = words(found.message)
    assert said
    for word, value in said.items():
        options = follow({word: value}, LENIENT)
        open_ = f"{word}=..." in found.message and finding is not Finding.UNSURE_DIALECT
        assert open_ or warning(finding, options) is None


def test_a_first_record_of_words_without_a_header_may_be_one() -> None:
    profile = read(TABLE, options=Options(header=False)).profile
    assert profile is not None
    assert profile.warnings[0].message.endswith("csv-header=true")


@pytest.mark.parametrize(
    ("data", "options", "code"),
    [
        (EXAMPLES[Finding.STRAY_QUOTE], Options(), ErrorCode.UNBALANCED_QUOTE),
        (EXAMPLES[Finding.UNCLOSED_QUOTE], Options(), ErrorCode.UNBALANCED_QUOTE),
        (EXAMPLES[Finding.BINARY], Options(), ErrorCode.NOT_CSV),
        (EXAMPLES[Finding.SHORT_HEADER], Options(), ErrorCode.RAGGED_ROWS),
        (EXAMPLES[Finding.LONG_RECORD], Options(), ErrorCode.RAGGED_ROWS),
        (EXAMPLES[Finding.TOTAL], Options(max_doubts=0), ErrorCode.DOUBTFUL),
        (b"Service unavailable\n", Options(), ErrorCode.NOT_CSV),
    ],
)
def test_the_last_word_of_a_refusal_lets_the_file_pass(
    data: bytes, options: Options, code: ErrorCode
) -> None:
    error = read(data, options=options).error
    assert error is not None
    assert error.code is code
    name, value = list(words(error.message).items())[-1]
    assert read(data, options=follow({name: value}, options)).error is None


@pytest.mark.parametrize("quote", ['1,"5" pipe",3\n', '1,"2,3\n', '1,5"",3\n'])
def test_quotes_that_are_ordinary_characters_can_be_read_as_such(quote: str) -> None:
    error = read(TABLE + quote.encode() + RECORDS, options=Options()).error
    if error:
        assert words(error.message)["csv-quote"] == "none"
    assert (
        read(TABLE + quote.encode() + RECORDS, options=follow({"csv-quote": "none"}, Options())).error is None
    )


def refused(data: bytes) -> Scan:
    return read(data, options=Options(delimiter=",", header=True))


def test_a_header_of_another_width_is_told_with_both_widths() -> None:
    error = refused(EXAMPLES[Finding.SHORT_HEADER]).error
    assert error is not None
    assert "a header of 2 fields on line 1, 3 fields on line 2." in error.message


def test_another_table_is_told_with_both_widths() -> None:
    found = warning(Finding.OTHER_TABLE)
    assert found is not None
    assert "(3 fields on line 1, 2 fields on line 32)" in found.message


@given(st.integers(3, 6), st.lists(st.integers(1, 9), min_size=1, max_size=40))
def test_ragged_records_are_told_by_their_widths_and_the_first_line_of_each(
    width: int, widths: list[int]
) -> None:
    record = b",".join([b"7"] * width) + b"\n"
    names = b",".join(b"name%d" % place for place in range(width)) + b"\n"
    others = b"".join(b",".join([b"x"] * other) + b"\n" + record for other in widths)
    error = refused(names + record * 60 + others).error
    ragged = [(other, 62 + 2 * place) for place, other in enumerate(widths) if other != width]
    assert (error is None) == (not ragged)
    if error:
        first = dict(reversed(ragged))
        lines = sorted(first.items(), key=lambda item: item[1])
        told = [f"{other} field{'s' * (other != 1)} on line {line}" for other, line in lines[:3]]
        more = ["and other numbers on later lines"] if len(lines) > 3 else []
        expected = ", ".join([f"{width} fields on line 1", *told, *more])
        assert (
            f"{len(ragged)} record{'s' * (len(ragged) != 1)} with too many or too few fields" in error.message
        )
        assert f": {expected}." in error.message
        assert error.line == lines[0][1]
        assert words(error.message)["csv-max-ragged-rows"] == str(len(ragged))
