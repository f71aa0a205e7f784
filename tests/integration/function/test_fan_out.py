"""A large file from its upload to its verdict: the worker, the state machine, and its two functions."""

import hashlib
import json
from collections.abc import Iterator
from typing import Any

import pytest

from function import wiring
from function.aws.fanout.executions import Executions
from function.domain import fanout
from function.domain.errors import TransientError
from function.domain.fanout import MEGABYTE
from function.domain.model import CsvObject, Deadline
from function.domain.outcome import Outcome
from function.settings import Settings
from local.stack import Stack
from tests.support import uploads
from tests.unit.support.foreign_errors import Raising

pytestmark = pytest.mark.anyio
NEVER = Deadline(float("inf"))
VARIABLES = {"SPLIT_MEGABYTES": "1", "PART_MEGABYTES": "1"}
ROWS = 60_000
TABLE = b"id,name,text\n" + b"".join(
    b'%d,name %d,"a, ""b""\nc %d"\n' % (number, number, number) for number in range(ROWS)
)


@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    with Stack(variables=VARIABLES) as running:
        yield running


@pytest.fixture(scope="module")
def plain() -> Iterator[Stack]:
    """One that reads every file in one piece."""
    with Stack(variables={"SPLIT_MEGABYTES": "0"}) as running:
        yield running


def executions(stack: Stack, obj: CsvObject) -> list[Any]:
    """The executions of an object version, each as it was started."""
    client = stack.client("stepfunctions")
    found = []
    for machine in client.list_state_machines()["stateMachines"]:
        for each in client.list_executions(stateMachineArn=machine["stateMachineArn"])["executions"]:
            told = client.describe_execution(executionArn=each["executionArn"])
            if obj.version_id in told["input"]:
                found.append(told)
    return found


def lines(stack: Stack, message: str, **fields: Any) -> list[dict[str, Any]]:
    """The lines of the log with that message and these fields."""
    found = []
    for line in stack.log.read_text().splitlines():
        if line.startswith("{") and f'"message": "{message}"' in line:
            entry = json.loads(line)
            if all(entry.get(name) == value for name, value in fields.items()):
                found.append(entry)
    return found


