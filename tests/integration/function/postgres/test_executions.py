"""Claims that an execution of the state machine holds."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from function.domain.errors import TransientError
from function.domain.model import Claim, CsvObject, Effects, Held, Receipt
from function.postgres.claims import LEASE, Claims
from function.postgres.database import Database
from local.stack import Stack
from tests.integration.support.claims import ALL, HOUR, claimed, fresh, lent, verdict
from tests.support import uploads
from tests.support.examples import TIME

pytestmark = pytest.mark.anyio


def remaining(stack: Stack, obj: CsvObject) -> timedelta:
    until: str = uploads.rows(stack, obj)[0]["claimed_until"]
    return datetime.fromisoformat(until) - datetime.now(UTC)


async def test_a_claim_that_is_lent_is_held_by_the_execution(database: Database) -> None:
    ledger, obj = Claims(database), fresh()
    _, name = await lent(ledger, obj)
    for owner in ("worker", "another"):
        other = await ledger.claim(obj, owner, TIME)
        assert isinstance(other, Held)
        assert other.execution == name
        assert HOUR - LEASE < other.until - datetime.now(UTC) <= HOUR


async def test_a_claim_that_an_invocation_holds_names_no_execution(database: Database) -> None:
    ledger, obj = Claims(database), fresh()
    await claimed(ledger, obj)
    other = await ledger.claim(obj, "two", TIME)
    assert isinstance(other, Held)
    assert other.execution is None


async def test_a_claim_that_was_lost_cannot_be_lent(database: Database, stack: Stack) -> None:
    ledger, obj = Claims(database), fresh()
    late = await claimed(ledger, obj)
    await claimed(ledger, obj)
    with pytest.raises(TransientError, match="lost to another invocation"):
        await ledger.lend(late, "late", HOUR)
    assert uploads.rows(stack, obj)[0]["execution"] is None


async def test_no_step_shortens_the_lease_of_an_execution(database: Database, stack: Stack) -> None:
    ledger, obj = Claims(database), fresh()
    lender, name = await lent(ledger, obj)
    await ledger.extend(lender)  # its heartbeat may beat once more
    assert remaining(stack, obj) > HOUR - LEASE
    claim = await claimed(ledger, obj, name)
    assert remaining(stack, obj) > HOUR - LEASE
    await ledger.extend(claim)
    assert remaining(stack, obj) > HOUR - LEASE
    await ledger.record(claim, verdict(obj, claim))
    assert remaining(stack, obj) > HOUR - LEASE


async def test_a_step_longer_than_the_lease_of_its_execution_renews_it(
    database: Database, stack: Stack
) -> None:
    ledger, obj = Claims(database), fresh()
    _, name = await lent(ledger, obj, timedelta(seconds=1))
    claim = await claimed(ledger, obj, name)
    await ledger.extend(claim)
    assert remaining(stack, obj) > timedelta(seconds=5)


async def test_each_try_of_its_last_step_goes_on_with_the_claim(database: Database, stack: Stack) -> None:
    ledger, obj = Claims(database), fresh()
    _, name = await lent(ledger, obj)
    first = await claimed(ledger, obj, name)
    again = await claimed(ledger, obj, name)
    assert (again.row, again.attempts) == (first.row, first.attempts + 1)
    result = await ledger.record(again, verdict(obj, again))
    await ledger.settle(again, Receipt(Effects(result=True), (TransientError("backup"),)), result)
    last = await claimed(ledger, obj, name)
    assert last.effects == Effects(result=True)
    await ledger.settle(last, ALL, result)
    row = uploads.rows(stack, obj)[0]
    assert (row["execution"], row["claimed_by"], row["claimed_until"]) == (name, name, None)
    assert row["finished_at"]


async def test_a_row_is_taken_over_from_an_execution_that_has_ended(database: Database, stack: Stack) -> None:
    ledger, obj = Claims(database), fresh()
    _, name = await lent(ledger, obj)
    step = await claimed(ledger, obj, name)
    heir = await ledger.claim(obj, "heir", TIME, ended=name)
    assert isinstance(heir, Claim)
    assert heir.attempts == step.attempts + 1
    assert remaining(stack, obj) <= LEASE
    with pytest.raises(TransientError, match="lost to another"):
        await ledger.record(step, verdict(obj, step))
    await ledger.lend(heir, "second", HOUR)
    assert uploads.rows(stack, obj)[0]["execution"] == "second"


async def test_the_row_names_the_last_execution_whoever_ends_its_work(
    database: Database, stack: Stack
) -> None:
    ledger, obj = Claims(database), fresh()
    _, name = await lent(ledger, obj)
    step = await claimed(ledger, obj, name)
    result = await ledger.record(step, verdict(obj, step))
    await ledger.settle(step, Receipt(Effects(result=True), (TransientError("backup"),)), result)
    heir = await claimed(ledger, obj, "heir")
    while_held = await ledger.claim(obj, "other", TIME)
    assert isinstance(while_held, Held)
    assert while_held.execution is None
    await ledger.settle(heir, ALL, result)
    assert uploads.rows(stack, obj)[0]["execution"] == name


async def test_a_row_is_not_taken_over_for_the_end_of_another_execution(
    database: Database, stack: Stack
) -> None:
    ledger, obj = Claims(database), fresh()
    _, first = await lent(ledger, obj)
    heir = await ledger.claim(obj, "heir", TIME, ended=first)
    assert isinstance(heir, Claim)
    late = await ledger.claim(obj, "late", TIME, ended=first)  # heard of the same end
    assert isinstance(late, Held)
    assert late.execution is None
    await ledger.lend(heir, "second", HOUR)
    later = await ledger.claim(obj, "later", TIME, ended=first)
    assert isinstance(later, Held)
    assert later.execution == "second"


async def test_of_many_that_hear_of_the_end_of_an_execution_one_takes_the_row_over(
    database: Database,
) -> None:
    ledger, obj = Claims(database), fresh()
    _, name = await lent(ledger, obj)
    answers = await asyncio.gather(*(ledger.claim(obj, f"{n}", TIME, ended=name) for n in range(8)))
    assert sum(isinstance(answer, Claim) for answer in answers) == 1


async def test_a_lease_of_an_execution_that_ran_out_is_taken_over(database: Database, stack: Stack) -> None:
    ledger, obj = Claims(database), fresh()
    _, name = await lent(ledger, obj, timedelta(0))
    heir = await claimed(ledger, obj, "heir")
    late = await ledger.claim(obj, name, TIME)
    assert isinstance(late, Held)
    assert late.execution is None
    await ledger.record(heir, verdict(obj, heir))
