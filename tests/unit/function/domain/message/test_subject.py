"""The subject of a message."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from function.domain.content import Scan
from function.domain.errors import ErrorCode, FileError
from function.domain.message import message
from tests.support.examples import OBJECT, PROFILE, SCAN
from tests.unit.function.domain.message.results import (
    BYTES,
    QUOTE,
    document,
    doubtful,
    series,
)


def test_a_file_that_could_not_be_read_has_no_rows_in_its_subject() -> None:
    nothing = Scan(None, 0, error=FileError(ErrorCode.NOT_CSV, "a JPEG image"))
    told = message(document(nothing))
    assert told.subject == "CSV failed (not_csv): data.csv"
    assert "Error      not_csv: a JPEG image" in told.body
    assert "Rows" not in told.body


def test_one_doubt_is_one_doubt() -> None:
    told = message(document(doubtful(BYTES)))
    assert told.subject.startswith("CSV succeeded with 1 doubt, ")
    assert "There is 1 reason to doubt" in told.body


def test_one_row_is_one_row() -> None:
    records = replace(PROFILE.records, parsed=1)
    one = document(replace(SCAN, profile=replace(PROFILE, records=records)))
    assert message(one).subject == "CSV succeeded, 1 row: data.csv"


@pytest.mark.parametrize("name", ["é" * 90, "x" * 1020 + ".csv", "line\nbreak\x7f.csv", "日本.csv"])
def test_a_subject_is_what_sns_takes(name: str) -> None:
    subject = message(document(obj=replace(OBJECT, key=name))).subject
    assert 0 < len(subject) <= 100
    assert all(" " <= character <= "~" for character in subject)


def test_a_long_name_keeps_its_end_in_the_subject_and_takes_no_room_from_the_verdict() -> None:
    records = replace(PROFILE.records, parsed=1_000_000_000)
    scan = replace(SCAN, profile=replace(PROFILE, records=records, warnings=(QUOTE,) * 32))
    result = document(scan, replace(OBJECT, key="x" * 500 + ".csv"))
    result["series"] = series(*["a change"] * 20)
    subject = message(result).subject
    assert subject.startswith("CSV succeeded with 32 doubts, 1,000,000,000 rows, 20 changes: xxx")
    assert subject.endswith("x.csv")
    assert len(subject) == 100


@given(st.text(min_size=1, max_size=300))
def test_no_key_makes_a_message_that_cannot_be_sent(key: str) -> None:
    told = message(document(obj=replace(OBJECT, key=key)))
    assert told.subject.isascii()
    assert told.subject.isprintable()
    assert len(told.subject) <= 100
    told.body.encode()
