"""The only way in which the application can remove a row."""

import re
import uuid
from dataclasses import replace
from datetime import UTC, datetime

import asyncpg
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from function.postgres.database import Database, connect
from function.postgres.register import Register
from local.stack import Stack
from ops.deployed.deployment import KeyFilter
from ops.smoke.sample import sample
from tests.support import uploads

pytestmark = pytest.mark.anyio
KEY = "smoke/2026-11-25_14-30-00_0a1b2c3d.csv"
SHAPE = re.compile(
    r"(.*/)?smoke/\d{4}-\d\d-\d\d_\d\d-\d\d-\d\d_[0-9a-f]{8}\.[A-Za-z0-9_.-]{1,40}", re.ASCII | re.DOTALL
)
INSERT = """
INSERT INTO file_metadata (bucket, filename, version_id, etag, size_bytes, uploaded_at, stamped_name, claimed_by,
                           received_at, started_at, status, "timestamp", finished_at)
VALUES ($1, $2, $3, 'e', 1, now(), $3, 'o', now(), now(), $4, CASE WHEN $4 <> 'processing' THEN now() END,
        CASE WHEN $5 THEN now() END)
"""


@pytest.fixture
def register(database: Database) -> Register:
    return Register(database)


@pytest.fixture
def bucket() -> str:
    return f"forget-{uuid.uuid4()}"


def row(stack: Stack, bucket: str, key: str = KEY, status: str = "succeeded", finished: bool = True) -> None:
    uploads.query(stack, INSERT, bucket, key, str(uuid.uuid4()), status, finished)


def count(stack: Stack, bucket: str) -> int:
    return len(uploads.query(stack, "SELECT FROM file_metadata WHERE bucket = $1", bucket))


@pytest.mark.parametrize("filters", [[], [KeyFilter("in/", ".csv")], [KeyFilter("in", ".TSV.gz")]])
async def test_a_finished_smoke_test_is_forgotten_with_all_its_versions(
    register: Register, stack: Stack, bucket: str, filters: list[KeyFilter]
) -> None:
    key = sample(datetime.now(UTC), "0a1b2c3d", filters).key
    row(stack, bucket, key)
    row(stack, bucket, key, status="failed")
    row(stack, f"{bucket}-other", key)
    assert await register.forget(bucket, key) == (2, None)
    assert count(stack, bucket) == 0
    assert count(stack, f"{bucket}-other") == 1


async def test_what_is_not_there_is_forgotten_already(register: Register, bucket: str) -> None:
    assert await register.forget(bucket, KEY) == (0, None)


@pytest.mark.parametrize("status", ["processing", "succeeded"])
async def test_a_version_that_is_not_finished_keeps_all_rows_of_its_key(
    register: Register, stack: Stack, bucket: str, status: str
) -> None:
    row(stack, bucket)
    row(stack, bucket, status=status, finished=False)
    forgotten, refused = await register.forget(bucket, KEY)
    assert (forgotten, refused) == (0, "it is not finished: the function may still be at it")
    assert count(stack, bucket) == 2


@pytest.mark.parametrize(
    "key",
    [
        "data.csv",
        "smoke/data.csv",
        f"no{KEY}",
        f"{KEY}/data.csv",
        f"{KEY}\n",
        KEY.replace(".csv", ""),
        KEY.replace("0a1b2c3d", "0A1B2C3D"),
        KEY.replace("smoke", "Smoke"),
    ],
)
async def test_a_file_of_another_key_is_not_forgotten(
    register: Register, stack: Stack, bucket: str, key: str
) -> None:
    row(stack, bucket, key)
    assert await register.forget(bucket, key) == (0, "it is not the key of a smoke test")
    assert count(stack, bucket) == 1


@given(
    place=st.integers(0, len(KEY)),
    removed=st.integers(0, 3),
    put=st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=3),
)
@example(place=0, removed=0, put="a/")
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_the_database_takes_the_same_keys_for_smoke_tests_as_the_pattern(
    register: Register, place: int, removed: int, put: str
) -> None:
    key = KEY[:place] + put + KEY[place + removed :]
    _, refused = await register.forget("forget-nothing", key)
    assert (refused is None) == (SHAPE.fullmatch(key) is not None)


async def test_the_application_may_call_it_and_a_role_without_the_grant_may_not(
    application: asyncpg.Connection, stack: Stack, bucket: str
) -> None:
    user = f"stranger_{uuid.uuid4().hex}"
    uploads.query(stack, f"CREATE ROLE {user} LOGIN PASSWORD 'stranger'")
    stranger = await connect(
        replace(stack.postgres.admin, username=user, password="stranger"), str(stack.postgres.ca_file)
    )
    call = "SELECT forgotten FROM forget_smoke($1, $2)"
    assert await application.fetchval(call, bucket, KEY) == 0
    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="function forget_smoke"):
        await stranger.fetchval(call, bucket, KEY)
    await stranger.close()
    uploads.query(stack, f"DROP ROLE {user}")


async def test_whoever_calls_cannot_turn_it_on_another_table(
    application: asyncpg.Connection, stack: Stack, bucket: str
) -> None:
    row(stack, bucket)
    await application.execute("CREATE TEMP TABLE file_metadata (LIKE public.file_metadata)")
    await application.execute("SET search_path = pg_temp, public")
    assert await application.fetchval("SELECT forgotten FROM public.forget_smoke($1, $2)", bucket, KEY) == 1
    assert count(stack, bucket) == 0


def test_it_runs_as_the_owner_of_the_table_with_names_of_its_own(stack: Stack) -> None:
    (found,) = uploads.query(
        stack,
        "SELECT prosecdef, proconfig, proowner = relowner AS same_owner FROM pg_proc, pg_class"
        " WHERE proname = 'forget_smoke' AND pg_class.oid = 'public.file_metadata'::regclass",
    )
    assert found["prosecdef"]
    assert found["proconfig"] == ["search_path=pg_catalog, pg_temp"]
    assert found["same_owner"]
