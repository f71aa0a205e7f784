import asyncio
import itertools
import json
import uuid
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from function.domain.content import CsvWarning, Finding, Scan
from function.domain.errors import ErrorCode, FileError, TransientError
from function.domain.model import Claim, CsvObject, Document, Effects, Finished, Held, Receipt
from function.domain.report import document
from function.postgres import claims
from function.postgres.claims import Claims
from function.postgres.database import Database
from function.postgres.register import Register
from local.stack import Stack
from tests.integration.function.conftest import MakeDatabase
from tests.support import schema, uploads
from tests.unit.function.examples import OBJECT, PROFILE, SCAN, TIME, TIMING, TO

ALL = Receipt(Effects(True, True, True))
_SECONDS = itertools.count()
pytestmark = pytest.mark.anyio


def fresh() -> CsvObject:
    """An object version that no other test has seen, uploaded in a second of its own."""
    when = TIME + timedelta(seconds=next(_SECONDS))
    return replace(OBJECT, bucket="store-tests", version_id=str(uuid.uuid4()), uploaded_at=when)


def verdict(obj: CsvObject, claim: Claim, scan: Scan = SCAN) -> Document:
    return document(obj, scan, claim.stamped_name, TO, TIMING)


async def claimed(ledger: Claims, obj: CsvObject, owner: str = "one") -> Claim:
    claim = await ledger.claim(obj, owner, TIME)
    assert isinstance(claim, Claim)
    return claim


async def ended(ledger: Claims, obj: CsvObject, scan: Scan = SCAN) -> Claim:
    claim = await claimed(ledger, obj)
    result = verdict(obj, claim, scan)
    await ledger.record(claim, result)
    await ledger.settle(claim, ALL, result)
    return claim


async def identical(ledger: Claims, obj: CsvObject, scan: Scan) -> Document | None:
    """The earlier upload that the recorded verdict names."""
    claim = await claimed(ledger, obj)
    kept = await ledger.record(claim, verdict(obj, claim, scan))
    await ledger.settle(claim, ALL, kept)
    found: Document | None = kept["source"]["identical_to"]
    return found


def named(obj: CsvObject) -> Document:
    uploaded_at = obj.uploaded_at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return {"key": obj.key, "version_id": obj.version_id, "uploaded_at": uploaded_at}


async def test_the_first_claim_makes_the_row(database: Database, stack: Stack) -> None:
    obj = fresh()
    claim = await claimed(Claims(database), obj)
    (row,) = uploads.rows(stack, obj)
    assert (row["id"], row["status"], row["timestamp"], row["attempts"]) == (claim.row, "processing", None, 1)
    assert (row["filename"], row["etag"], row["size_bytes"]) == (obj.key, obj.etag, obj.size)
    assert datetime.fromisoformat(row["received_at"]) == TIME
    assert claim.result is None
    assert claim.effects == Effects()


async def test_another_invocation_finds_the_claim_held_until_the_lease_ends(database: Database) -> None:
    ledger, obj = Claims(database), fresh()
    await claimed(ledger, obj)
    other = await ledger.claim(obj, "two", TIME)
    assert isinstance(other, Held)
    assert timedelta(0) < other.until - datetime.now(UTC) <= claims.LEASE


async def test_a_retry_of_the_same_invocation_takes_its_claim_up_at_once(
    database: Database, stack: Stack
) -> None:
    ledger, obj = Claims(database), fresh()
    first = await claimed(ledger, obj)
    again = await claimed(ledger, obj)
    assert again.row == first.row
    assert uploads.rows(stack, obj)[0]["attempts"] == 2


