from dataclasses import replace
from typing import Any

from function.domain.content import Scan
from function.domain.contract.breaches import MOST
from function.domain.errors import ErrorCode, FileError
from function.domain.expectations import assess
from function.domain.instructions import Options
from function.domain.report import document
from tests.support import schema
from tests.support.examples import IN_PARTS, OBJECT, SCAN, STAMPED, TIMING, TO

FIELDS = {"fields": [{"name": "id", "type": "integer"}, {"name": "name"}]}
CONTRACT: dict[str, Any] = {"prefix": "reports/", "version": 3, "schema": FIELDS}
KEPT = [["id", "integer", 0], ["name", "string", 1]]
PAST = ["reports/old.csv", "2025-09-01T00:00:00Z", 1234, 1024, "cd" * 32, KEPT]


def test_a_file_that_is_as_expected_is_summarised_for_later_ones() -> None:
    found = assess(OBJECT, SCAN, [PAST], CONTRACT)
    assert found.scan is SCAN
    assert found.summary == KEPT
    assert found.parts == {
        "contract": {"prefix": "reports/", "version": 3, "breaches": [], "breach_count": 0},
        "series": {"name": "reports/data.csv", "compared_with": 1, "remarks": []},
    }


def test_the_same_parts_are_the_same_bytes_and_other_parts_are_not() -> None:
    other = [*PAST[:4], "ef" * 32, KEPT]
    assert [each["code"] for each in assess(OBJECT, IN_PARTS, [PAST], None).parts["series"]["remarks"]] == [
        "same_bytes"
    ]
    assert not assess(OBJECT, IN_PARTS, [other], None).parts["series"]["remarks"]


def test_a_breach_is_the_verdict_and_nothing_is_kept_for_later_files() -> None:
    contract = {**CONTRACT, "schema": {"fields": [{"name": "id", "type": "date"}, {"name": "total"}]}}
    found = assess(OBJECT, SCAN, [PAST], contract)
    assert found.scan.error
    assert found.scan.error.code is ErrorCode.CONTRACT
    assert found.scan.error.message.startswith(
        "3 breaches of the contract for 'reports/' (version 3): the field"
    )
    assert found.scan.profile is SCAN.profile
    assert found.summary is None
    assert found.parts["series"] == {"name": "reports/data.csv", "compared_with": 0, "remarks": []}


def test_of_very_many_breaches_the_first_are_listed_and_all_are_counted() -> None:
    contract = {
        **CONTRACT,
        "schema": {"fields": [{"name": f"f{n}"} for n in range(500)], "fieldsMatch": "subset"},
    }
    found = assess(OBJECT, SCAN, (), contract)
    assert (len(found.parts["contract"]["breaches"]), found.parts["contract"]["breach_count"]) == (MOST, 500)
    assert found.scan.error
    assert "and 495 more" in found.scan.error.message
    schema.validate(document(OBJECT, found.scan, STAMPED, TO, TIMING, parts=found.parts))


def test_a_file_that_cannot_be_read_is_held_against_nothing() -> None:
    scan = Scan(None, 0, error=FileError(ErrorCode.NOT_CSV, "a JPEG image"))
    found = assess(OBJECT, scan, [PAST], CONTRACT)
    assert (found.scan, found.summary) == (scan, None)
    assert found.parts["contract"]["breach_count"] == 0
    schema.validate(document(OBJECT, found.scan, STAMPED, TO, TIMING, parts=found.parts))


def test_remarks_fail_a_file_only_where_that_was_asked_for() -> None:
    odd = [*PAST[:5], [["id", "date YYYY-M-D", 0], ["name", "string", 1]]]
    told = assess(OBJECT, SCAN, [odd], None)
    assert told.scan.error is None
    assert [remark["code"] for remark in told.parts["series"]["remarks"]] == ["type_changed"]
    schema.validate(document(OBJECT, told.scan, STAMPED, TO, TIMING, parts=told.parts))
    failed = assess(OBJECT, replace(SCAN, options=Options(remarks_fail=True)), [odd], None)
    assert failed.scan.error
    assert failed.scan.error.code is ErrorCode.UNLIKE_SERIES
    assert failed.summary is None
    assert failed.parts == told.parts


def test_the_series_that_the_object_names_counts() -> None:
    found = assess(OBJECT, replace(SCAN, options=Options(series="north")), (), None)
    assert found.parts["series"]["name"] == "north"
