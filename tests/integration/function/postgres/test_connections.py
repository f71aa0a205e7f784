"""A server with few connections: who waits, who gives one back, and who always finds one."""

import asyncio
import random
from contextlib import AsyncExitStack
from dataclasses import replace

import pytest

from function.domain.errors import TransientError
from function.postgres import migrations, roles
from function.postgres.database import connect
from local.postgres.server import Postgres
from tests.integration.support.server import FREE, MOST, Make, pid, taken
from tests.support.administrator import admin

pytestmark = pytest.mark.anyio


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
