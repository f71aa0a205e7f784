"""What the row has of a verdict, and which earlier upload it names."""

import json
import uuid
from dataclasses import replace
from datetime import datetime

import pytest

from function.domain.content import Scan
from function.domain.errors import ErrorCode, FileError
from function.domain.findings import CsvWarning, Finding
from function.postgres.claims import Claims
from function.postgres.database import Database
from local.stack import Stack
from tests.integration.support.claims import claimed, ended, fresh, identical, named, verdict
from tests.support import schema, uploads
from tests.support.examples import IN_PARTS, PROFILE, SCAN, TIMING

pytestmark = pytest.mark.anyio


def split() -> Scan:
    """Of bytes that no other test has seen."""
    assert IN_PARTS.parts
    return replace(IN_PARTS, parts=replace(IN_PARTS.parts, root=uuid.uuid4().hex * 2))


async def test_the_row_says_what_the_result_says(database: Database, stack: Stack) -> None:
    obj, scan = fresh(), replace(SCAN, sha256=uuid.uuid4().hex * 2)
    claim = await ended(Claims(database), obj, scan)
    (row,) = uploads.rows(stack, obj)
    assert row["status"] == "succeeded"
    assert datetime.fromisoformat(row["timestamp"]) == TIMING.finished_at
    assert (row["row_count"], row["column_count"], row["rejected_count"]) == (1234, 2, 0)
    assert row["sha256"] == scan.sha256
    assert (row["error_code"], row["error_message"]) == (None, None)
    assert row["result"] == json.loads(json.dumps(verdict(obj, claim, scan)))
    assert row["result_key"] == row["result"]["output"]["key"]
    assert row["backup_key"] == row["result"]["backup"]["key"]
    assert row["notified_at"]
    assert row["finished_at"]
    assert row["claimed_until"] is None


async def test_the_row_has_the_doubts_of_the_result(database: Database, stack: Stack) -> None:
    obj, doubt = fresh(), CsvWarning(Finding.ODD_QUOTE, 3, "it may go on below; csv-quote=none", 7)
    await ended(Claims(database), obj, replace(SCAN, profile=replace(PROFILE, warnings=(doubt, doubt))))
    (row,) = uploads.rows(stack, obj)
    assert row["warning_count"] == 2
    assert row["warnings"] == row["result"]["csv"]["warnings"]
    assert row["warnings"][0]["line"] == 7


async def test_a_row_without_doubts_has_none_and_one_without_content_knows_none(
    database: Database, stack: Stack
) -> None:
    good, bad = fresh(), fresh()
    await ended(Claims(database), good)
    await ended(Claims(database), bad, Scan(None, 0, error=FileError(ErrorCode.NOT_CSV, "a JPEG image")))
    rows = [uploads.rows(stack, obj)[0] for obj in (good, bad)]
    assert [(row["warnings"], row["warning_count"]) for row in rows] == [([], 0), (None, None)]


async def test_a_bad_file_has_its_reason_in_the_row(database: Database, stack: Stack) -> None:
    obj = fresh()
    await ended(Claims(database), obj, Scan(None, 0, error=FileError(ErrorCode.NOT_CSV, "a JPEG image")))
    (row,) = uploads.rows(stack, obj)
    assert (row["status"], row["error_code"], row["error_message"]) == ("failed", "not_csv", "a JPEG image")
    assert (row["row_count"], row["column_count"], row["sha256"]) == (None, None, None)


async def test_the_latest_earlier_upload_of_the_same_bytes_is_found(database: Database) -> None:
    ledger, sha256 = Claims(database), uuid.uuid4().hex * 2
    first, second, third = fresh(), fresh(), fresh()
    found = [
        await identical(ledger, obj, replace(SCAN, sha256=sha256))
        for obj in (third, first, second)  # out of order
    ]
    assert found == [None, None, named(first)]
    assert await identical(ledger, fresh(), replace(SCAN, sha256=uuid.uuid4().hex * 2)) is None


async def test_a_file_read_in_parts_has_their_digest_in_the_row(database: Database, stack: Stack) -> None:
    obj = fresh()
    await ended(Claims(database), obj, split())
    (row,) = uploads.rows(stack, obj)
    assert row["sha256"] is None
    assert row["sha256_parts"] == row["result"]["source"]["sha256_parts"]
    assert row["sha256_parts"]["part_bytes"] == 67_108_864


async def test_a_file_read_in_one_piece_has_no_digest_of_parts(database: Database, stack: Stack) -> None:
    obj = fresh()
    await ended(Claims(database), obj)
    assert uploads.rows(stack, obj)[0]["sha256_parts"] is None


async def test_the_latest_earlier_upload_of_the_same_parts_is_found(database: Database) -> None:
    ledger, scan = Claims(database), split()
    first, second, third = fresh(), fresh(), fresh()
    found = [await identical(ledger, obj, scan) for obj in (third, first, second)]  # out of order
    assert found == [None, None, named(first)]
    assert await identical(ledger, fresh(), split()) is None


async def test_files_without_a_digest_are_not_duplicates_of_each_other(database: Database) -> None:
    ledger, cut = Claims(database), Scan(None, 5, error=FileError(ErrorCode.TIMEOUT, "cut off"))
    assert [await identical(ledger, fresh(), cut) for _ in range(2)] == [None, None]


async def test_what_is_kept_is_what_is_delivered(database: Database, stack: Stack) -> None:
    ledger, sha256 = Claims(database), uuid.uuid4().hex * 2
    await ended(ledger, fresh(), replace(SCAN, sha256=sha256))
    obj = fresh()
    claim = await claimed(ledger, obj)
    kept = await ledger.record(claim, verdict(obj, claim, replace(SCAN, sha256=sha256)))
    assert kept["source"]["identical_to"]
    assert uploads.rows(stack, obj)[0]["result"] == json.loads(json.dumps(kept))
    schema.validate(kept)


async def test_two_versions_of_one_second_get_names_of_their_own(database: Database) -> None:
    ledger, one = Claims(database), fresh()
    other = replace(one, version_id=str(uuid.uuid4()))
    first, second = await claimed(ledger, one), await claimed(ledger, other)
    assert first.stamped_name != second.stamped_name
    assert (await claimed(ledger, other)).stamped_name == second.stamped_name


async def test_of_two_uploads_at_one_instant_only_the_later_row_names_the_other(database: Database) -> None:
    ledger, sha256, one = Claims(database), uuid.uuid4().hex * 2, fresh()
    other = replace(one, key="other.csv", version_id=str(uuid.uuid4()))
    assert await identical(ledger, one, replace(SCAN, sha256=sha256)) is None
    assert await identical(ledger, other, replace(SCAN, sha256=sha256)) == named(one)
