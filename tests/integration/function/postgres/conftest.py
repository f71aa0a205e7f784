import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from dataclasses import replace

import pytest

from function.postgres import roles
from function.postgres.database import Database
from local.postgres.server import Postgres
from local.processes.group import Processes
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
async def make(postgres: Postgres) -> AsyncIterator[Make]:
    made: list[Database] = []
    application = replace(postgres.admin, username=roles.APPLICATION_ROLE, password="first")

    def one() -> Database:
        made.append(Database(application.to_secret, str(postgres.ca_file)))
        return made[-1]

    yield one
    for database in made:
        await database.close()


async def _resize(server: Postgres) -> None:
    async with admin(server) as connection:
        await connection.execute(f"ALTER SYSTEM SET max_connections = {MOST}")
