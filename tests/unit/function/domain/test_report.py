import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import ValidationError

from function.domain import report
from function.domain.content import Column, ColumnType, Scan
from function.domain.errors import ErrorCode, FileError
from function.domain.findings import CsvWarning, Finding
from function.domain.model import CsvObject, Document
from function.domain.report import HtmlReport
from tests.support import schema
from tests.support.examples import IN_PARTS, OBJECT, PROFILE, SCAN, STAMPED, TIMING, TO


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
        "sha256_parts": None,
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


def test_a_file_read_in_parts_has_the_digest_of_its_parts_in_place_of_its_own() -> None:
    source = document(IN_PARTS)["source"]
    assert source["sha256"] is None
    assert source["sha256_parts"] == {"part_bytes": 67_108_864, "count": 160, "root": "cd" * 32}


@pytest.mark.parametrize("scan", [replace(IN_PARTS, sha256="ab" * 32), replace(SCAN, sha256=None)])
def test_a_good_file_with_both_digests_or_none_is_not_valid(scan: Scan) -> None:
    with pytest.raises(ValidationError):
        document(scan)


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


def test_characters_that_jsonb_refuses_are_shown_as_such() -> None:
    columns = (Column("nul\0", ColumnType.STRING, 0, "\ud800", "b"),)
    result = document(replace(SCAN, profile=replace(PROFILE, columns=columns)))
    assert result["csv"]["columns"][0]["name"] == "nul␀"
    assert result["csv"]["columns"][0]["min"] == "\N{REPLACEMENT CHARACTER}"


@given(st.text(min_size=1, max_size=300))
def test_no_key_makes_a_document_that_is_not_valid(key: str) -> None:
    json.dumps(document(obj=replace(OBJECT, key=key)), ensure_ascii=False).encode()


DOUBT = replace(SCAN, profile=replace(PROFILE, warnings=(CsvWarning(Finding.TOTAL, 1, "maybe a total", 4),)))
EMPTY = Scan("ab" * 32, 0, error=FileError(ErrorCode.EMPTY_FILE, "no records"))


@pytest.mark.parametrize(
    ("wanted", "pages"),
    [
        (HtmlReport.NEVER, [False, False, False]),
        (HtmlReport.DOUBT, [False, True, True]),
        (HtmlReport.ALWAYS, [True, True, True]),
    ],
)
def test_a_page_goes_with_a_failure_or_a_doubt_unless_it_is_wanted_always_or_never(
    wanted: HtmlReport, pages: list[bool]
) -> None:
    to = replace(TO, html_report=wanted)
    made = [report.document(OBJECT, scan, STAMPED, to, TIMING)["report"] for scan in (SCAN, DOUBT, failed())]
    assert [bool(each) for each in made] == pages
    assert all(each["key"] == f"results/{STAMPED}/report.html" for each in made if each)


def test_a_replay_makes_a_page_so_that_none_of_an_earlier_verdict_is_left() -> None:
    assert report.document(OBJECT, SCAN, STAMPED, TO, TIMING, replayed=True)["report"]
    never = replace(TO, html_report=HtmlReport.NEVER)
    assert not report.document(OBJECT, SCAN, STAMPED, never, TIMING, replayed=True)["report"]


def test_a_version_that_nobody_is_told_of_has_no_page() -> None:
    always = replace(TO, html_report=HtmlReport.ALWAYS)
    newer = replace(OBJECT, version_id="v2")
    assert not report.document(OBJECT, EMPTY, STAMPED, always, TIMING, newer=newer)["report"]
