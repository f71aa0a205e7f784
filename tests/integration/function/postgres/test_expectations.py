"""What the application may do to contracts and to what is overdue, and how contracts are kept."""

import uuid
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import asyncpg
import pytest

from function.domain.errors import EventError
from function.domain.model import Claim
from function.domain.series.rhythm import Overdue
from function.domain.series.summary import FileSummary
from function.postgres.claims import Claims
from function.postgres.contracts import Contracts
from function.postgres.database import Database
from function.postgres.series import SeriesRegister
from local.stack import Stack
from tests.support import uploads
from tests.support.examples import OBJECT

pytestmark = pytest.mark.anyio
SCHEMA = {"fields": [{"name": "a"}]}
NOW = datetime(2025, 3, 1, tzinfo=UTC)


@pytest.fixture
def bucket() -> str:
    return f"expected-{uuid.uuid4()}"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE contract SET schema = NULL",
        "DELETE FROM contract",
        "TRUNCATE contract",
        "DELETE FROM series_overdue",
        "TRUNCATE series_overdue",
        "DROP TABLE contract",
        "DELETE FROM file_metadata",
    ],
)
async def test_the_application_can_undo_no_version_of_a_contract(
    application: asyncpg.Connection, statement: str
) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await application.execute(statement)


async def test_of_two_that_put_a_contract_at_once_one_is_told(
    database: Database, stack: Stack, bucket: str
) -> None:
    """The other's version is there already, and was not when this one's statement began."""
    contracts = Contracts(database)
    await contracts.put(bucket, "in/", SCHEMA)
    uploads.query(
        stack,
        "CREATE OR REPLACE FUNCTION first() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        " NEW.version := 1; RETURN NEW; END $$",
    )
    uploads.query(
        stack, "CREATE TRIGGER first BEFORE INSERT ON contract FOR EACH ROW EXECUTE FUNCTION first()"
    )
    try:
        with pytest.raises(EventError, match="changed at the same moment; try again"):
            await contracts.put(bucket, "in/", SCHEMA)
    finally:
        uploads.query(stack, "DROP TRIGGER first ON contract")


async def test_a_prefix_is_taken_as_it_is_written(database: Database, bucket: str) -> None:
    contracts = Contracts(database)
    await contracts.put(bucket, "100%_/", SCHEMA)
    assert await contracts.of_key(bucket, "100%_/a.csv")
    assert await contracts.of_key(bucket, "100xy/a.csv") is None
    assert await contracts.of_key(f"{bucket}-other", "100%_/a.csv") is None


async def test_what_was_told_is_known_until_another_file_came(database: Database, bucket: str) -> None:
    register = SeriesRegister(database)
    late = Overdue("s", NOW, timedelta(days=1), NOW)
    later = Overdue("s", NOW + timedelta(days=1), timedelta(days=1), NOW)
    assert await register.told(bucket, [late]) == set()
    await register.tell(bucket, [late])
    assert await register.told(bucket, [late, Overdue("t", NOW, timedelta(1), NOW)]) == {"s"}
    assert await register.told(bucket, [later]) == set()
    await register.tell(bucket, [later])
    assert await register.told(bucket, [later]) == {"s"}


def insert(stack: Stack, bucket: str, number: int, series: str | None, summary: str | None = None) -> None:
    """A file of the bucket, `number` days after the first."""
    uploads.query(
        stack,
        "INSERT INTO file_metadata (bucket, filename, version_id, etag, size_bytes, uploaded_at, stamped_name,"
        " claimed_by, received_at, started_at, series, summary)"
        " VALUES ($1, $2, '1', '', 1, $3, $2, '', now(), now(), $4, $5::jsonb)",
        bucket,
        f"{number}.csv",
        NOW + timedelta(days=number),
        series,
        summary,
    )


async def past(database: Database, bucket: str) -> list[str]:
    """The keys that a file a year later is compared with."""
    obj = replace(OBJECT, bucket=bucket, key="999.csv", uploaded_at=NOW + timedelta(days=365))
    claim = await Claims(database).claim(obj, "owner", NOW)
    assert isinstance(claim, Claim)
    return [file[0] for file in claim.past]


async def test_rows_without_a_summary_are_not_compared_with(
    database: Database, stack: Stack, bucket: str
) -> None:
    insert(stack, bucket, 1, None)  # of an earlier release
    insert(stack, bucket, 2, "#.csv", "[]")
    insert(stack, bucket, 3, "#.csv")  # it failed, or is being read
    insert(stack, bucket, 4, "other", "[]")
    assert await past(database, bucket) == ["2.csv"]


async def test_of_many_files_the_latest_twenty_are_compared_with(
    database: Database, stack: Stack, bucket: str
) -> None:
    for number in range(25):
        insert(stack, bucket, number, "#.csv", "[]")
    assert await past(database, bucket) == [f"{number}.csv" for number in range(24, 4, -1)]


async def test_series_are_listed_page_by_page_in_the_order_of_their_names(
    database: Database, stack: Stack, bucket: str
) -> None:
    for number, name in enumerate(["b", "a", "Ä", "c", "a"]):
        insert(stack, bucket, number, name)
    register = SeriesRegister(database)
    first = await register.arrivals(bucket, "", 2)
    assert first == [("a", [NOW + timedelta(days=4), NOW + timedelta(days=1)]), ("b", [NOW])]
    assert [name for name, _ in await register.arrivals(bucket, "b", 2)] == ["c", "Ä"]
    assert await register.arrivals(bucket, "Ä", 2) == []


async def test_a_file_read_in_parts_is_compared_by_the_digest_of_its_parts(
    database: Database, stack: Stack, bucket: str
) -> None:
    parts = '{"part_bytes": 1, "count": 2, "root": "abcd"}'
    insert(stack, bucket, 1, "#.csv", "[]")
    uploads.query(stack, "UPDATE file_metadata SET sha256_parts = $2::jsonb WHERE bucket = $1", bucket, parts)
    insert(stack, bucket, 2, "#.csv", "[]")
    uploads.query(
        stack,
        "UPDATE file_metadata SET sha256 = 'ef' WHERE version_id = '1' AND filename = '2.csv'"
        " AND bucket = $1",
        bucket,
    )
    obj = replace(OBJECT, bucket=bucket, key="999.csv", uploaded_at=NOW + timedelta(days=365))
    claim = await Claims(database).claim(obj, "owner", NOW)
    assert isinstance(claim, Claim)
    assert [FileSummary.read(file).digest for file in claim.past] == ["ef", "abcd"]