def test_a_large_file_is_read_in_parts_and_told_as_if_read_in_one_piece(stack: Stack, plain: Stack) -> None:
    obj = uploads.put(stack, "large.csv", TABLE)
    traces = uploads.finished(stack, obj)
    traces.assert_exactly_once("succeeded")
    whole = uploads.finished(plain, uploads.put(plain, "large.csv", TABLE))
    assert traces.result["csv"] == whole.result["csv"]
    assert traces.result["csv"]["rows"] == ROWS
    [execution] = executions(stack, obj)
    count = -(-len(TABLE) // MEGABYTE)
    assert (execution["status"], json.loads(execution["input"])["count"]) == ("SUCCEEDED", count)
    name = execution["name"]
    assert sorted(line["part"] for line in lines(stack, "read", execution=name)) == [*range(count)]
    [started, ended] = lines(stack, "processed", execution=name)
    assert (started["status"], started["repeated"]) == ("processing", False)
    assert (ended["status"], ended["rows"], ended["repeated"]) == ("succeeded", ROWS, False)


def test_the_bytes_of_a_large_file_are_proved_by_the_digest_of_its_parts(stack: Stack) -> None:
    obj = uploads.put(stack, "proof.csv", TABLE)
    uploads.finished(stack, obj)
    [name] = [each["name"] for each in executions(stack, obj)]
    parts = [TABLE[at : at + MEGABYTE] for at in range(0, len(TABLE), MEGABYTE)]
    merged = uploads.s3(stack).get_object(Bucket=stack.names.output_bucket, Key=fanout.merged_key(name))
    assert json.loads(merged["Body"].read())["parts"] == {
        "part_bytes": MEGABYTE,
        "count": len(parts),
        "root": fanout.parts_digest(hashlib.sha256(part).digest() for part in parts),
    }


def test_a_file_at_the_threshold_is_read_by_the_worker(stack: Stack) -> None:
    obj = uploads.put(stack, "threshold.csv", b"a\n" * (MEGABYTE // 2))
    uploads.finished(stack, obj).assert_exactly_once("succeeded")
    assert executions(stack, obj) == []


def test_a_large_file_that_cannot_be_split_is_read_by_the_worker(stack: Stack) -> None:
    body = TABLE.decode().encode("utf-16")
    obj = uploads.put(stack, "utf16.csv", body)
    traces = uploads.finished(stack, obj)
    traces.assert_exactly_once("succeeded")
    assert traces.result["csv"]["rows"] == ROWS
    assert traces.result["source"]["sha256"] == hashlib.sha256(body).hexdigest()
    assert executions(stack, obj) == []


def test_an_event_that_comes_again_starts_nothing(stack: Stack) -> None:
    obj = uploads.put(stack, "again.csv", TABLE)
    stack.invoke(uploads.event(obj))
    uploads.finished(stack, obj).assert_exactly_once("succeeded")
    assert stack.invoke(uploads.event(obj)).payload[0]["repeated"]
    assert len(executions(stack, obj)) == 1


async def begun(stack: Stack, obj: CsvObject, monkeypatch: pytest.MonkeyPatch) -> Outcome:
    """What this process makes of the upload, as a worker would; the state machine runs on the stack."""
    stack.invoke({})  # makes the state machine
    for name, value in stack.environment.items():
        monkeypatch.setenv(name, value)
    application = wiring.build(Settings.from_env(stack.environment))
    try:
        return await application.pipeline.process(obj, "request-1", NEVER)
    finally:
        await application.database.close()


async def test_a_worker_that_dies_before_it_starts_the_execution_leaves_that_to_the_next(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    obj = uploads.put(stack, "dies.csv", TABLE, stack.names.backup_bucket)
    with monkeypatch.context() as patch:
        patch.setattr(Executions, "_start", Raising(TransientError("killed")))
        with pytest.raises(TransientError, match="killed"):
            await begun(stack, obj, patch)
    assert executions(stack, obj) == []
    [held] = uploads.rows(stack, obj)
    assert stack.invoke(uploads.event(obj)).payload[0]["execution"] == held["execution"]
    uploads.finished(stack, obj).assert_exactly_once("succeeded")
    assert [each["name"] for each in executions(stack, obj)] == [held["execution"]]


async def test_an_execution_that_was_stopped_is_followed_by_another(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    obj = uploads.put(stack, "stopped.csv", TABLE, stack.names.backup_bucket)
    first = (await begun(stack, obj, monkeypatch)).execution
    [execution] = executions(stack, obj)
    stack.client("stepfunctions").stop_execution(executionArn=execution["executionArn"])
    answer = stack.invoke(uploads.event(obj)).payload[0]
    assert (answer["status"], answer["repeated"]) == ("processing", False)
    uploads.finished(stack, obj).assert_exactly_once("succeeded")
    assert {each["name"]: each["status"] for each in executions(stack, obj)} == {
        first: "ABORTED",
        answer["execution"]: "SUCCEEDED",
    }


async def test_a_version_that_is_deleted_before_its_parts_are_read_has_the_verdict_of_any_other(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    obj = uploads.put(stack, "deleted.csv", TABLE, stack.names.backup_bucket)
    start = Executions._start

    def delete_and_start(self: Executions, name: str) -> None:
        uploads.s3(stack).delete_object(Bucket=obj.bucket, Key=obj.key, VersionId=obj.version_id)
        start(self, name)

    monkeypatch.setattr(Executions, "_start", delete_and_start)
    name = (await begun(stack, obj, monkeypatch)).execution
    traces = uploads.finished(stack, obj)
    assert traces.result["error"]["code"] == "object_gone"
    assert (len(traces.rows), len(traces.results), len(traces.messages)) == (1, 1, 1)
    [merged] = lines(stack, "merged", execution=name)
    assert merged["state"] == "sequential"
    assert "deleted or overwritten" in merged["reason"]


def test_a_part_that_began_at_the_wrong_place_is_read_again(stack: Stack) -> None:
    inside = b"1,name 1,text 1\n" * 120_000  # lines like records, in a quoted field, over the end of the part
    body = b'id,name,text\n9,nine,"' + inside + b'"\n' + TABLE.partition(b"\n")[2]
    obj = uploads.put(stack, "inside.csv", body)
    traces = uploads.finished(stack, obj)
    traces.assert_exactly_once("succeeded")
    assert traces.result["csv"]["rows"] == ROWS + 1
    [execution] = executions(stack, obj)
    assert [each["state"] for each in lines(stack, "merged", execution=execution["name"])] == [
        "redo",
        "merged",
    ]
    assert len(lines(stack, "read", execution=execution["name"], part=1)) == 2


def test_reconcile_and_replay_start_executions_as_the_worker_does(stack: Stack) -> None:
    obj = uploads.put(stack, "lost/large.csv", TABLE, stack.names.backup_bucket)
    words = {"bucket": obj.bucket, "prefix": "lost/", "grace_seconds": 0}
    answer = stack.operate({"operation": "reconcile", **words}).payload
    assert (answer["without_row"], answer["redriven"], answer["stuck"]) == (1, 1, 0)
    uploads.finished(stack, obj).assert_exactly_once("succeeded")
    answer = stack.operate({"operation": "replay", "bucket": obj.bucket, "key": obj.key}).payload
    assert (answer["status"], answer["repeated"]) == ("processing", False)
    again = uploads.finished(stack, obj)
    assert [each["csv"]["rows"] for each in again.results] == [ROWS, ROWS]
    assert len(again.messages) == 2
    names = [each["name"] for each in executions(stack, obj)]
    assert len(names) == 2
    assert answer["execution"] in names
