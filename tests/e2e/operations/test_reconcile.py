"""What a reconciliation and a backfill find in a bucket, and what they make of it."""

import uuid

import pytest

from local.stack import Stack
from tests.e2e.support.operations import abandon, ask, erase, forget, reconcile
from tests.support import uploads
from tests.support.uploads import GOOD

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
    assert findings["samples"]["missing_backups"][0].endswith("does not exist any more")
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
    assert "1 stuck files, among them stuck.csv: given up" in scheduled.payload["errorMessage"]
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
