"""Objects that the function cannot read: each has one verdict, with what to do."""

import pytest

from local.stack import Stack
from tests.support import uploads
from tests.support.uploads import GOOD

SECRET = {"SSECustomerAlgorithm": "AES256", "SSECustomerKey": "k" * 32}


@pytest.mark.parametrize(
    ("said", "advice"),
    [
        ({"StorageClass": "GLACIER"}, "GLACIER"),
        ({"StorageClass": "DEEP_ARCHIVE"}, "DEEP_ARCHIVE"),
        (SECRET, "SSE-C"),
    ],
    ids=["GLACIER", "DEEP_ARCHIVE", "a customer's key"],
)
def test_an_object_that_cannot_be_opened_fails_once_with_what_to_do_and_without_a_backup(
    stack: Stack, said: dict[str, str], advice: str
) -> None:
    traces = uploads.finished(stack, uploads.put(stack, f"closed-{advice}.csv", GOOD, **said))
    row = traces.row
    assert (row["status"], row["error_code"], row["attempts"]) == ("failed", "not_readable", 1)
    assert (row["backup_key"], traces.result["backup"], traces.backups) == (None, None, [])
    assert row["finished_at"]
    assert row["result"] == traces.result
    (message,) = traces.messages
    assert message["subject"].startswith("CSV failed (not_readable)")
    assert advice in message["message"]
    assert not stack.dead_letters()


def test_an_archived_object_that_is_restored_and_replayed_has_its_count_and_its_backup(stack: Stack) -> None:
    obj = uploads.put(stack, "restored.csv", GOOD, StorageClass="GLACIER")
    uploads.finished(stack, obj)
    uploads.s3(stack).restore_object(Bucket=obj.bucket, Key=obj.key, RestoreRequest={"Days": 1})
    replay = {"operation": "replay", "bucket": obj.bucket, "key": obj.key, "version_id": obj.version_id}
    uploads.until(lambda: stack.operate(replay).payload["status"] == "succeeded", 20, "restored")
    traces = uploads.finished(stack, obj)
    assert (traces.row["status"], traces.row["row_count"], traces.row["error_code"]) == ("succeeded", 2, None)
    assert traces.row["backup_key"] == traces.row["result"]["backup"]["key"]
    assert traces.body == GOOD


def test_an_object_under_a_customers_key_can_be_replayed_and_is_still_closed(stack: Stack) -> None:
    obj = uploads.put(stack, "still-closed.csv", GOOD, **SECRET)
    uploads.finished(stack, obj)
    answer = stack.operate({"operation": "replay", "bucket": obj.bucket, "key": obj.key})
    assert answer.payload["error_code"] == "not_readable"
    assert uploads.traces(stack, obj).row["finished_at"]


def test_a_version_that_was_deleted_fails_as_gone(stack: Stack) -> None:
    obj = uploads.put(stack, "gone.csv", GOOD)
    uploads.finished(stack, obj)
    ghost = uploads.event(obj)
    ghost["Records"][0]["s3"]["object"]["versionId"] = "00000000-0000-4000-8000-000000000000"
    assert stack.invoke(ghost).payload[0]["error_code"] == "object_gone"
