import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from function.domain.report import document
from ops.smoke.checks import Row, Stored, backup_fault, result_fault, row_fault
from ops.smoke.sample import sample
from tests.support.examples import OBJECT, SCAN, TIMING, TO

RESULT = document(OBJECT, SCAN, "stamped.csv", TO, TIMING)
ROWS = RESULT["csv"]["rows"]
SAMPLE = replace(sample(datetime(2026, 11, 25, tzinfo=UTC), "0a1b2c3d", []), rows=ROWS)
ROW: Row = {
    "status": "succeeded",
    "version_id": OBJECT.version_id,
    "row_count": ROWS,
    "notified_at": "2026-11-25T14:30:01Z",
    "error_code": None,
    "error_message": None,
}
ERROR = {"code": "not_csv", "message": "why", "line": None, "column": None}
SENT = Stored(b"a\n1\n", "e1", "AES256")


def test_a_row_as_it_should_be_has_no_fault() -> None:
    assert row_fault(ROW, SAMPLE) is None


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (
            {"status": "failed", "error_code": "not_csv", "error_message": "why"},
            "status is failed: not_csv: why",
        ),
        ({"row_count": ROWS - 1}, f"row_count is {ROWS - 1}, and the file has {ROWS} rows"),
        ({"row_count": None}, f"row_count is None, and the file has {ROWS} rows"),
        ({"notified_at": None}, "notified_at is empty: the message could not be sent to the topic"),
    ],
)
def test_the_first_thing_wrong_with_a_row_is_told(change: dict[str, Any], fault: str) -> None:
    assert row_fault(ROW | change, SAMPLE) == fault


def result(**change: Any) -> bytes:
    return json.dumps(RESULT | change).encode()


def test_a_result_as_it_should_be_has_no_fault() -> None:
    assert result_fault(result(), ROW, SAMPLE) is None


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"", "it is not JSON"),
        (b"\xff", "it is not JSON"),
        (b"[]", r"not valid against docs/result.schema.json: \$: "),
        (result(status="good"), r"not valid against docs/result.schema.json: \$.status: "),
        (result(more=1), r"not valid .*'more' was unexpected"),
        (result(source=RESULT["source"] | {"version_id": "other"}), "it is about version other, not "),
        (result(status="failed", error=ERROR, csv=None), f"it says failed, and not the {ROWS} rows"),
        (result(csv=RESULT["csv"] | {"rows": ROWS + 1}), f"not the {ROWS} rows of the file"),
        (result(csv=None), r"not valid .*\$\.csv: "),
    ],
)
def test_what_is_wrong_with_a_result_is_told(content: bytes, fault: str) -> None:
    with pytest.raises(AssertionError, match=fault):
        raise AssertionError(result_fault(content, ROW, SAMPLE))


@pytest.mark.parametrize(
    ("backup", "sent", "fault"),
    [
        (SENT, SENT, None),
        (replace(SENT, etag="e2"), SENT, "it has ETag e2, the upload e1"),
        (replace(SENT, etag="k", encryption="aws:kms"), SENT, None),
        (SENT, replace(SENT, etag="k", encryption="aws:kms:dsse"), None),
        (
            replace(SENT, content=b"a\n2\n", encryption="aws:kms"),
            SENT,
            "it has other content than the upload",
        ),
    ],
)
def test_a_backup_has_the_same_etag_or_where_kms_makes_another_the_same_content(
    backup: Stored, sent: Stored, fault: str | None
) -> None:
    assert backup_fault(backup, sent) == fault
