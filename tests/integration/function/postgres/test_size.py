"""A table of many rows: what it is asked is answered from an index, and never by reading all of it."""

import asyncio
import json
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest

from function.domain.model import Effect
from function.pipeline.reconcile import PAGE
from function.postgres import claims, series
from function.postgres import register_statements as statements
from function.postgres.claim_statements import CLAIM, RECORD
from function.postgres.database import Database
from function.postgres.expectations import PAST_OF
from function.postgres.register import Register
from local.postgres.server import Postgres
from local.processes.group import Processes
from tests.faults.size import DIGEST, Listing, reconcile
from tests.integration.support.large_table import PARTS, ROWS, make, nodes, recorded, unfinished
from tests.support.administrator import admin

pytestmark = pytest.mark.anyio
BY_DIGEST, BY_PARTS = "file_metadata_twin", "file_metadata_parts"
IN_ONE_PIECE = recorded({"sha256": DIGEST, "sha256_parts": None})
IN_PARTS = recorded({"sha256": None, "sha256_parts": PARTS})
NOW = datetime.now(UTC)
CLAIMED = ("in", "in/7/new.csv", "v", "e", 1, NOW, "new", "owner", claims.LEASE, NOW, "in/7/#.csv", None)
DAY, GRACE = timedelta(hours=24), timedelta(minutes=5)
STATEMENTS: dict[str, tuple[str, tuple[object, ...]]] = {
    "what came in lately": (statements.STATUS, ("in", DAY)),
    "the latest": (statements.HISTORY, ("in", 20)),
    "the latest of a prefix": (statements.HISTORY_OF_PREFIX, ("in", 20, "in/2/")),
    "a page that has rows": (
        statements.KNOWN,
        ("in", [f"in/1/{n}.csv" for n in range(500)], ["1"] * 500),
    ),
    "a page of unfinished": (statements.UNFINISHED, ("in", 0, GRACE, 500)),
    "the latest of a prefix, lately": (
        statements.HISTORY_LATELY,
        ("in", 20, "in/", statements.LATELY),
    ),
    "a page of results": (statements.DELIVERED[Effect.RESULT], ("results/00005", 500)),
    "a page of backups": (statements.DELIVERED[Effect.BACKUP], ("backup/00005", 500)),
    "a claim, with the earlier files of its series": (CLAIM, CLAIMED),
    "the earlier files of another series": (PAST_OF, ("in", "in/8/#.csv", ROWS)),
    "when the files of each series came": (series._ARRIVALS, ("in", "", 500, 21)),
    "an earlier upload of the same bytes": (RECORD, IN_ONE_PIECE),
    "an earlier upload of the same parts": (RECORD, IN_PARTS),
}


@pytest.fixture(scope="module")
def postgres() -> Iterator[Postgres]:
    with Processes() as processes, closing(Postgres(processes)) as server:
        server.create()
        asyncio.run(make(server))
        yield server


@pytest.mark.parametrize("name", STATEMENTS)
async def test_it_is_answered_from_an_index(postgres: Postgres, name: str) -> None:
    statement, arguments = STATEMENTS[name]
    async with unfinished(postgres) as connection:
        answer = await connection.fetchval(f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}", *arguments)
    steps = list(nodes(json.loads(answer)[0]["Plan"]))
    whole = {step["Relation Name"] for step in steps if step["Node Type"] == "Seq Scan"}
    assert not whole - {"pg_database"}  # by which a claim sees how many connections are in use
    read = sum(
        (step["Actual Rows"] + step.get("Rows Removed by Filter", 0)) * step["Actual Loops"]
        for step in steps
        if "Scan" in step["Node Type"] and "Relation Name" in step
    )
    assert read < ROWS / 4


@pytest.mark.parametrize(("arguments", "before"), [(IN_ONE_PIECE, ROWS - 20), (IN_PARTS, ROWS - 15)])
async def test_the_latest_of_many_uploads_of_the_same_bytes_is_the_one_before(
    postgres: Postgres, arguments: tuple[object, ...], before: int
) -> None:
    async with unfinished(postgres) as connection:
        row = await connection.fetchrow(RECORD, *arguments)
    assert row
    assert json.loads(row["identical_to"])["version_id"] == str(before)


