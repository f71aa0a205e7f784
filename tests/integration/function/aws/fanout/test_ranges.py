import random
import time
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from function.aws.fanout import ranges as module
from function.aws.fanout.ranges import Ranges
from function.aws.fanout.work import UnreadableError
from function.domain.errors import OutOfTimeError, TransientError
from function.domain.fanout import MEGABYTE
from function.domain.model import CsvObject, Deadline
from local.stack import Stack
from tests.support import uploads
from tests.support.broken_s3 import broken_s3, client_of

NEVER = Deadline(float("inf"))
BODY = random.Random(1).randbytes(5 * MEGABYTE + 12345)
OBJECT = CsvObject("bucket", "key.csv", "v1", "", len(BODY), datetime.now(UTC))


def remote(url: str, end: int, deadline: Deadline = NEVER) -> Ranges:
    return Ranges(client_of(url), OBJECT, len(BODY), end, deadline)


@pytest.mark.parametrize("offset", [0, 1, 1_000_000, len(BODY) - 1])
def test_the_bytes_of_a_version_come_from_the_offset_to_the_end(stack: Stack, offset: int) -> None:
    obj = uploads.put(stack, "ranges/a.csv", BODY, stack.names.backup_bucket)
    uploads.put(stack, "ranges/a.csv", b"newer", stack.names.backup_bucket)
    ranges = Ranges(uploads.s3(stack), obj, len(BODY), 2 * MEGABYTE, NEVER)
    assert b"".join(ranges(offset)) == BODY[offset:]
    assert ranges.taken == len(BODY) - offset


def test_behind_the_end_of_the_object_nothing_is_asked_for() -> None:
    assert list(remote("http://127.0.0.1:1", MEGABYTE)(len(BODY))) == []


def test_a_part_is_asked_for_with_a_little_more_and_the_rest_only_when_it_is_needed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "_FURTHER", 2 * MEGABYTE)
    with broken_s3(BODY, portion=len(BODY)) as server:
        blocks = remote(server.url, 2 * MEGABYTE)(MEGABYTE)
        taken = next(blocks)
        assert server.ranges == [f"bytes={MEGABYTE}-{3 * MEGABYTE - 1}"]
        taken += b"".join(blocks)
        assert taken == BODY[MEGABYTE:]
        assert server.ranges[1:] == [
            f"bytes={3 * MEGABYTE}-{5 * MEGABYTE - 1}",
            f"bytes={5 * MEGABYTE}-{len(BODY) - 1}",
        ]


def test_an_offset_behind_the_part_is_asked_for_too() -> None:
    with broken_s3(BODY, portion=len(BODY)) as server:
        assert b"".join(remote(server.url, MEGABYTE)(4 * MEGABYTE)) == BODY[4 * MEGABYTE :]
        assert server.ranges == [f"bytes={4 * MEGABYTE}-{len(BODY) - 1}"]


def test_a_broken_range_is_taken_up_where_it_broke_and_ends_where_it_should() -> None:
    with broken_s3(BODY, portion=1_500_000) as server:
        assert b"".join(remote(server.url, 3 * MEGABYTE)(MEGABYTE)) == BODY[MEGABYTE:]
        assert len(server.ranges) > 3
        assert server.ranges[1] == f"bytes={MEGABYTE + 1_500_000}-{4 * MEGABYTE - 1}"


def test_a_server_that_does_not_heed_a_range_is_a_fault_and_no_byte_is_taken_for_another() -> None:
    with (
        broken_s3(BODY, portion=len(BODY), ranged=False) as server,
        pytest.raises(TransientError, match="asked for byte 1,048,576, it began elsewhere"),
    ):
        list(remote(server.url, 3 * MEGABYTE)(MEGABYTE))


def test_a_part_that_takes_too_long_is_given_up_for_another_attempt() -> None:
    with broken_s3(BODY, portion=len(BODY), pause=0.3) as server:
        blocks = remote(server.url, 3 * MEGABYTE, Deadline(time.monotonic() + 0.2))(MEGABYTE)
        with pytest.raises(OutOfTimeError, match="is read as far as byte 2,097,152; read smaller parts"):
            list(blocks)


def test_a_part_stops_before_the_process_is_killed_for_its_memory() -> None:
    with broken_s3(BODY, portion=len(BODY)) as server:
        ranges = remote(server.url, 3 * MEGABYTE)
        ranges.memory = 64 * MEGABYTE  # this process holds more
        with pytest.raises(MemoryError):
            list(ranges(MEGABYTE))


@pytest.mark.parametrize("change", ["delete", "other etag"])
def test_a_version_that_is_gone_is_no_finding_of_the_part(stack: Stack, change: str) -> None:
    obj = uploads.put(stack, f"ranges/{change}.csv", b"a\n" * 100, stack.names.backup_bucket)
    if change == "delete":
        uploads.s3(stack).delete_object(Bucket=obj.bucket, Key=obj.key, VersionId=obj.version_id)
    else:
        obj = replace(obj, etag="0" * 32)
    with pytest.raises(UnreadableError, match="deleted or overwritten"):
        list(Ranges(uploads.s3(stack), obj, 200, 200, NEVER)(0))


def test_whoever_needs_no_more_leaves_no_connection_open() -> None:
    with broken_s3(BODY, portion=len(BODY)) as server:
        blocks = remote(server.url, 3 * MEGABYTE)(0)
        next(blocks)
        blocks.close()  # type: ignore[attr-defined]
        assert server.ranges == [f"bytes=0-{4 * MEGABYTE - 1}"]
        assert list(blocks) == []
