"""How much damage, and how many warnings, a file may have."""

import pytest

from function.domain.errors import ErrorCode
from function.domain.instructions import Options
from tests.unit.support.tables import read


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
