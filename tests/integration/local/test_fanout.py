"""The state machine of large files, interpreted by the emulator, its functions on real workers."""

import json
import os
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from local.aws.state_machine import ARN
from local.stack import Stack
from tests.integration.support.handlers import read_journal
from tests.integration.support.process_table import left_behind
from tests.integration.support.stacks import stepping_stack

MEGABYTE = 1024**2


@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    with stepping_stack() as running:
        assert not running.invoke({}).failed  # an event that may name any object
        yield running


def start(stack: Stack, do: str, times: int = 1, count: int = 3) -> str:
    """The name of an execution that has been started."""
    name = f"{do}-{times}-{uuid.uuid4().hex}"
    given = {"name": name, "count": count, "event": {"tag": name}}
    stack.client("stepfunctions").start_execution(stateMachineArn=ARN, name=name, input=json.dumps(given))
    return name


def execution(stack: Stack, name: str) -> Any:
    arn = f"{ARN.replace(':stateMachine:', ':execution:')}:{name}"
    return stack.client("stepfunctions").describe_execution(executionArn=arn)


def steps(stack: Stack, name: str) -> list[Any]:
    """Every event of the execution's steps, in order; of a part, its item."""
    events = [entry["event"] for entry in read_journal(stack.directory)]
    return [event.get("item", event) for event in events if name in json.dumps(event)]


def failures(stack: Stack, name: str) -> list[dict[str, Any]]:
    return [each for each in stack.dead_letters() if each.get("detail", {}).get("name") == name]


def test_every_part_is_read_once_then_merged_then_finished(stack: Stack) -> None:
    name = start(stack, "answer", count=5)
    stack.settle()
    assert execution(stack, name)["status"] == "SUCCEEDED"
    *parts, merge, finish = steps(stack, name)
    assert sorted(parts) == [f"{name}/{part}" for part in range(5)]
    assert merge == {"operation": "merge", "name": name, "round": 1}
    assert finish == {"operation": "finish", "name": name, "sequential": False}
    assert failures(stack, name) == []


def test_a_single_part_is_still_an_item(stack: Stack) -> None:
    name = start(stack, "answer", count=1)
    stack.settle()
    assert steps(stack, name)[0] == f"{name}/0"
    assert execution(stack, name)["status"] == "SUCCEEDED"


def test_parts_that_the_merge_sends_back_are_read_again(stack: Stack) -> None:
    name = start(stack, "redo")
    stack.settle()
    assert execution(stack, name)["status"] == "SUCCEEDED"
    again, rest = steps(stack, name)[4:6], steps(stack, name)[6:]
    assert sorted(again) == [f"{name}/1/known", f"{name}/2/known"]
    assert [step.get("round") for step in rest] == [2, None]


@pytest.mark.parametrize("do", ["fail", "die"])
def test_a_part_that_fails_once_is_tried_again_alone(stack: Stack, do: str) -> None:
    name = start(stack, do)
    stack.settle()
    assert execution(stack, name)["status"] == "SUCCEEDED"
    parts = steps(stack, name)[:-2]
    assert sorted(parts) == [f"{name}/0", f"{name}/1", f"{name}/1", f"{name}/2"]


def test_an_execution_that_fails_for_good_is_a_dead_letter_whose_event_is_redriven(stack: Stack) -> None:
    name = start(stack, "fail", times=1000)
    stack.settle()
    assert execution(stack, name)["status"] == "FAILED"
    [letter] = failures(stack, name)
    assert letter["source"] == "aws.states"
    assert letter["detail"]["status"] == "FAILED"
    assert stack.redrive() == 1
    stack.settle()
    assert failures(stack, name) == []
    assert {"tag": name} in [entry["event"] for entry in read_journal(stack.directory)]


def test_an_execution_stopped_by_hand_is_a_dead_letter_and_does_no_further_step(stack: Stack) -> None:
    name = start(stack, "sleep", times=1)
    while f"{name}/1" not in steps(stack, name):
        time.sleep(0.01)
    arn = execution(stack, name)["executionArn"]
    stack.client("stepfunctions").stop_execution(executionArn=arn)
    stack.settle()
    [letter] = failures(stack, name)
    assert letter["detail"]["status"] == "ABORTED"
    time.sleep(2.5)  # the part's worker is killed after one second, and the part tried again
    assert all(isinstance(step, str) for step in steps(stack, name))
    assert execution(stack, name)["status"] == "ABORTED"
    assert len(failures(stack, name)) == 1


def test_the_function_of_parts_knows_neither_the_database_nor_the_topic(stack: Stack) -> None:
    name = start(stack, "answer", count=1)
    stack.settle()
    part, merge, _ = [each for each in read_journal(stack.directory) if name in json.dumps(each["event"])]
    assert set(merge["names"]) - set(part["names"]) == {
        "BACKUP_BUCKET",
        "TOPIC_ARN",
        "DATABASE_SECRET_ARN",
        "DATABASE_CA_FILE",
    }
    assert set(stack.environment) - set(merge["names"]) == {"STATE_MACHINE_ARN"}


def test_no_more_parts_are_read_concurrently_than_the_stack_has_workers(stack: Stack) -> None:
    name = start(stack, "answer", count=40)
    stack.settle()
    parts = [each for each in read_journal(stack.directory) if name in str(each["event"].get("item"))]
    pids = {each["pid"] for each in parts}
    assert len(parts) == 40
    assert 1 <= len(pids) <= 2  # a quick one may read them all
    assert pids < set(stack.step_workers)


def test_settling_waits_for_an_execution_that_no_event_waits_for(stack: Stack) -> None:
    name = start(stack, "sleep", times=1)  # killed after a second
    stack.settle()
    assert execution(stack, name)["status"] == "SUCCEEDED"


def test_the_state_machine_is_created_when_the_first_large_file_comes() -> None:
    with stepping_stack(variables={"SPLIT_MEGABYTES": "1"}) as stack:
        s3, machines = stack.client("s3"), stack.client("stepfunctions")
        for size, expected in ((MEGABYTE, []), (MEGABYTE + 1, [ARN])):
            s3.put_object(Bucket=stack.names.input_bucket, Key=f"{size}.csv", Body=bytes(size))
            stack.settle()
            created = machines.list_state_machines()["stateMachines"]
            assert [each["stateMachineArn"] for each in created] == expected
        assert stack.step_workers == []
        assert os.getpid() not in stack.workers


def test_nothing_is_left_of_an_execution_under_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    with stepping_stack(timeout=60) as stack:
        assert not stack.invoke({}).failed
        name = start(stack, "sleep", count=9)
        while f"{name}/1" not in steps(stack, name):
            time.sleep(0.01)
        began = time.monotonic()
    assert time.monotonic() - began < 2
    assert left_behind(tmp_path, seconds=0) == ({}, [])
