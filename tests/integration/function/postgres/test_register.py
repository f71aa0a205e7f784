import uuid
from dataclasses import replace
from datetime import timedelta

import pytest

from function.domain.model import Claim, Document, Effect, Effects, Receipt
from function.domain.report import document
from function.postgres.claims import Claims
from function.postgres.database import Database
from function.postgres.register import Register
from local.stack import Stack
from tests.integration.support.claims import ALL, claimed, fresh, lent, verdict
from tests.support import uploads
from tests.support.examples import IN_PARTS, OBJECT, SCAN, TIME, TIMING, TO

pytestmark = pytest.mark.anyio


async def test_a_key_with_a_nul_is_known_unfinished_and_replayed_under_its_own_name(
    database: Database,
) -> None:
    bucket, ledger, register = f"nul-{uuid.uuid4()}", Claims(database), Register(database)
    obj = replace(OBJECT, bucket=bucket, key="in/a\0b.csv")
    other = replace(obj, key="in/a␀b.csv")
    claim = await ledger.claim(obj, "one", TIME)
    assert isinstance(claim, Claim)
    identities = [(each.key, each.version_id) for each in (obj, other)]
    assert await register.known(bucket, identities) == {identities[0]}
    result = await ledger.record(claim, document(obj, SCAN, claim.stamped_name, TO, TIMING))
    await ledger.settle(claim, Receipt(Effects()), result)
    (left,) = await register.unfinished(bucket, 0, timedelta(0), 10)
    assert left.upload.key == obj.key
    assert await register.replay(other) is None
    replayed = await register.replay(obj)
    assert replayed
    assert replayed.key == obj.key


@pytest.mark.parametrize(
    "position",
    [
        {"pass": "uploads", "after": {"KeyMarker": "a\0b␀␛.csv", "VersionIdMarker": "v1"}},
        {"pass": "unfinished", "after": 7},
        {"pass": "results", "after": "results/a\0b"},
    ],
    ids=lambda position: position["pass"],
)
async def test_a_position_is_kept_whatever_key_it_is_at(database: Database, position: Document) -> None:
    register = Register(database)
    await register.keep_position("register-tests", position)
    assert await register.position("register-tests") == position
    await register.keep_position("register-tests", None)
    assert await register.position("register-tests") is None


async def test_a_page_can_begin_behind_a_key_with_a_nul(database: Database) -> None:
    assert await Register(database).delivered(Effect.RESULT, "results/\U0010ffff\0", 1) == []


async def test_unfinished_rows_are_those_that_nobody_has_and_those_that_an_execution_has(
    database: Database, stack: Stack
) -> None:
    bucket, ledger, register = f"lent-{uuid.uuid4()}", Claims(database), Register(database)
    split, held = (replace(fresh(), bucket=bucket) for _ in range(2))
    claim, name = await lent(ledger, split)
    await claimed(ledger, held)
    [left] = await register.unfinished(bucket, 0, timedelta(0), 10)
    assert (left.row, left.execution, left.held) == (claim.row, name, True)
    assert await register.replay(split) is None
    uploads.query(stack, "UPDATE file_metadata SET claimed_until = now() WHERE id = $1", claim.row)
    [left] = await register.unfinished(bucket, 0, timedelta(0), 10)
    assert (left.row, left.execution, left.held) == (claim.row, name, False)
    assert await register.replay(split)


async def test_a_row_that_an_invocation_took_from_an_execution_is_not_said_to_be_held_by_that(
    database: Database,
) -> None:
    bucket, ledger, register = f"taken-{uuid.uuid4()}", Claims(database), Register(database)
    obj = replace(fresh(), bucket=bucket)
    _, name = await lent(ledger, obj)
    heir = await ledger.claim(obj, "heir", TIME, ended=name)
    assert isinstance(heir, Claim)
    assert await register.unfinished(bucket, 0, timedelta(0), 10) == []
    result = await ledger.record(heir, verdict(obj, heir))
    await ledger.settle(heir, Receipt(Effects()), result)
    [left] = await register.unfinished(bucket, 0, timedelta(0), 10)
    assert (left.execution, left.held) == (name, False)


async def test_a_replay_forgets_the_execution_and_the_digest_of_the_parts(
    database: Database, stack: Stack
) -> None:
    ledger, register, obj = Claims(database), Register(database), fresh()
    _, name = await lent(ledger, obj)
    claim = await claimed(ledger, obj, name)
    result = await ledger.record(claim, verdict(obj, claim, IN_PARTS))
    await ledger.settle(claim, ALL, result)
    row = uploads.rows(stack, obj)[0]
    assert (row["execution"], row["sha256_parts"]["count"]) == (name, 160)
    await register.replay(obj)
    row = uploads.rows(stack, obj)[0]
    assert (row["execution"], row["sha256_parts"]) == (None, None)


async def test_the_latest_rows_say_which_execution_has_them_and_the_counts_how_many(
    database: Database,
) -> None:
    bucket, ledger, register = f"shown-{uuid.uuid4()}", Claims(database), Register(database)
    held, split, run_out = (replace(fresh(), bucket=bucket, key=key) for key in ("1.csv", "2.csv", "3.csv"))
    await claimed(ledger, held)
    _, name = await lent(ledger, split)
    _, late = await lent(ledger, run_out, timedelta(0))
    rows = await register.history(bucket, "", 10)
    assert [row["execution"] for row in rows] == [late, name, None]
    counts = await register.status(bucket, timedelta(hours=1))
    assert (counts["unfinished"], counts["in_hand"], counts["executions"]) == (3, 2, 1)
