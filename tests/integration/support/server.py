"""A PostgreSQL of a test's own, and workers that use it."""

import asyncio
from collections.abc import Callable

from function.postgres import migrations, roles
from function.postgres.database import Database
from local.postgres.server import Postgres
from tests.support.administrator import admin

MOST = 20
FREE = 3 + 5  # the superuser's own, and those that are kept from the application
Make = Callable[[], Database]


async def deploy(server: Postgres) -> None:
    """As a deployment leaves it: schema, and the worker's role."""
    async with admin(server) as connection:
        await migrations.apply(connection)
        await roles.grant(connection)
        await roles.set_password(connection, roles.APPLICATION_ROLE, "first")


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
