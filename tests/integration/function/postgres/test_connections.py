"""A server with few connections: who waits, who gives one back, and who always finds one."""

import asyncio
import random
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, closing
from dataclasses import replace

import pytest

from function.domain.errors import TransientError
from function.domain.model import Claim, Effects, Receipt
from function.domain.report import document
from function.postgres import database as module
from function.postgres import migrations, roles
from function.postgres.claims import Claims
from function.postgres.database import Database, connect
from local.postgres.server import Postgres
from local.processes.group import Processes
from tests.support.administrator import admin
from tests.unit.function.examples import OBJECT, SCAN, TIME, TIMING, TO

pytestmark = pytest.mark.anyio
MOST = 20
FREE = 3 + 5  # the superuser's own, and those that are kept from the application
Make = Callable[[], Database]


@pytest.fixture(scope="module")
def postgres() -> Iterator[Postgres]:
    with Processes() as processes, closing(Postgres(processes)) as server:
        server.create()
        asyncio.run(_resize(server))
        server.stop()
        server.start()
        asyncio.run(_deploy(server))
        yield server


async def _resize(server: Postgres) -> None:
    async with admin(server) as connection:
        await connection.execute(f"ALTER SYSTEM SET max_connections = {MOST}")


async def _deploy(server: Postgres) -> None:
    async with admin(server) as connection:
        await migrations.apply(connection)
        await roles.grant(connection)
        await roles.set_password(connection, roles.APPLICATION_ROLE, "first")


@pytest.fixture
async def make(postgres: Postgres) -> AsyncIterator[Make]:
    made: list[Database] = []
    application = replace(postgres.admin, username=roles.APPLICATION_ROLE, password="first")

    def one() -> Database:
        made.append(Database(application.to_secret, str(postgres.ca_file)))
        return made[-1]

    yield one
    for database in made:
        await database.close()


async def connections(server: Postgres) -> int:
    """Of the application; a connection that was closed may take a moment to go."""
    async with admin(server) as connection:
        await asyncio.sleep(0.2)
        count: int = await connection.fetchval(
            "SELECT count(*) FROM pg_stat_activity WHERE usename = $1", roles.APPLICATION_ROLE
        )
        return count


async def taken(make: Make, count: int) -> list[Database]:
    databases = [make() for _ in range(count)]
    for database in databases:
        await database.row("SELECT 1")
    return databases


async def pid(database: Database) -> int:
    row = await database.row("SELECT pg_backend_pid() AS pid")
    assert row
    return int(row["pid"])


async def test_whoever_finds_no_free_connection_waits_until_there_is_one(make: Make) -> None:
    databases = await taken(make, MOST - FREE)
    waiting = [asyncio.create_task(pid(make())) for _ in range(4)]
    done, _ = await asyncio.wait(waiting, timeout=1.0)
    assert not done
    for database in databases[:4]:
        await database.close()
    assert len(set(await asyncio.gather(*waiting))) == 4


async def test_the_wait_ends_with_a_fault_that_a_retry_may_not_see(make: Make) -> None:
    await taken(make, MOST - FREE)
    with pytest.raises(TransientError, match="TooManyConnectionsError"):
        await make().row("SELECT 1", patience=0.5)


async def test_the_waits_of_many_are_spread_and_grow_to_a_bound(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    bounds: list[float] = []

    class EnoughError(Exception):
        pass

    def uniform(low: float, high: float) -> float:
        bounds.append(high)
        if len(bounds) == 6:
            raise EnoughError
        return low

    monkeypatch.setattr(random, "uniform", uniform)
    await taken(make, MOST - FREE)
    with pytest.raises(EnoughError):
        await make().row("SELECT 1", patience=600)
    assert bounds == [0.2, 0.4, 0.8, 1.6, 2.0, 2.0]


async def test_operators_and_migrations_find_a_connection_while_the_application_has_all_of_its_own(
    make: Make, postgres: Postgres
) -> None:
    await taken(make, MOST - FREE)
    async with AsyncExitStack() as opened:
        free = [await opened.enter_async_context(admin(postgres)) for _ in range(FREE)]
        assert await migrations.apply(free[-1]) == []


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


async def test_a_master_that_is_no_superuser_may_bound_the_application(
    postgres: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As RDS has it: its master may create roles, and no more."""
    monkeypatch.setattr(roles, "APPLICATION_ROLE", "one")  # no roles of another master
    monkeypatch.setattr(roles, "ROLES", ("one", "other"))
    async with admin(postgres) as connection:
        await connection.execute("CREATE ROLE master LOGIN CREATEROLE PASSWORD 'm'")
        await connection.execute("CREATE DATABASE rds OWNER master")
    master = replace(postgres.admin, username="master", password="m", dbname="rds")
    connection = await connect(master, str(postgres.ca_file))
    try:
        await migrations.apply(connection)
        await roles.grant(connection)
        await roles.set_password(connection, "other", "secret")
        row = await connection.fetchrow(
            "SELECT rolconnlimit, setconfig FROM pg_roles JOIN pg_db_role_setting s ON setrole = pg_roles.oid"
            " WHERE rolname = 'other'"
        )
    finally:
        await connection.close()
    assert row
    assert (row["rolconnlimit"], row["setconfig"]) == (MOST - FREE, ["idle_session_timeout=60s"])
