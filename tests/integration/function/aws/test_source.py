import hashlib
import time
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from function.aws.source import S3Source
from function.domain.errors import ErrorCode, TransientError
from function.domain.model import CsvObject, Deadline, Upload
from local.stack import Stack
from tests.support import uploads
from tests.support.broken_s3 import broken_s3, client_of

pytestmark = pytest.mark.anyio
NEVER = Deadline(float("inf"))
BODY = bytes(range(256)) * 20_000
OBJECT = CsvObject("bucket", "key.csv", "v1", "", len(BODY), datetime.now(UTC))


@pytest.fixture
def source(stack: Stack) -> S3Source:
    return S3Source(stack.client("s3"))


def remote(url: str) -> S3Source:
    return S3Source(client_of(url))


async def test_a_version_is_read_although_a_newer_one_is_there(stack: Stack, source: S3Source) -> None:
    old = uploads.put(stack, "versions.csv", b"a\nold\n")
    uploads.put(stack, "versions.csv", b"a\nnew and longer\n")
    assert (await source.open(old).scan(NEVER)).size == len(b"a\nold\n")


async def test_the_hash_is_of_exactly_the_bytes_that_were_counted(stack: Stack, source: S3Source) -> None:
    body = b"a,b\n1,2\n"
    scan = await source.open(uploads.put(stack, "hash.csv", body)).scan(NEVER)
    assert scan.sha256 == hashlib.sha256(body).hexdigest()
    assert scan.profile
    assert scan.profile.rows == 1


async def test_an_upload_that_names_its_version_is_pinned_without_a_request() -> None:
    upload = Upload("bucket", "key", "v1", "etag", 5, datetime.now(UTC))
    pinned = await remote("http://127.0.0.1:1").pin(upload)
    assert (pinned.version_id, pinned.etag, pinned.size) == ("v1", "etag", 5)


async def test_an_upload_without_a_version_is_pinned_to_the_current_one(
    stack: Stack, source: S3Source
) -> None:
    obj = uploads.put(stack, "current.csv", b"a\n1\n")
    pinned = await source.pin(Upload(obj.bucket, obj.key, None, "", 0, obj.uploaded_at))
    assert pinned == replace(obj)


async def test_an_object_that_is_not_there_is_pinned_and_then_found_gone(
    stack: Stack, source: S3Source
) -> None:
    upload = Upload(stack.names.input_bucket, "never there.csv", None, "", 0, datetime.now(UTC))
    scan = await source.open(await source.pin(upload)).scan(NEVER)
    assert scan.error
    assert scan.error.code is ErrorCode.OBJECT_GONE
    assert scan.sha256 is None


async def test_bytes_that_are_not_those_of_the_event_are_not_read(stack: Stack, source: S3Source) -> None:
    obj = uploads.put(stack, "etag.csv", b"a\n1\n")
    scan = await source.open(replace(obj, etag="0" * 32)).scan(NEVER)
    assert scan.error
    assert scan.error.code is ErrorCode.OBJECT_GONE
    assert "overwritten" in scan.error.message


async def test_a_stream_that_breaks_is_taken_up_where_it_broke() -> None:
    with broken_s3(BODY, portion=1_500_000) as server:
        scan = await remote(server.url).open(OBJECT).scan(NEVER)
        assert scan.sha256 == hashlib.sha256(BODY).hexdigest()
        assert server.ranges[0] is None
        assert len(server.ranges) == 4
        assert server.ranges[1:] == [f"bytes={n}-" for n in (1_500_000, 3_000_000, 4_500_000)]


async def test_a_stream_that_gives_nothing_any_more_is_a_fault_that_names_the_place() -> None:
    with (
        broken_s3(BODY, portion=0) as server,
        pytest.raises(TransientError, match=r"s3://bucket/key\.csv at byte 0"),
    ):
        await remote(server.url).open(OBJECT).scan(NEVER)


async def test_an_endpoint_that_does_not_answer_fails_in_seconds_and_is_named() -> None:
    began = time.monotonic()
    with pytest.raises(TransientError, match="127\\.0\\.0\\.1:1/"):
        await remote("http://127.0.0.1:1").open(OBJECT).scan(NEVER)
    assert time.monotonic() - began < 20


