"""What an operator, or the schedule, has the function do."""

import re
import uuid
from typing import Any

import pytest

from local.stack import Stack
from tests.e2e.support.operations import abandon, ask, reconcile, refusal
from tests.support import uploads
from tests.support.uploads import DOUBTFUL, GOOD


@pytest.mark.parametrize("version", [{}, {"version_id": "00000000-0000-4000-8000-000000000000"}])
def test_a_replay_of_what_is_not_there_is_refused_and_leaves_no_trace(
    stack: Stack, bucket: str, version: dict[str, str]
) -> None:
    before = len(stack.messages())
    event = {"operation": "replay", "bucket": bucket, "key": "typo.csv", **version}
    assert "typo.csv does not exist" in refusal(stack, event)
    assert len(stack.messages()) == before
    assert not uploads.query(stack, "SELECT 1 FROM file_metadata WHERE bucket = $1", bucket)


def test_a_replay_reads_anew_and_replaces_the_result_in_the_same_row(stack: Stack, bucket: str) -> None:
    obj = uploads.put(stack, "again.csv", GOOD, bucket)
    reconcile(stack, bucket)
    first = uploads.finished(stack, obj)
    answer = ask(stack, "replay", bucket=bucket, key="again.csv")
    assert (answer["status"], answer["rows"], answer["version_id"]) == ("succeeded", 2, obj.version_id)
    second = uploads.finished(stack, obj)
    assert second.row["id"] == first.row["id"]
    assert second.row["replays"] == 1
    assert len(second.backups) == 1
    assert len(second.messages) == 2
    newest = max(second.results, key=lambda result: result["timing"]["finished_at"])
    assert newest == second.row["result"]
    assert newest["timing"]["finished_at"] > first.result["timing"]["finished_at"]


def test_a_replay_of_a_version_takes_that_version(stack: Stack, bucket: str) -> None:
    old = uploads.put(stack, "versions.csv", b"a\n1\n", bucket)
    new = uploads.put(stack, "versions.csv", b"a\n1\n2\n", bucket)
    reconcile(stack, bucket)
    replayed = ask(stack, "replay", bucket=bucket, key="versions.csv", version_id=old.version_id)
    assert replayed["rows"] == 1
    assert ask(stack, "replay", bucket=bucket, key="versions.csv")["version_id"] == new.version_id


def test_a_replay_of_what_was_never_seen_processes_it(stack: Stack, bucket: str) -> None:
    obj = uploads.put(stack, "unseen.csv", GOOD, bucket)
    assert ask(stack, "replay", bucket=bucket, key="unseen.csv")["rows"] == 2
    uploads.finished(stack, obj).assert_exactly_once("succeeded")


def test_history_tells_what_came_newest_first(stack: Stack, bucket: str) -> None:
    for n in range(3):
        uploads.put(stack, f"h/{n}.csv", GOOD, bucket)
    uploads.put(stack, "other.csv", GOOD, bucket)
    reconcile(stack, bucket)
    rows = ask(stack, "history", bucket=bucket, prefix="h/", limit=2)["rows"]
    assert [row["filename"] for row in rows] == ["h/2.csv", "h/1.csv"]
    assert rows[0]["row_count"] == 2
    assert "result" not in rows[0]
    assert (rows[0]["warnings"], rows[0]["warning_count"]) == ([], 0)


def test_status_counts_what_came_in_lately(stack: Stack, bucket: str) -> None:
    uploads.put(stack, "good.csv", GOOD, bucket)
    uploads.put(stack, "bad.csv", b"", bucket)
    uploads.put(stack, "doubtful.csv", DOUBTFUL, bucket)
    reconcile(stack, bucket)
    status = ask(stack, "status", bucket=bucket)
    assert status.pop("last_verdict")
    assert status == {
        "files": 3,
        "rows": 43,
        "succeeded": 2,
        "failed": 1,
        "doubtful": 1,
        "unfinished": 0,
        "in_hand": 0,
        "executions": 0,
        "oldest_unfinished": None,
    }


def test_the_same_bytes_under_another_name_are_processed_and_said_to_be_identical(
    stack: Stack, bucket: str
) -> None:
    body = f"id\n{uuid.uuid4()}\n".encode()
    first = uploads.put(stack, "monday.csv", body, bucket)
    reconcile(stack, bucket)
    second = uploads.put(stack, "tuesday.csv", body, bucket)
    reconcile(stack, bucket)
    traces = uploads.finished(stack, second)
    traces.assert_exactly_once("succeeded")
    assert traces.result["source"]["identical_to"]["version_id"] == first.version_id
    assert "Same bytes as monday.csv, uploaded " in traces.messages[0]["message"]


def test_a_smoke_test_is_forgotten_once_it_is_finished_and_nothing_else_is(stack: Stack, bucket: str) -> None:
    key = "smoke/2026-11-25_14-30-00_0a1b2c3d.csv"
    tried, other = (uploads.put(stack, each, GOOD, bucket) for each in (key, "data.csv"))
    abandon(stack, tried)
    event = {"operation": "forget", "bucket": bucket, "key": key}
    assert refusal(stack, event).endswith(f"{key}: it is not finished: the function may still be at it")
    reconcile(stack, bucket)
    assert ask(stack, "forget", bucket=bucket, key=key) == {"forgotten": 1}
    assert not uploads.rows(stack, tried)
    assert refusal(stack, event | {"key": "data.csv"}).endswith("data.csv: it is not the key of a smoke test")
    assert uploads.rows(stack, other)


@pytest.mark.parametrize(
    ("event", "complaint"),
    [
        ({"operation": "forget", "bucket": "b"}, "forget: key is missing"),
        ({"operation": "dance"}, "unknown operation 'dance': it is one of reconcile"),
        ({"operation": 7}, "operation is 7, not str"),
        ({"bucket": "b"}, "the event: operation is missing"),
        ({"operation": "history", "bucket": "b", "limit": 0}, "history: limit is 0, not 1 to"),
        ({"operation": "status", "bucket": "b", "hours": 10**12}, "status: hours is 1000000000000, not 1 to"),
        ({"operation": "status"}, "status: bucket is missing"),
        (["status"], "the event is .'status'., not an object"),
        ({}, "the event: operation is missing"),
        ({"operation": "reconcile", "bucket": 7}, "reconcile: 7 is not str"),
        ({"operation": "reconcile", "bucket": "b", "suffixes": ".csv"}, "reconcile: '.csv' is not list"),
        ({"operation": "reconcile", "bucket": "b", "position": "x"}, "reconcile: 'x' is not dict"),
        ({"operation": "replay", "bucket": "b", "key": "k", "version_id": 7}, "version_id is 7, not str"),
        ({"operation": "history", "bucket": "b", "limit": "x"}, "history: limit is 'x', not int"),
        ({"operation": "reconcile"}, "reconcile: 'bucket' is missing"),
        ({"operation": "replay", "bucket": "b"}, "replay: key is missing"),
        ({"operation": "reconcile", "bucket": "b", "since": "noon"}, "reconcile: .*noon"),
    ],
)
def test_a_wrong_operation_is_refused_by_name(stack: Stack, event: Any, complaint: str) -> None:
    assert re.search(complaint, refusal(stack, event))
