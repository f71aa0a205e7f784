from dataclasses import replace

from function.domain.content import Column, ColumnType, Scan
from function.domain.errors import ErrorCode, FileError
from function.domain.findings import Finding, Sample
from function.domain.message import message
from tests.support.examples import IN_PARTS, OBJECT, PROFILE, SCAN
from tests.unit.function.domain.message.results import (
    BYTES,
    QUOTE,
    RAGGED,
    document,
    doubtful,
    failed,
    lines,
    series,
)


def test_the_message_of_a_good_file_says_that_nothing_is_to_be_done() -> None:
    told = message(document())
    assert told.subject == "CSV succeeded, 1,234 rows: data.csv"
    first, *_ = told.body.splitlines()
    assert first == "data.csv was read completely: 1,234 rows in 2 columns. No action is needed."
    assert "Rows       1,234; 0 records rejected, 2 blank lines" in told.body
    assert "Columns    2: id (integer), name (string)" in told.body
    assert told.attributes == {"status": "succeeded", "bucket": "candidate-test-input"}


def test_the_message_of_a_bad_file_begins_with_the_reason() -> None:
    told = message(document(failed()))
    assert told.subject == "CSV failed (ragged_rows), 1,234 rows: data.csv"
    assert told.body.startswith("data.csv was not accepted. The error below says why")
    assert "Error      ragged_rows: line 17: 5 fields where the header has 4" in told.body
    assert told.attributes["status"] == "failed"


def test_a_failure_shows_the_first_three_lines_at_fault_in_their_order() -> None:
    long = [Sample(Finding.LONG_RECORD, line, 0, f"long {line}") for line in (30, 40)]
    short = [Sample(Finding.SHORT_RECORD, line, 0, f"short {line}") for line in (17, 50)]
    other = Sample(Finding.FOOTER, 1, 0, "not at fault")
    assert lines(document(failed(RAGGED, *long, *short, other)), "At fault") == [
        "At fault   line 17, too few fields: short 17",
        "At fault   line 30, too many fields: long 30",
        "At fault   line 40, too many fields: long 40",
        "At fault   and 1 more, in csv.samples of the result",
    ]


def test_an_excerpt_that_is_not_kept_is_not_told() -> None:
    result = document(failed(RAGGED, Sample(Finding.SHORT_RECORD, 17, 0, "secret")))
    for left in ({"excerpt": ""}, {}):
        del result["csv"]["samples"][0]["excerpt"]
        result["csv"]["samples"][0] |= left
        assert lines(result, "At fault") == ["At fault   line 17, too few fields"]
        result["csv"]["samples"][0]["excerpt"] = ""


def test_a_file_that_is_too_doubtful_shows_the_lines_of_its_doubts() -> None:
    error = FileError(ErrorCode.DOUBTFUL, "1 reason to doubt the count.", line=7)
    samples = (Sample(Finding.UNCLOSED_QUOTE, 7, 0, '1,"x'),)
    scan = replace(SCAN, error=error, profile=replace(PROFILE, warnings=(QUOTE,), samples=samples))
    assert lines(document(scan), "At fault") == ['At fault   line 7, quote that is never closed: 1,"x']


def test_the_doubts_are_in_subject_and_message_with_their_lines_and_what_to_type() -> None:
    told = message(document(doubtful(QUOTE, BYTES)))
    assert told.subject == "CSV succeeded with 2 doubts, 1,234 rows: data.csv"
    assert "There are 2 reasons to doubt the count or a type" in told.body.splitlines()[0]
    assert lines(document(doubtful(QUOTE, BYTES)), "Doubt") == [
        "Doubt      line 7, 12 times: A quote opens and is never closed; csv-quote=none",
        "Doubt      Bytes were replaced; csv-encoding=cp1252",
    ]


def test_of_many_doubts_the_first_three_are_told_and_the_others_counted() -> None:
    body = message(document(doubtful(*[QUOTE] * 5))).body
    assert body.count("A quote opens") == 3
    assert "Doubt      and 2 more, in csv.warnings of the result" in body


def test_a_good_file_without_doubts_speaks_of_none() -> None:
    told = message(document())
    assert "doubt" not in (told.subject + told.body).lower()


def test_a_file_that_fails_for_another_reason_tells_its_doubts_too() -> None:
    told = message(document(replace(doubtful(QUOTE), error=RAGGED)))
    assert told.subject == "CSV failed (ragged_rows), 1,234 rows, 1 doubt: data.csv"
    assert "Doubt      line 7, 12 times" in told.body