async def test_reading_stops_before_the_time_is_up_and_says_what_to_do(
    stack: Stack, source: S3Source
) -> None:
    obj = uploads.put(stack, "late.csv", b"a\n" + b"1234567\n" * 2_000_000)
    scan = await source.open(obj).scan(Deadline(time.monotonic() + 0.05))
    assert scan.error
    assert scan.error.code is ErrorCode.TIMEOUT
    assert "time-out" in scan.error.message
    assert scan.sha256 is None


@pytest.mark.parametrize("said", [{"Metadata": {"csv-header": "false"}}, {"Tagging": "csv-header=false"}])
async def test_what_the_uploader_says_of_a_file_beats_every_guess(
    stack: Stack, source: S3Source, said: dict[str, Any]
) -> None:
    obj = uploads.put(stack, f"{next(iter(said))}.csv", b"name,city\nann,rome\n", **said)
    scan = await source.open(obj).scan(NEVER)
    assert scan.profile
    assert scan.profile.rows == 2
    assert scan.profile.dialect.header is False


async def test_a_tag_beats_metadata(stack: Stack, source: S3Source) -> None:
    said: dict[str, Any] = {"Metadata": {"csv-header": "true"}, "Tagging": "csv-header=false"}
    scan = await source.open(uploads.put(stack, "both.csv", b"name\nann\n", **said)).scan(NEVER)
    assert scan.profile
    assert scan.profile.rows == 2


async def test_a_word_that_cannot_be_meant_fails_the_file(stack: Stack, source: S3Source) -> None:
    said: dict[str, Any] = {"Metadata": {"csv-header": "perhaps"}}
    scan = await source.open(uploads.put(stack, "perhaps.csv", b"name\nann\n", **said)).scan(NEVER)
    assert scan.error
    assert scan.error.code is ErrorCode.BAD_INSTRUCTION
    assert "csv-header='perhaps'" in scan.error.message


async def test_a_file_read_to_its_end_is_never_out_of_time() -> None:
    body = b"a\n1\n"
    with broken_s3(body, portion=len(body), pause=0.3) as server:
        scan = await remote(server.url).open(OBJECT).scan(Deadline(time.monotonic() + 0.2))
    assert scan.error is None
    assert scan.sha256 == hashlib.sha256(body).hexdigest()


async def test_without_time_to_begin_the_file_is_left_to_a_retry(source: S3Source) -> None:
    with pytest.raises(TransientError, match=r"no time left to read s3://bucket/key\.csv"):
        await source.open(OBJECT).scan(Deadline(time.monotonic() - 1))


async def test_an_s3_that_breaks_off_until_the_time_is_up_is_a_fault_and_no_verdict() -> None:
    with (
        broken_s3(BODY, portion=0, pause=0.3) as server,
        pytest.raises(TransientError, match="at byte 0"),
    ):
        await remote(server.url).open(OBJECT).scan(Deadline(time.monotonic() + 0.2))
    assert len(server.ranges) == 1


async def test_a_server_that_begins_anew_instead_of_going_on_is_a_fault_and_no_byte_counts_twice() -> None:
    with (
        broken_s3(BODY, portion=1_500_000, ranged=False) as server,
        pytest.raises(TransientError, match="asked for byte 1,500,000, it began elsewhere"),
    ):
        await remote(server.url).open(OBJECT).scan(NEVER)


async def test_reading_stops_before_the_memory_is_full_and_says_what_to_do(stack: Stack) -> None:
    source = S3Source(stack.client("s3"), memory=64 * 1024**2)  # this process holds more
    obj = uploads.put(stack, "memory.csv", b"a\n" + b"1234567\n" * 500_000)
    scan = await source.open(obj).scan(NEVER)
    assert scan.error
    assert scan.error.code is ErrorCode.TOO_LARGE
    assert "raise its memory" in scan.error.message
    small = await source.open(uploads.put(stack, "small.csv", b"a\n1\n")).scan(NEVER)
    assert small.error is None
