"""What an operator, or the schedule, has the function do."""

import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, cast

import pytest

from function.domain import keys
from function.domain.model import CsvObject
from local.stack import Stack
from ops.deployed.backfill import Backfill, _notification
from ops.deployed.deployment import Deployment
from tests.support import uploads

GOOD = b"id,name\n1,ann\n2,bob\n"
DOUBTFUL = b"id,name\n" + b"1,ann\n" * 20 + b"id,name\n" + b"2,bob\n" * 20  # its header stands twice
NOTHING = {
    "redriven": 0,
    "stuck": 0,
    "without_row": 0,
    "unfinished": 0,
    "missing_results": 0,
    "missing_backups": 0,
    "orphans": 0,
    "samples": {},
    "position": None,
}


@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    """A stack of these tests' own: they hold all of its buckets against all of its table."""
    with Stack() as running:
        yield running


@pytest.fixture
def bucket(stack: Stack) -> str:
    """A bucket whose uploads send no event: to the function, they are all lost."""
    name = f"lost-{uuid.uuid4()}"
    s3 = stack.client("s3")
    s3.create_bucket(Bucket=name)
    s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
    return name


def ask(stack: Stack, operation: str, **words: Any) -> dict[str, Any]:
    answer = stack.operate({"operation": operation, **words})
    assert not answer.failed, answer.payload
    payload: dict[str, Any] = answer.payload
    assert "error" not in payload, payload
    return payload


def refusal(stack: Stack, event: Any) -> str:
    """What is wrong with an event; the invocation itself succeeds."""
    answer = stack.operate(event)
    assert not answer.failed, answer.payload
    assert answer.payload.keys() == {"error"}, answer.payload
    error: str = answer.payload["error"]
    return error


def reconcile(stack: Stack, bucket: str, **words: Any) -> dict[str, Any]:
    return ask(stack, "reconcile", bucket=bucket, grace_seconds=0, **words)


@dataclass
class Operator:
    """What `pipeline backfill` has of a deployed stack."""

    stack: Stack
    bucket: str

    @property
    def names(self) -> SimpleNamespace:
        return SimpleNamespace(input_bucket=self.bucket)

    def suffixes(self) -> list[str]:
        return [".csv"]

    def ask(self, operation: str, **words: Any) -> dict[str, Any]:
        return ask(self.stack, operation, bucket=self.bucket, grace_seconds=0, **words)

    def process(self, event: dict[str, Any]) -> None:
        assert not self.stack.invoke(event).failed


def test_a_backfill_processes_what_has_no_row_page_by_page_and_is_taken_up_where_it_ended(
    stack: Stack, bucket: str
) -> None:
    keys = [f"in/{n} ü+%20.csv" for n in range(3)]
    objects = [uploads.put(stack, key, GOOD, bucket) for key in keys]
    uploads.put(stack, "in/other.txt", GOOD, bucket)
    operator = cast("Deployment", Operator(stack, bucket))
    operator.process(_notification(bucket, next(Backfill(operator, "in/", "2001-01-01").uploads())))
    backfill = Backfill(operator, "in/", "2001-01-01")
    tally = backfill.run(2, lambda _: None)
    assert (backfill.found, backfill.without_row) == (3, 2)
    assert (tally.done, tally.failures) == (2, [])
    for obj in objects:
        uploads.finished(stack, obj).assert_exactly_once("succeeded")
    assert not list(Backfill(operator, "in/", "2001-01-01").uploads())


def test_an_upload_whose_event_was_lost_is_found_and_brought_to_its_end(stack: Stack, bucket: str) -> None:
    objects = [uploads.put(stack, f"in/{n}.csv", GOOD, bucket) for n in range(3)]
    findings = reconcile(stack, bucket)
    assert (findings["found"], findings["without_row"], findings["redriven"]) == (3, 3, 3)
    assert findings["samples"] == {"without_row": ["in/0.csv", "in/1.csv", "in/2.csv"]}
    for obj in objects:
        uploads.finished(stack, obj).assert_exactly_once("succeeded")
    assert reconcile(stack, bucket) == {"found": 3, **NOTHING}


