import asyncio
import json
from datetime import UTC, datetime, timedelta

import pytest

from function.domain.errors import TransientError
from function.domain.model import Claim, Effects, Finished, Held, Receipt
from function.postgres import claims
from function.postgres.claims import Claims
from function.postgres.database import Database
from function.postgres.register import Register
from local.stack import Stack
from tests.integration.function.conftest import MakeDatabase
from tests.integration.support.claims import ALL, claimed, ended, fresh, verdict
from tests.support import uploads
from tests.support.examples import TIME

pytestmark = pytest.mark.anyio


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