def test_doubts_that_are_the_reason_to_fail_are_told_once() -> None:
    error = FileError(ErrorCode.DOUBTFUL, f"1 reason to doubt the count. {QUOTE.message}", line=7)
    assert message(document(replace(doubtful(QUOTE), error=error))).body.count("A quote opens") == 1


def test_what_differs_from_the_files_before_it_is_told() -> None:
    result = document() | {"series": series("The column 'price' is gone.")}
    told = message(result)
    assert told.subject == "CSV succeeded, 1,234 rows, 1 change: data.csv"
    assert "It differs from the files before it" in told.body.splitlines()[0]
    assert "Compared with the last 20 files of its series, reports/data-#.csv:" in told.body
    assert lines(result, "Change") == ["Change     The column 'price' is gone."]


def test_changes_that_are_the_error_are_told_once() -> None:
    error = {"code": "unlike_series", "message": "1 thing unlike: gone.", "line": None, "column": None}
    result = document() | {"status": "failed", "error": error, "series": series("gone.")}
    assert message(result).body.count("gone.") == 1


def test_every_breach_of_the_contract_is_told_as_far_as_there_is_room() -> None:
    breaches = [
        {"code": "field_missing", "field": "a", "message": f"the field {n} is missing"} for n in range(100)
    ]
    result = document() | {
        "contract": {"prefix": "in/", "version": 3, "breaches": breaches, "breach_count": 120}
    }
    told = lines(result, "Breach")
    assert told[0] == "Breach     the field 0 is missing"
    assert told[10:] == ["Breach     and 110 more, in contract.breaches of the result"]
    assert "Against the contract for 'in/', version 3:" in message(result).body


def test_bytes_that_came_before_are_told() -> None:
    result = document()
    result["source"]["identical_to"] = {
        "key": "older.csv", "version_id": "v0", "uploaded_at": "2025-09-02T14:30:00.123Z"
    }  # fmt: skip
    assert lines(result, "Same") == ["Same bytes as older.csv, uploaded 2025-09-02 14:30:00 UTC"]


def test_the_message_says_where_everything_is() -> None:
    body = message(document(failed())).body
    stamped = "reports/2025-09-02_14-30-00_data.csv"
    assert f"Page       s3://candidate-test-output/results/{stamped}/report.html" in body
    assert f"Result     s3://candidate-test-output/results/{stamped}/result.json" in body
    assert f"Backup     s3://candidate-test-backup/backup/{stamped}" in body
    assert "Version    v1" in body
    assert f"SHA-256    {'ab' * 32}" in body


def test_the_digest_of_a_file_read_in_parts_says_how_to_make_it() -> None:
    said = f"SHA-256    {'cd' * 32} of the digests of 160 parts of 67108864 bytes"
    assert lines(document(IN_PARTS), "SHA") == [said]


def test_a_file_without_a_page_or_a_backup_promises_none() -> None:
    assert not lines(document(), "Page")
    gone = Scan(None, 0, error=FileError(ErrorCode.OBJECT_GONE, "deleted"))
    assert not lines(document(gone), "Backup")


def test_the_message_ends_with_what_to_type() -> None:
    _, _, commands = message(document(failed())).body.partition("Commands, from a checkout")
    assert "  pipeline replay --version v1 reports/data.csv\n" in commands


def test_a_table_of_many_columns_names_the_first_twenty() -> None:
    columns = PROFILE.columns * 11
    body = message(document(replace(SCAN, profile=replace(PROFILE, columns=columns)))).body
    assert "name (string) and 2 more" in body


def test_no_table_makes_a_message_too_long_to_send() -> None:
    columns = (Column("n" * 300_000, ColumnType.STRING, 0, "a", "b"),) * 30
    error = FileError(ErrorCode.NOT_CSV, "x" * 300_000)
    result = document(replace(SCAN, profile=replace(PROFILE, columns=columns), error=error))
    assert len(message(result).body.encode()) < 262_144


def test_no_key_can_break_the_lines_of_a_message_or_turn_them_round() -> None:
    body = message(document(obj=replace(OBJECT, key="a.csv\nStatus    failed\x1b\u202egpj"))).body
    assert "s3://candidate-test-input/a.csv?Status    failed??gpj" in body
