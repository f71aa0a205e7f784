from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from function.domain import report
from function.domain.content import Column, ColumnType, Scan
from function.domain.errors import ErrorCode, FileError
from function.domain.findings import CsvWarning, Finding
from function.domain.model import CsvObject, Document
from tests.support import schema
from tests.support.examples import OBJECT, PROFILE, SCAN, STAMPED, TIMING, TO


def document(scan: Scan = SCAN, obj: CsvObject = OBJECT) -> Document:
    result = report.document(obj, scan, STAMPED, TO, TIMING)
    schema.validate(result)
    return result


def failed(code: ErrorCode = ErrorCode.RAGGED_ROWS, line: int | None = 17) -> Scan:
    return replace(SCAN, error=FileError(code, "5 fields where the header has 4", line=line))


def test_a_good_file_says_what_was_read_and_where_everything_is() -> None:
    result = document()
    assert result["status"] == "succeeded"
    assert result["error"] is None
    assert result["source"] == {
        "bucket": "candidate-test-input",
        "key": "reports/data.csv",
        "version_id": "v1",
        "etag": "e1",
        "size_bytes": 1024,
        "sha256": "ab" * 32,
        "identical_to": None,
        "superseded_by": None,
        "uploaded_at": "2025-09-02T14:30:00.123Z",
    }
    assert result["csv"]["rows"] == 1234
    assert result["output"] == {
        "bucket": "candidate-test-output",
        "key": "results/reports/2025-09-02_14-30-00_data.csv/result.json",
    }
    assert result["backup"]["key"] == "backup/reports/2025-09-02_14-30-00_data.csv"


def test_a_bad_file_says_why_and_where_and_keeps_what_is_known() -> None:
    result = document(failed())
    assert result["status"] == "failed"
    assert result["error"] == {
        "code": "ragged_rows",
        "message": "5 fields where the header has 4",
        "line": 17,
        "column": None,
    }
    assert result["csv"]["rows"] == 1234


@pytest.mark.parametrize("code", [ErrorCode.OBJECT_GONE, ErrorCode.NOT_READABLE])
def test_an_object_that_nobody_can_read_promises_no_backup(code: ErrorCode) -> None:
    result = document(Scan(None, 0, error=FileError(code, "deleted")))
    assert result["backup"] is None
    assert "Backup" not in report.message(result).body


def test_characters_that_jsonb_refuses_are_shown_as_such() -> None:
    columns = (Column("nul\0", ColumnType.STRING, 0, "\ud800", "b"),)
    result = document(replace(SCAN, profile=replace(PROFILE, columns=columns)))
    assert result["csv"]["columns"][0]["name"] == "nul␀"
    assert result["csv"]["columns"][0]["min"] == "\N{REPLACEMENT CHARACTER}"


def test_the_message_of_a_good_file_begins_with_the_count() -> None:
    message = report.message(document())
    assert message.subject == "CSV succeeded, 1,234 rows: data.csv"
    assert "Rows      1,234 (0 rejected, 2 blank)" in message.body
    assert "Columns   2: id (integer), name (string)" in message.body
    assert message.attributes["status"] == "succeeded"
    assert message.attributes["bucket"] == "candidate-test-input"


def test_the_message_of_a_bad_file_begins_with_the_reason() -> None:
    message = report.message(document(failed()))
    assert message.subject == "CSV failed (ragged_rows): data.csv"
    assert "Error     ragged_rows: line 17: 5 fields where the header has 4" in message.body
    assert message.attributes["status"] == "failed"


def test_an_error_without_a_line_names_none() -> None:
    assert "Error     not_csv: 5 fields" in report.message(document(failed(ErrorCode.NOT_CSV, None))).body


def test_bytes_that_came_before_are_called_identical_to_those() -> None:
    result = document()
    result["source"]["identical_to"] = {
        "key": "older.csv", "version_id": "v0", "uploaded_at": "2025-09-02T14:30:00.123Z"
    }  # fmt: skip
    assert "Note      identical to older.csv of 2025-09-02T14:30:00.123Z" in report.message(result).body


def doubtful(*warnings: CsvWarning) -> Scan:
    return replace(SCAN, profile=replace(PROFILE, warnings=warnings))


