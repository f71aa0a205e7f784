"""One worker, invoked again and again: it holds no more at the end than near the beginning."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from function.postgres import roles
from local.stack import Stack
from tests.support import uploads

INVOCATIONS = 5_000 if os.environ.get("FAULTS") == "all" else 250
BODY = b"id,name\n" + b"1,ann\n" * 200


@dataclass(frozen=True, slots=True)
class Held:
    """What a process has in hand."""

    pid: int
    descriptors: int
    threads: int
    memory: int
    connections: int


@pytest.fixture
def stack() -> Iterator[Stack]:
    with Stack(concurrency=1, variables={"SUPERSEDE_SECONDS": "0"}) as running:  # no wait for empty files
        yield running


def held(stack: Stack) -> Held:
    (pid,) = stack.workers
    process = Path(f"/proc/{pid}")
    sql = "SELECT count(*) FROM pg_stat_activity WHERE usename = $1"
    (row,) = uploads.query(stack, sql, roles.APPLICATION_ROLE)
    return Held(
        pid,
        descriptors=len(list((process / "fd").iterdir())),
        threads=len(list((process / "task").iterdir())),
        memory=int((process / "statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE"),
        connections=row["count"],
    )


def invoke(stack: Stack, number: int) -> None:
    """A file, an event of it once more, and now and then a bad file and an event that is none of ours."""
    obj = uploads.put(stack, f"{number}.csv", BODY if number % 10 else b"", "leaks")
    answer = stack.invoke(uploads.event(obj))
    assert not answer.failed, answer.payload
    assert answer.payload[0]["status"] == ("succeeded" if number % 10 else "failed")
    if number % 10 == 1:
        assert stack.invoke(uploads.event(obj)).payload[0]["repeated"]
        assert stack.invoke({"no": "event of ours"}).failed


@pytest.mark.timeout(3600)
def test_connections_descriptors_threads_and_memory_stay_flat(
    stack: Stack, capsys: pytest.CaptureFixture[str]
) -> None:
    s3 = stack.client("s3")
    s3.create_bucket(Bucket="leaks")  # which tells nobody of its uploads
    s3.put_bucket_versioning(Bucket="leaks", VersioningConfiguration={"Status": "Enabled"})
    early = None
    for number in range(INVOCATIONS):
        invoke(stack, number)
        if number == INVOCATIONS // 5:
            early = held(stack)
    late = held(stack)
    with capsys.disabled():
        print(f"\nafter {INVOCATIONS // 5} files: {early}\nafter {INVOCATIONS} files: {late}")
    assert early
    assert late.pid == early.pid
    assert late.connections == early.connections == 1
    assert late.descriptors <= early.descriptors
    assert late.threads <= early.threads + 1  # the pool for blocking calls fills as it is needed
    assert late.memory < early.memory + 8 * 1024**2
