"""The administrator of a database."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg

from function.postgres.database import connect
from local.postgres.server import Postgres


@asynccontextmanager
async def admin(server: Postgres) -> "AsyncIterator[asyncpg.Connection[asyncpg.Record]]":
    """A connection with every right."""
    connection = await connect(server.admin, str(server.ca_file))
    try:
        yield connection
    finally:
        await connection.close()
