import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import closing
from dataclasses import replace

import asyncpg
import pytest

from function.postgres import roles
from function.postgres.credentials import Credentials
from function.postgres.database import Database, connect
from local.postgres.server import Postgres
from local.processes.group import Processes
from local.stack import Stack
from tests.integration.support.server import MOST, Make, deploy
from tests.support.administrator import admin


@pytest.fixture(scope="module")
def postgres() -> Iterator[Postgres]:
    with Processes() as processes, closing(Postgres(processes)) as server:
        server.create()
        asyncio.run(_resize(server))
        server.stop()
        server.start()
        asyncio.run(deploy(server))
        yield server


@pytest.fixture
def read(postgres: Postgres) -> Callable[[], str]:
    """What a worker does to read the secret."""
    return replace(postgres.admin, username=roles.APPLICATION_ROLE, password="first").to_secret


@pytest.fixture
async def make(postgres: Postgres, read: Callable[[], str]) -> AsyncIterator[Make]:
    made: list[Database] = []

    def one() -> Database:
        made.append(Database(read, str(postgres.ca_file)))
        return made[-1]

    yield one
    for database in made:
        await database.close()


@pytest.fixture
async def application(stack: Stack, secret: str) -> AsyncIterator[asyncpg.Connection]:
    """A session of the application's own role."""
    connection = await connect(Credentials.from_secret(secret), str(stack.postgres.ca_file))
    yield connection
    await connection.close()


async def _resize(server: Postgres) -> None:
    async with admin(server) as connection:
        await connection.execute(f"ALTER SYSTEM SET max_connections = {MOST}")
