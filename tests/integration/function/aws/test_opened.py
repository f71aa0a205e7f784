"""The look at the start of a large object, and the reading that goes on from there."""

import gzip
import hashlib
import time
from datetime import UTC, datetime

import pytest

from function.aws.source import S3Source
from function.domain.errors import ErrorCode, OutOfTimeError, TransientError
from function.domain.fanout import MEGABYTE
from function.domain.model import CsvObject, Deadline
from local.stack import Stack
from tests.support import uploads
from tests.support.broken_s3 import broken_s3, client_of

pytestmark = pytest.mark.anyio
NEVER = Deadline(float("inf"))
TABLE = b"id,name\n" + b"".join(b"%d,name %d\n" % (number, number) for number in range(250_000))
ZIPPED = gzip.compress(TABLE, 1)


def remote(url: str) -> S3Source:
    return S3Source(client_of(url))


def version(body: bytes) -> CsvObject:
    return CsvObject("bucket", "key.csv", "v1", "", len(body), datetime.now(UTC))


async def test_a_table_is_planned_on_its_start() -> None:
    with broken_s3(TABLE, portion=len(TABLE)) as server:
        opened = remote(server.url).open(version(TABLE))
        plan = await opened.plan(NEVER, MEGABYTE)
        await opened.aclose()
        assert plan
        assert plan.count == -(-len(TABLE) // MEGABYTE)
        assert server.ranges == [None]


@pytest.mark.parametrize("portion", [len(ZIPPED), 1_200_000])
async def test_what_cannot_be_split_is_read_from_the_same_answer(portion: int) -> None:
    with broken_s3(ZIPPED, portion) as server:
        opened = remote(server.url).open(version(ZIPPED))
        assert await opened.plan(NEVER, MEGABYTE) is None
        scan = await opened.scan(NEVER)
        await opened.aclose()
        assert scan.profile
        assert (scan.profile.rows, scan.sha256) == (250_000, hashlib.sha256(ZIPPED).hexdigest())
        assert server.ranges[0] is None
        assert len(server.ranges) == -(-len(ZIPPED) // portion)


async def test_what_is_said_of_a_file_is_in_the_plan(stack: Stack) -> None:
    said = {"csv-delimiter": ";"}
    obj = uploads.put(stack, "said.csv", TABLE, stack.names.backup_bucket, Metadata=said)
    opened = S3Source(uploads.s3(stack)).open(obj)
    plan = await opened.plan(NEVER, MEGABYTE)
    await opened.aclose()
    assert getattr(plan, "options").delimiter == ";"  # noqa: B009 the pipeline does not look into a plan


async def test_a_word_that_cannot_be_meant_is_left_to_the_reading(stack: Stack) -> None:
    said = {"csv-header": "perhaps"}
    obj = uploads.put(stack, "perhaps.csv", TABLE, stack.names.backup_bucket, Metadata=said)
    opened = S3Source(uploads.s3(stack)).open(obj)
    assert await opened.plan(NEVER, MEGABYTE) is None
    error = (await opened.scan(NEVER)).error
    await opened.aclose()
    assert error
    assert error.code is ErrorCode.BAD_INSTRUCTION


async def test_an_object_that_is_gone_is_left_to_the_reading(stack: Stack) -> None:
    obj = uploads.put(stack, "gone.csv", TABLE, stack.names.backup_bucket)
    uploads.s3(stack).delete_object(Bucket=obj.bucket, Key=obj.key, VersionId=obj.version_id)
    opened = S3Source(uploads.s3(stack)).open(obj)
    assert await opened.plan(NEVER, MEGABYTE) is None
    error = (await opened.scan(NEVER)).error
    await opened.aclose()
    assert error
    assert error.code is ErrorCode.OBJECT_GONE


async def test_an_s3_that_fails_at_the_start_is_a_fault() -> None:
    with broken_s3(TABLE, portion=0) as server:
        opened = remote(server.url).open(version(TABLE))
        with pytest.raises(TransientError, match="at byte 0"):
            await opened.plan(NEVER, MEGABYTE)
        await opened.aclose()


async def test_without_time_to_begin_nothing_is_planned() -> None:
    with broken_s3(TABLE, portion=len(TABLE)) as server:
        opened = remote(server.url).open(version(TABLE))
        with pytest.raises(OutOfTimeError, match="no time left"):
            await opened.plan(Deadline(time.monotonic() - 1), MEGABYTE)
        await opened.aclose()