def test_a_replay_takes_the_key_as_history_shows_it(stack: Stack, bucket: str) -> None:
    obj = uploads.put(stack, "in/a\0b.csv", GOOD, bucket)
    assert not stack.invoke(uploads.event(obj)).failed
    (row,) = ask(stack, "history", bucket=bucket, prefix="in/a\0")["rows"]
    assert row["filename"] == "in/a␀b.csv"
    assert ask(stack, "replay", bucket=bucket, key=row["filename"])["key"] == obj.key
    assert uploads.finished(stack, obj).row["replays"] == 1
    # the emulator cannot list such keys, where S3 encodes them
    stack.client("s3").delete_object(Bucket=bucket, Key=obj.key, VersionId=obj.version_id)


def test_every_version_of_a_key_is_accounted_for(stack: Stack, bucket: str) -> None:
    versions = [uploads.put(stack, "same.csv", b"a\n" + b"1\n" * n, bucket) for n in range(4)]
    assert reconcile(stack, bucket)["redriven"] == 4
    for n, obj in enumerate(versions):
        assert uploads.finished(stack, obj).row["row_count"] == n


def test_a_dry_run_tells_and_does_nothing(stack: Stack, bucket: str) -> None:
    obj = uploads.put(stack, "dry.csv", GOOD, bucket)
    findings = reconcile(stack, bucket, dry_run=True)
    assert (findings["without_row"], findings["redriven"]) == (1, 0)
    assert not uploads.rows(stack, obj)


def test_what_is_young_is_left_to_its_event(stack: Stack, bucket: str) -> None:
    uploads.put(stack, "young.csv", GOOD, bucket)
    assert ask(stack, "reconcile", bucket=bucket) == {"found": 0, **NOTHING}


def test_a_backfill_takes_a_prefix_and_a_date_and_the_suffixes_of_the_notification(
    stack: Stack, bucket: str
) -> None:
    for key in ("a/1.csv", "a/2.txt", "b/3.csv", "a/folder/"):
        uploads.put(stack, key, b"" if key.endswith("/") else GOOD, bucket)
    words = {"prefix": "a/", "suffixes": [".csv"]}
    assert reconcile(stack, bucket, **words, since="2999-01-01T00:00:00Z")["found"] == 0
    findings = reconcile(stack, bucket, **words, since="2001-01-01T00:00:00Z")
    assert findings["samples"] == {"without_row": ["a/1.csv"]}


def test_a_row_that_nobody_finished_is_finished(stack: Stack, bucket: str) -> None:
    obj = uploads.put(stack, "left.csv", GOOD, bucket)
    abandon(stack, obj)
    findings = reconcile(stack, bucket)
    assert (findings["without_row"], findings["unfinished"], findings["redriven"]) == (0, 1, 1)
    uploads.finished(stack, obj).assert_exactly_once("succeeded")


def test_a_row_whose_object_is_gone_gets_its_verdict_too(stack: Stack, bucket: str) -> None:
    obj = uploads.put(stack, "deleted.csv", GOOD, bucket)
    abandon(stack, obj)
    stack.client("s3").delete_object(Bucket=bucket, Key=obj.key, VersionId=obj.version_id)
    assert reconcile(stack, bucket)["redriven"] == 1
    assert uploads.rows(stack, obj)[0]["error_code"] == "object_gone"


@pytest.mark.parametrize("effect", ["result", "backup"])
def test_an_output_that_was_lost_is_made_again_and_no_second_message_sent(
    stack: Stack, bucket: str, effect: str
) -> None:
    obj = uploads.put(stack, f"lost-{effect}.csv", GOOD, bucket)
    reconcile(stack, bucket)
    traces = uploads.finished(stack, obj)
    place = traces.result["output" if effect == "result" else "backup"]
    erase(stack, place)
    findings = reconcile(stack, bucket)
    assert findings[f"missing_{effect}s"] == 1
    assert findings["redriven"] == 1
    again = uploads.finished(stack, obj)
    again.assert_exactly_once("succeeded")
    assert again.result == traces.result


def test_an_output_without_a_row_is_reported_and_left_alone(stack: Stack, bucket: str) -> None:
    key = f"results/orphan-{uuid.uuid4()}/result.json"
    stack.client("s3").put_object(Bucket=stack.names.output_bucket, Key=key, Body=b"{}")
    findings = reconcile(stack, bucket)
    stack.client("s3").delete_object(Bucket=stack.names.output_bucket, Key=key)
    assert findings["samples"]["orphans"] == [f"s3://{stack.names.output_bucket}/{key}"]