async def test_a_lease_that_ran_out_is_taken_over_and_the_late_holder_changes_nothing(
    database: Database, stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger, obj = Claims(database), fresh()
    monkeypatch.setattr(claims, "LEASE", timedelta(milliseconds=50))
    late = await claimed(ledger, obj, "late")
    await asyncio.sleep(0.1)
    monkeypatch.undo()
    heir = await claimed(ledger, obj, "heir")
    result = verdict(obj, late)
    for write in (
        ledger.extend(late),
        ledger.record(late, result),
        ledger.settle(late, ALL, result),
    ):
        with pytest.raises(TransientError, match="lost to another invocation"):
            await write
    assert uploads.rows(stack, obj)[0]["status"] == "processing"
    await ledger.record(heir, result)
    assert uploads.rows(stack, obj)[0]["status"] == "succeeded"


async def test_a_holder_that_renews_its_lease_keeps_it(database: Database, stack: Stack) -> None:
    ledger, obj = Claims(database), fresh()
    claim = await claimed(ledger, obj)
    before = uploads.rows(stack, obj)[0]["claimed_until"]
    await ledger.extend(claim)
    assert uploads.rows(stack, obj)[0]["claimed_until"] > before


async def test_of_many_that_claim_at_once_one_gets_it(make_database: MakeDatabase, secret: str) -> None:
    obj = fresh()
    ledgers = [Claims(make_database(lambda: secret)) for _ in range(12)]
    claims = await asyncio.gather(
        *(ledger.claim(obj, f"owner-{n}", TIME) for n, ledger in enumerate(ledgers))
    )
    assert sum(isinstance(claim, Claim) for claim in claims) == 1
    assert sum(isinstance(claim, Held) for claim in claims) == 11


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


async def test_a_finished_upload_is_never_claimed_again(database: Database) -> None:
    ledger, obj = Claims(database), fresh()
    await ended(ledger, obj)
    assert await ledger.claim(obj, "one", TIME) == Finished("succeeded")
    assert await ledger.claim(obj, "two", TIME) == Finished("succeeded")


async def test_what_was_not_delivered_is_left_for_whoever_comes_next(database: Database) -> None:
    ledger, obj = Claims(database), fresh()
    claim = await claimed(ledger, obj)
    result = verdict(obj, claim)
    result = await ledger.record(claim, result)
    await ledger.settle(claim, Receipt(Effects(result=True), (TransientError("backup"),)), result)
    heir = await claimed(ledger, obj, "two")
    assert heir.effects == Effects(result=True)
    assert heir.result == json.loads(json.dumps(result))


async def test_the_latest_earlier_upload_of_the_same_bytes_is_found(database: Database) -> None:
    ledger, sha256 = Claims(database), uuid.uuid4().hex * 2
    first, second, third = fresh(), fresh(), fresh()
    found = [
        await identical(ledger, obj, replace(SCAN, sha256=sha256))
        for obj in (third, first, second)  # out of order
    ]
    assert found == [None, None, named(first)]
    assert await identical(ledger, fresh(), replace(SCAN, sha256=uuid.uuid4().hex * 2)) is None


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


async def test_of_one_invocation_that_runs_twice_at_once_only_the_later_run_writes(
    database: Database, stack: Stack
) -> None:
    ledger, obj = Claims(database), fresh()
    earlier, later = await claimed(ledger, obj), await claimed(ledger, obj)
    result = verdict(obj, later)
    for write in (
        ledger.extend(earlier),
        ledger.record(earlier, result),
        ledger.settle(earlier, ALL, result),
    ):
        with pytest.raises(TransientError, match="lost to another"):
            await write
    assert uploads.rows(stack, obj)[0]["status"] == "processing"
    await ledger.record(later, result)
    assert uploads.rows(stack, obj)[0]["status"] == "succeeded"


async def test_a_verdict_with_an_effect_missing_is_not_finished_whatever_was_reported(
    database: Database, stack: Stack
) -> None:
    ledger, obj = Claims(database), fresh()
    claim = await claimed(ledger, obj)
    result = verdict(obj, claim)
    await ledger.record(claim, result)
    await ledger.settle(claim, Receipt(Effects(result=True, backup=True)), result)
    assert uploads.rows(stack, obj)[0]["finished_at"] is None


async def test_of_two_uploads_at_one_instant_only_the_later_row_names_the_other(database: Database) -> None:
    ledger, sha256, one = Claims(database), uuid.uuid4().hex * 2, fresh()
    other = replace(one, key="other.csv", version_id=str(uuid.uuid4()))
    assert await identical(ledger, one, replace(SCAN, sha256=sha256)) is None
    assert await identical(ledger, other, replace(SCAN, sha256=sha256)) == named(one)


async def test_a_worker_that_lost_its_claim_to_a_replay_changes_nothing(
    database: Database, stack: Stack
) -> None:
    ledger, obj = Claims(database), fresh()
    late = await claimed(ledger, obj)
    result = verdict(obj, late)
    uploads.query(
        stack, "UPDATE file_metadata SET claimed_until = now() - interval '1 s' WHERE id = $1", late.row
    )
    assert await Register(database).replay(obj)
    for write in (ledger.record(late, result), ledger.settle(late, ALL, result)):
        with pytest.raises(TransientError, match="lost to another"):
            await write
    assert uploads.rows(stack, obj)[0]["finished_at"] is None


async def test_a_replay_forgets_all_of_a_verdict(database: Database, stack: Stack) -> None:
    ledger, obj = Claims(database), fresh()
    await ended(ledger, obj)
    await Register(database).replay(obj)
    row = uploads.rows(stack, obj)[0]
    for column in (
        "timestamp",
        "sha256",
        "row_count",
        "column_count",
        "rejected_count",
        "warnings",
        "warning_count",
        "result",
        "result_key",
    ):
        assert row[column] is None
    assert row["backup_key"]
