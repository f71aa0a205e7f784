"""The database's schema: numbered SQL files, each applied once, in order."""

import importlib.resources
import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import asyncpg

_LOG = logging.getLogger(__name__)
_LOG.setLevel(logging.INFO)
_LOCK = 7_267_835_001  # any number, as long as nothing else in this database takes the same advisory lock


@asynccontextmanager
async def alone(connection: "asyncpg.Connection[asyncpg.Record]") -> AsyncIterator[None]:
    """Keep every other connection that asks for the same out, until the body is done."""
    await connection.execute("SELECT pg_advisory_lock($1)", _LOCK)
    try:
        yield
    finally:
        await connection.execute("SELECT pg_advisory_unlock($1)", _LOCK)


async def apply(connection: "asyncpg.Connection[asyncpg.Record]") -> list[str]:
    """Apply the migrations that are missing, each in its own transaction, one deployer at a time.

    Returns:
        Their file names, in order; empty if the schema was current.
    """
    async with alone(connection):
        await connection.execute(
            "CREATE TABLE IF NOT EXISTS schema_migrations"
            " (name TEXT PRIMARY KEY, applied_at TIMESTAMPTZ NOT NULL DEFAULT now())"
        )
        done = {row["name"] for row in await connection.fetch("SELECT name FROM schema_migrations")}
        missing = [(name, sql) for name, sql in files() if name not in done]
        for name, sql in missing:
            async with connection.transaction():
                await connection.execute(sql)
                await connection.execute("INSERT INTO schema_migrations (name) VALUES ($1)", name)
            _LOG.info("migration applied", extra={"migration": name})
    return [name for name, _ in missing]


def files() -> Iterator[tuple[str, str]]:
    """Every migration as (file name, SQL), in the order of its number."""
    folder = importlib.resources.files(__name__)
    for file in sorted(folder.iterdir(), key=lambda each: each.name):
        if file.name.endswith(".sql"):
            yield file.name, file.read_text(encoding="utf-8")