QUOTE = CsvWarning(Finding.UNCLOSED_QUOTE, 12, "A quote opens and is never closed; csv-quote=none", 7)
BYTES = CsvWarning(Finding.REPLACED_BYTES, 1, "Bytes were replaced; csv-encoding=cp1252")


def test_the_doubts_are_in_subject_and_message_with_their_lines_and_what_to_type() -> None:
    message = report.message(document(doubtful(QUOTE, BYTES)))
    assert message.subject == "CSV succeeded with 2 doubts, 1,234 rows: data.csv"
    assert [line for line in message.body.splitlines() if line.startswith("Doubt")] == [
        "Doubt     line 7, 12 times: A quote opens and is never closed; csv-quote=none",
        "Doubt     Bytes were replaced; csv-encoding=cp1252",
    ]


def test_one_doubt_is_one_doubt() -> None:
    assert report.message(document(doubtful(BYTES))).subject.startswith("CSV succeeded with 1 doubt, ")


def test_of_many_doubts_the_first_three_are_told_and_the_others_counted() -> None:
    body = report.message(document(doubtful(*[QUOTE] * 5))).body
    assert body.count("A quote opens") == 3
    assert "Doubt     and 2 more, in csv.warnings of the result" in body


def test_a_good_file_without_doubts_speaks_of_none() -> None:
    message = report.message(document())
    assert "doubt" not in (message.subject + message.body).lower()


def test_a_file_that_fails_for_another_reason_tells_its_doubts_too() -> None:
    message = report.message(document(replace(doubtful(QUOTE), error=failed().error)))
    assert message.subject == "CSV failed (ragged_rows): data.csv"
    assert "Doubt     line 7, 12 times" in message.body


def test_doubts_that_are_the_reason_to_fail_are_told_once() -> None:
    error = FileError(ErrorCode.DOUBTFUL, f"1 reason to doubt the count. {QUOTE.message}", line=7)
    body = report.message(document(replace(doubtful(QUOTE), error=error))).body
    assert body.count("A quote opens") == 1


def test_one_row_is_one_row() -> None:
    records = replace(PROFILE.records, parsed=1)
    one = document(replace(SCAN, profile=replace(PROFILE, records=records)))
    assert report.message(one).subject == "CSV succeeded, 1 row: data.csv"


def test_a_table_of_many_columns_names_the_first_twenty() -> None:
    columns = PROFILE.columns * 11
    body = report.message(document(replace(SCAN, profile=replace(PROFILE, columns=columns)))).body
    assert "name (string) and 2 more" in body


@pytest.mark.parametrize("name", ["é" * 90, "x" * 1020 + ".csv", "line\nbreak\x7f.csv", "日本.csv"])
def test_a_subject_is_what_sns_takes(name: str) -> None:
    subject = report.message(document(obj=replace(OBJECT, key=name))).subject
    assert 0 < len(subject) <= 100
    assert all(" " <= character <= "~" for character in subject)


def test_a_long_name_keeps_its_end_in_the_subject() -> None:
    assert report.message(document(obj=replace(OBJECT, key="x" * 500 + ".csv"))).subject.endswith("x.csv")


def test_no_table_makes_a_message_too_long_to_send() -> None:
    columns = (Column("n" * 300_000, ColumnType.STRING, 0, "a", "b"),) * 30
    error = FileError(ErrorCode.NOT_CSV, "x" * 300_000)
    result = document(replace(SCAN, profile=replace(PROFILE, columns=columns), error=error))
    assert len(report.message(result).body.encode()) < 262_144


def test_no_key_can_break_the_lines_of_a_message() -> None:
    body = report.message(document(obj=replace(OBJECT, key="a.csv\nStatus    failed\x1b"))).body
    assert "s3://candidate-test-input/a.csv?Status    failed?" in body


@given(st.text(min_size=1, max_size=300))
def test_no_key_makes_a_subject_or_a_document_that_cannot_be_sent(key: str) -> None:
    result = document(obj=replace(OBJECT, key=key))
    subject = report.message(result).subject
    assert subject.isascii()
    assert subject.isprintable()
    assert len(subject) <= 100
