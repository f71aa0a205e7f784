"""A large file from its upload to its verdict: the worker, the state machine, and its two functions."""

import hashlib
import json
from collections.abc import Iterator
from urllib.parse import unquote_plus

import pytest

from function.domain import fanout
from function.domain.fanout import MEGABYTE
from local.stack import Stack
from tests.integration.support.executions import ROWS, TABLE, VARIABLES, executions, lines
from tests.support import uploads


@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    with Stack(variables=VARIABLES) as running:
        yield running


@pytest.fixture(scope="module")
def plain() -> Iterator[Stack]:
    """One that reads every file in one piece."""
    with Stack(variables={"SPLIT_MEGABYTES": "0"}) as running:
        yield running


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
    assert json.loads(merged["Body"].readline())["parts"] == {
        "part_bytes": MEGABYTE,
        "count": len(parts),
        "root": fanout.parts_digest(hashlib.sha256(part).digest() for part in parts),
    }


@pytest.mark.parametrize(
    "key",
    [
        """a "b" 'c' {% $states.input %} + %41 \\ & ?.csv""",
        "größe 数据.csv",
        "deep/" + "é" * 250 + "/" + "n" * 500 + ".csv",
    ],
    ids=["quotes", "letters", "long"],
)
def test_a_large_file_of_any_name_is_read_in_parts(stack: Stack, key: str) -> None:
    obj = uploads.put(stack, key, TABLE)
    traces = uploads.finished(stack, obj)
    traces.assert_exactly_once("succeeded")
    assert traces.result["source"]["key"] == key
    [execution] = executions(stack, obj)
    [record] = json.loads(execution["input"])["event"]["Records"]
    assert unquote_plus(record["s3"]["object"]["key"]) == key


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