@pytest.mark.parametrize(
    ("arguments", "used"),
    [
        (IN_ONE_PIECE, {BY_DIGEST}),
        (recorded({"sha256": "f" * 64, "sha256_parts": None}), {BY_DIGEST}),
        (IN_PARTS, {BY_PARTS}),
        (recorded({"sha256": None}), set()),
    ],
    ids=["in one piece", "in one piece, the first", "in parts", "not to its end"],
)
async def test_only_the_index_of_the_digest_that_a_file_has_is_looked_into(
    postgres: Postgres, arguments: tuple[object, ...], used: set[str]
) -> None:
    async with unfinished(postgres) as connection:
        answer = await connection.fetchval(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {RECORD}", *arguments)
    looked = {
        step["Index Name"]
        for step in nodes(json.loads(answer)[0]["Plan"])
        if step.get("Index Name") in {BY_DIGEST, BY_PARTS}
        if step["Shared Hit Blocks"] + step["Shared Read Blocks"]
    }
    assert looked == used


async def test_a_claim_brings_the_last_twenty_files_of_the_series_in_little(postgres: Postgres) -> None:
    async with unfinished(postgres) as connection:
        row = await connection.fetchrow(CLAIM, *CLAIMED)
    assert row
    past = json.loads(row["past"])
    numbers = range(ROWS - 43, 0, -50)  # the latest whose number ends so, as those of its series do
    assert [file[0] for file in past] == [f"in/{n // 1000}/{n}.csv" for n in numbers][:20]
    assert len(row["past"]) < 20 * 1000
    assert json.loads(row["contract"]) == {"prefix": "in/7/", "version": 1, "schema": {}}


async def test_a_long_period_is_counted_from_an_index_alone(postgres: Postgres) -> None:
    async with admin(postgres) as connection:
        answer = await connection.fetchval(
            f"EXPLAIN (ANALYZE, FORMAT JSON) {statements.STATUS}", "in", timedelta(days=3650)
        )
    kinds = {step["Node Type"] for step in nodes(json.loads(answer)[0]["Plan"]) if "Index Name" in step}
    assert "Index Only Scan" in kinds


async def test_the_counts_are_those_of_the_rows(postgres: Postgres) -> None:
    database = Database(postgres.admin.to_secret, str(postgres.ca_file))
    status = await Register(database).status("in", timedelta(days=3650))
    await database.close()
    assert (status["files"], status["succeeded"], status["failed"]) == (ROWS, ROWS, 0)
    assert (status["unfinished"], status["in_hand"]) == (ROWS // 5000, 0)


@pytest.mark.parametrize("prefix", ["", "in/", "in/2/", "in/19/19999.csv", "none"])
async def test_history_of_any_prefix_is_its_latest_rows(postgres: Postgres, prefix: str) -> None:
    database = Database(postgres.admin.to_secret, str(postgres.ca_file))
    rows = await Register(database).history("in", prefix, 20)
    await database.close()
    keys = [f"in/{n // 1000}/{n}.csv" for n in range(ROWS, 0, -1)]
    assert [row["filename"] for row in rows] == [key for key in keys if key.startswith(prefix)][:20]


async def test_history_goes_on_behind_the_latest_rows(
    postgres: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(statements, "LATELY", 10)
    database = Database(postgres.admin.to_secret, str(postgres.ca_file))
    rows = await Register(database).history("in", "in/", 20)
    await database.close()
    assert [row["id"] for row in rows] == list(range(ROWS, ROWS - 20, -1))


async def test_a_reconciliation_stopped_anywhere_goes_on_within_a_page_and_counts_nothing_twice(
    postgres: Postgres,
) -> None:
    database = Database(postgres.admin.to_secret, str(postgres.ca_file))
    first = Listing(ROWS, stop_after=7)
    stopped = await reconcile(database, first)
    assert stopped.position
    second = Listing(ROWS)
    rest = await reconcile(database, second, stopped.position)
    await database.close()
    assert rest.position is None
    assert stopped.found + rest.found == ROWS
    assert (rest.missing_results, rest.missing_backups, rest.orphans, rest.without_row) == (0, 0, 0, 0)
    assert first.pages + second.pages <= 3 * ROWS / PAGE + 4
