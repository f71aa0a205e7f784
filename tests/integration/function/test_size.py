"""A table of many rows: what it is asked is answered from an index, and never by reading all of it."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing
from datetime import timedelta
from typing import Any

import asyncpg
import pytest

from function import migrations, register, store
from function.database import connect
from function.model import Effect
from local.postgres import Postgres
from local.processes import Processes

ROWS = 20_000
DIGEST = "0" * 64  # of every tenth row
# Two a minute, the latest just now; a result as long as that of a table of twelve columns.
FILL = """
INSERT INTO file_metadata
       (bucket, filename, version_id, etag, size_bytes, uploaded_at, stamped_name, claimed_by, received_at,
        started_at, status, "timestamp", finished_at, sha256, result, result_key, backup_key, notified_at)
SELECT 'in', format('in/%s/%s.csv', n / 1000, n), n, n, 1000, t, n, 'x', t, t, 'succeeded', t,
       CASE WHEN n % 5000 <> 7 THEN t END, CASE WHEN n % 10 = 0 THEN $3 ELSE repeat(md5(n::text), 2) END,
       $2::jsonb, 'results/' || n, 'backup/' || n, t
  FROM generate_series(1, $1::int) n, LATERAL (SELECT now() - interval '30 s' * ($1 - n) AS t)
"""
VERDICT = json.dumps({"status": "succeeded", "source": {"sha256": DIGEST}, "csv": {"columns": []}})
DAY, GRACE = timedelta(hours=24), timedelta(minutes=5)
STATEMENTS: dict[str, tuple[str, tuple[object, ...]]] = {
    "what came in lately": (register._STATUS, ("in", DAY)),
    "the latest": (register._HISTORY, ("in", 20)),
    "the latest of a prefix": (register._HISTORY_OF_PREFIX, ("in", 20, "in/2/")),
    "a page that has rows": (register._KNOWN, ("in", [f"in/1/{n}.csv" for n in range(500)], ["1"] * 500)),
    "a page of unfinished": (register._UNFINISHED, ("in", 0, GRACE, 500)),
    "a page of results": (register._DELIVERED[Effect.RESULT], ("results/5", 500)),
    "a page of backups": (register._DELIVERED[Effect.BACKUP], ("backup/5", 500)),
    "an earlier upload of the same bytes": (store._RECORD, (ROWS - 10, 1, VERDICT, store.LEASE)),
}


@pytest.fixture(scope="module")
def postgres() -> Iterator[Postgres]:
    with Processes() as processes, closing(Postgres(processes)) as server:
        server.create()
        asyncio.run(_fill(server))
        yield server


@asynccontextmanager
async def admin(server: Postgres) -> "AsyncIterator[asyncpg.Connection[asyncpg.Record]]":
    connection = await connect(server.admin, str(server.ca_file))
    try:
        yield connection
    finally:
        await connection.close()


async def _fill(server: Postgres) -> None:
    columns = [{"name": f"column {n}", "type": "string", "min": "abc", "max": "xyz"} for n in range(12)]
    async with admin(server) as connection:
        await migrations.apply(connection)
        await connection.execute(FILL, ROWS, json.dumps({"csv": {"columns": columns}}), DIGEST, timeout=100)
        await connection.execute("VACUUM ANALYZE file_metadata", timeout=100)


@asynccontextmanager
async def unfinished(server: Postgres) -> "AsyncIterator[asyncpg.Connection[asyncpg.Record]]":
    """A connection for which row ROWS - 10 has no verdict yet; whatever it changes is undone."""
    async with admin(server) as connection:
        transaction = connection.transaction()
        await transaction.start()
        await connection.execute(
            "UPDATE file_metadata SET finished_at = NULL, sha256 = NULL WHERE id = $1", ROWS - 10
        )
        try:
            yield connection
        finally:
            await transaction.rollback()


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for each in plan.get("Plans", []):
        yield from nodes(each)


@pytest.mark.anyio
@pytest.mark.parametrize("name", STATEMENTS)
async def test_it_is_answered_from_an_index(postgres: Postgres, name: str) -> None:
    statement, arguments = STATEMENTS[name]
    async with unfinished(postgres) as connection:
        answer = await connection.fetchval(f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}", *arguments)
    steps = list(nodes(json.loads(answer)[0]["Plan"]))
    assert not [step for step in steps if step["Node Type"] == "Seq Scan"]
    read = sum(
        (step["Actual Rows"] + step.get("Rows Removed by Filter", 0)) * step["Actual Loops"]
        for step in steps
        if "Scan" in step["Node Type"] and "Relation Name" in step
    )
    assert read < ROWS / 4


@pytest.mark.anyio
async def test_the_latest_of_many_uploads_of_the_same_bytes_is_the_one_before(postgres: Postgres) -> None:
    async with unfinished(postgres) as connection:
        row = await connection.fetchrow(store._RECORD, ROWS - 10, 1, VERDICT, store.LEASE)
    assert row
    assert json.loads(row["identical_to"])["version_id"] == str(ROWS - 20)