def test_a_run_that_is_out_of_time_is_taken_up_where_it_stopped(stack: Stack, bucket: str) -> None:
    for n in range(3):
        uploads.put(stack, f"{n}.csv", GOOD, bucket)
    position = {"pass": "unfinished", "after": None}
    findings = reconcile(stack, bucket, position=position)
    assert (findings["found"], findings["without_row"]) == (0, 0)
    findings = reconcile(stack, bucket, position={"pass": "uploads", "after": None})
    assert findings["redriven"] == 3


def test_a_backup_that_is_lost_with_its_source_is_told_and_the_row_stays_as_it_is(
    stack: Stack, bucket: str
) -> None:
    obj = uploads.put(stack, "lost.csv", GOOD, bucket)
    reconcile(stack, bucket)
    traces = uploads.finished(stack, obj)
    erase(stack, traces.result["backup"])
    stack.client("s3").delete_object(Bucket=bucket, Key=obj.key, VersionId=obj.version_id)
    findings = reconcile(stack, bucket)
    assert (findings["missing_backups"], findings["stuck"], findings["redriven"]) == (1, 0, 0)
    assert findings["samples"]["missing_backups"][0].endswith("is gone, too")
    assert uploads.rows(stack, obj)[0]["finished_at"]
    forget(stack, obj)


def test_what_is_stuck_is_raised_to_a_schedule(stack: Stack, bucket: str) -> None:
    obj = uploads.put(stack, "stuck.csv", GOOD, bucket)
    abandon(stack, obj)
    uploads.query(stack, "UPDATE file_metadata SET attempts = 6 WHERE version_id = $1", obj.version_id)
    assert reconcile(stack, bucket)["stuck"] == 1
    scheduled = stack.operate(
        {"operation": "reconcile", "bucket": bucket, "grace_seconds": 0, "resume": True}
    )
    assert scheduled.failed
    assert "1 stuck, among them stuck.csv: given up" in scheduled.payload["errorMessage"]
    assert ask(stack, "replay", bucket=bucket, key="stuck.csv")["status"] == "succeeded"


def test_a_version_that_is_deleted_before_its_copy_has_a_verdict_and_no_backup(
    stack: Stack, bucket: str
) -> None:
    obj = uploads.put(stack, "quick.csv", GOOD, bucket)
    reconcile(stack, bucket)
    traces = uploads.finished(stack, obj)
    erase(stack, traces.result["backup"])
    uploads.query(
        stack,
        "UPDATE file_metadata SET backup_key = NULL, finished_at = NULL, attempts = 1 WHERE version_id = $1",
        obj.version_id,
    )
    stack.client("s3").delete_object(Bucket=bucket, Key=obj.key, VersionId=obj.version_id)
    assert reconcile(stack, bucket)["redriven"] == 1
    row = uploads.rows(stack, obj)[0]
    assert row["finished_at"]
    assert row["backup_key"] is None


@pytest.mark.parametrize("version", [{}, {"version_id": "00000000-0000-4000-8000-000000000000"}])
def test_a_replay_of_what_is_not_there_is_refused_and_leaves_no_trace(
    stack: Stack, bucket: str, version: dict[str, str]
) -> None:
    before = len(stack.messages())
    event = {"operation": "replay", "bucket": bucket, "key": "typo.csv", **version}
    assert "typo.csv is not there" in refusal(stack, event)
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
    assert "identical to monday.csv of " in traces.messages[0]["message"]


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


def abandon(stack: Stack, obj: CsvObject) -> None:
    """What a worker leaves behind that died and whose event is lost."""
    uploads.query(
        stack,
        "INSERT INTO file_metadata (bucket, filename, version_id, etag, size_bytes, uploaded_at, stamped_name,"
        " claimed_by, claimed_until, received_at, started_at)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, 'dead', now() - interval '1 s', now(), now())",
        *(obj.bucket, keys.storable(obj.key), obj.version_id, obj.etag, obj.size, obj.uploaded_at),
        f"{uuid.uuid4()}.csv",
    )


def erase(stack: Stack, place: dict[str, str]) -> None:
    """Delete every version, as nobody should."""
    s3 = stack.client("s3")
    for each in s3.list_object_versions(Bucket=place["bucket"], Prefix=place["key"])["Versions"]:
        s3.delete_object(Bucket=place["bucket"], Key=each["Key"], VersionId=each["VersionId"])


def forget(stack: Stack, obj: CsvObject) -> None:
    """Let a test's lost cause not disturb the others."""
    uploads.query(stack, "DELETE FROM file_metadata WHERE version_id = $1", obj.version_id)
