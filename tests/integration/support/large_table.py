"""A table of many rows, and what the server does to answer a question about it."""

import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg

from function.postgres import claims
from local.postgres.server import Postgres
from tests.faults.size import DIGEST, fill
from tests.support.administrator import admin

ROWS = 20_000
PARTS = {"part_bytes": 1, "count": 1, "root": DIGEST}  # of one row in a hundred


def recorded(source: dict[str, Any]) -> tuple[object, ...]:
    """The arguments of RECORD for row ROWS - 10."""
    verdict = {
        "status": "succeeded",
        "timing": {"finished_at": "2026-01-01T00:00:00Z"},
        "csv": {"columns": []},
    }
    return ROWS - 10, 1, json.dumps({**verdict, "source": source}), claims.LEASE, None


async def make(server: Postgres) -> None:
    """So many rows, a thousand contracts, and some files that were read in parts."""
    await fill(server, ROWS)
    async with admin(server) as connection:
        await connection.execute(
            "INSERT INTO contract (bucket, prefix, version, schema)"
            " SELECT 'in', format('in/%s/', n), 1, '{}' FROM generate_series(1, 1000) n"
        )
        await connection.execute(
            "UPDATE file_metadata SET sha256 = NULL, sha256_parts = $1::jsonb WHERE id % 100 = 85",
            json.dumps(PARTS),
        )
        await connection.execute("ANALYZE contract, file_metadata")


@asynccontextmanager
async def unfinished(server: Postgres) -> "AsyncIterator[asyncpg.Connection[asyncpg.Record]]":
    """A connection for which row ROWS - 10 has no verdict yet; whatever it changes is undone."""
    async with admin(server) as connection:
        transaction = connection.transaction()
        await transaction.start()
        await connection.execute(
            "UPDATE file_metadata SET status = 'processing', \"timestamp\" = NULL, result = NULL, sha256 = NULL,"
            " result_key = NULL, backup_key = NULL, notified_at = NULL, finished_at = NULL WHERE id = $1",
            ROWS - 10,
        )
        try:
            yield connection
        finally:
            await transaction.rollback()


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for each in plan.get("Plans", []):
        yield from nodes(each)
