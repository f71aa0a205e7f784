"""A connection that is not used: ended by the server, given back in a crowd, made again without a fault."""

import asyncio
import time
from dataclasses import replace

import pytest

from function.domain.model import Claim, Effects, Receipt
from function.domain.report import document
from function.postgres import database as module
from function.postgres import roles
from function.postgres.claims import Claims
from function.postgres.database import Database
from local.postgres.server import Postgres
from tests.integration.support.server import MOST, Make, connections, pid, taken
from tests.support.administrator import admin
from tests.support.examples import OBJECT, SCAN, TIME, TIMING, TO

pytestmark = pytest.mark.anyio


async def test_a_connection_that_is_not_used_is_ended_by_the_server(make: Make, postgres: Postgres) -> None:
    async with admin(postgres) as connection:
        await connection.execute("ALTER ROLE csv_pipeline SET idle_session_timeout = '100ms'")
        try:
            await make().row("SELECT 1")
            await asyncio.sleep(0.3)
            assert await connections(postgres) == 0
        finally:
            await roles.grant(connection)
    row = await make().row("SHOW idle_session_timeout")
    assert row
    assert row["idle_session_timeout"] == "1min"


async def test_a_connection_that_the_server_ended_is_made_again_once_and_without_a_fault(
    make: Make, postgres: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[object] = []
    original = module.connect

    async def counted(*arguments: object) -> object:
        made.append(arguments)
        return await original(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(module, "connect", counted)
    database = make()
    before = await pid(database)
    async with admin(postgres) as connection:
        await connection.execute("SELECT pg_terminate_backend($1)", before)
    assert await pid(database) != before
    assert len(made) == 2


async def test_a_connection_idle_for_so_long_that_the_server_must_have_ended_it_is_not_tried(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = make()
    before = await pid(database)
    tried = database._connection
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + module.IDLE_SECONDS + 1)
    assert await pid(database) != before
    assert tried is not None
    assert tried.is_closed()


async def stages(database: Database, postgres: Postgres, key: str) -> list[int]:
    """Take a file from its claim to its end; the application's connections after claim, record and settle."""
    ledger, obj = Claims(database), replace(OBJECT, bucket="connections", key=key, version_id=key)
    claim = await ledger.claim(obj, "one", TIME)
    assert isinstance(claim, Claim)
    counts = [await connections(postgres)]
    result = document(obj, SCAN, claim.stamped_name, TO, TIMING)
    await ledger.record(claim, result)
    counts.append(await connections(postgres))
    await ledger.settle(claim, Receipt(Effects(True, True, True)), result)
    counts.append(await connections(postgres))
    return counts


async def test_a_worker_keeps_its_connection_while_few_are_in_use(make: Make, postgres: Postgres) -> None:
    assert await stages(make(), postgres, "calm.csv") == [1, 1, 1]


async def test_a_worker_gives_its_connection_back_while_it_reads_if_more_than_half_are_in_use(
    make: Make, postgres: Postgres
) -> None:
    others = len(await taken(make, MOST // 2))
    assert await stages(make(), postgres, "crowded.csv") == [others, others + 1, others]


async def test_a_lease_that_is_renewed_in_a_crowd_keeps_no_connection(make: Make, postgres: Postgres) -> None:
    others = len(await taken(make, MOST // 2))
    ledger = Claims(make())
    claim = await ledger.claim(replace(OBJECT, bucket="connections", key="renewed.csv"), "one", TIME)
    assert isinstance(claim, Claim)
    await ledger.extend(claim)
    assert await connections(postgres) == others
