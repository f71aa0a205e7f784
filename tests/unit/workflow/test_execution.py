"""What the definition does: the emulator's own interpreter runs it; functions of this test stand for Lambda's."""

import json
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from ministack.services import stepfunctions

from workflow.definition import definition

Answer = Callable[[Any], Any]
NAME = "4711-1-0a1b2c3d"
BUSY = stepfunctions._ExecutionError("Lambda.TooManyRequestsException", "Rate Exceeded")
BROKEN = stepfunctions._ExecutionError("TransientError", "S3")
PERIOD, PATIENCE = 0.05, 60


class Machine:
    """The state machine, and the calls that its functions got.

    Attributes:
        parts: the items, in the order in which they came.
        steps: the events of the finish function.
    """

    def __init__(self, finish: Answer, part: Answer = lambda item: {}):
        self.parts: list[str] = []
        self.steps: list[Any] = []
        self._answers = {"part": part, "finish": finish}
        self._lock = threading.Lock()

    def call(self, function: str, event: Any) -> Any:
        given = event["item"] if function == "part" else event
        with self._lock:
            (self.parts if function == "part" else self.steps).append(given)
        return self._answers[function](given)

    def run(self, monkeypatch: pytest.MonkeyPatch, count: int) -> str:
        """Run an execution to its end, and return its status."""
        monkeypatch.setattr(stepfunctions, "_call_lambda", self.call)
        monkeypatch.setattr(stepfunctions, "_scaled_sleep", lambda seconds: None)
        text = json.dumps(definition(part_function="part", finish_function="finish", concurrency=4))
        made = answered(stepfunctions._create_state_machine, name=f"m-{time.monotonic_ns()}", definition=text)
        given = json.dumps({"name": NAME, "count": count, "event": {"Records": []}})
        started = answered(
            stepfunctions._start_execution,
            stateMachineArn=made["stateMachineArn"],
            name=NAME,
            input=given,
        )
        until = time.monotonic() + PATIENCE
        while (status := self._status(started["executionArn"])) == "RUNNING" and time.monotonic() < until:
            time.sleep(PERIOD)
        return status

    @staticmethod
    def _status(execution: str) -> str:
        return str(answered(stepfunctions._describe_execution, executionArn=execution)["status"])


def answered(action: Callable[..., Any], **request: str) -> Any:
    status, _, body = action({"roleArn": "arn:aws:iam::000000000000:role/x"} | request)
    assert status == 200, body
    return json.loads(body)


def fails(*errors: Exception) -> Answer:
    """A function of parts that reads the second one only when it has failed with each error."""
    left = list(errors)

    def part(item: str) -> dict[str, Any]:
        if item.endswith("/1") and left:
            raise left.pop()
        return {}

    return part


def merges(*states: dict[str, Any]) -> Answer:
    """A finish function whose merges answer so, one after the other."""
    left = list(states)
    return lambda event: left.pop(0) if event["operation"] == "merge" else {"status": "succeeded"}


@pytest.mark.parametrize("count", [1, 3])
def test_all_parts_are_read_merged_and_finished(monkeypatch: pytest.MonkeyPatch, count: int) -> None:
    machine = Machine(merges({"state": "merged"}))
    assert machine.run(monkeypatch, count) == "SUCCEEDED"
    assert sorted(machine.parts) == [f"{NAME}/{part}" for part in range(count)]
    assert machine.steps == [
        {"operation": "merge", "name": NAME, "round": 1},
        {"operation": "finish", "name": NAME, "sequential": False},
    ]


@pytest.mark.parametrize("again", [[f"{NAME}/1/7"], [f"{NAME}/1/7", f"{NAME}/2/9"]])
def test_only_what_started_wrongly_is_read_again_and_the_rounds_are_counted(
    monkeypatch: pytest.MonkeyPatch, again: list[str]
) -> None:
    machine = Machine(merges({"state": "redo", "items": again}, {"state": "merged"}))
    assert machine.run(monkeypatch, 3) == "SUCCEEDED"
    assert sorted(machine.parts[3:]) == again
    assert [step["round"] for step in machine.steps[:2]] == [1, 2]
    assert machine.steps[-1]["sequential"] is False


def test_a_file_that_cannot_be_merged_is_finished_in_one_piece(monkeypatch: pytest.MonkeyPatch) -> None:
    machine = Machine(merges({"state": "sequential"}))
    assert machine.run(monkeypatch, 2) == "SUCCEEDED"
    assert machine.steps[-1] == {"operation": "finish", "name": NAME, "sequential": True}


def test_a_part_that_fails_is_read_again_and_the_others_are_not(monkeypatch: pytest.MonkeyPatch) -> None:
    machine = Machine(merges({"state": "merged"}), fails(BROKEN, BROKEN))
    assert machine.run(monkeypatch, 3) == "SUCCEEDED"
    assert sorted(machine.parts) == sorted([f"{NAME}/0", *[f"{NAME}/1"] * 3, f"{NAME}/2"])


def test_a_part_for_which_there_is_no_capacity_waits_for_it_longer_than_a_failed_one_is_tried(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    machine = Machine(merges({"state": "merged"}), fails(*[BUSY] * 40))
    assert machine.run(monkeypatch, 3) == "SUCCEEDED"
    assert sorted(machine.parts) == sorted([f"{NAME}/0", *[f"{NAME}/1"] * 41, f"{NAME}/2"])


@pytest.mark.parametrize("operation", ["merge", "finish"])
def test_a_step_for_which_there_is_no_capacity_waits_for_it_longer_than_a_failed_one_is_tried(
    monkeypatch: pytest.MonkeyPatch, operation: str
) -> None:
    left = [BUSY] * 40

    def finish(event: dict[str, Any]) -> dict[str, Any]:
        if event["operation"] == operation and left:
            raise left.pop()
        return {"state": "merged"}

    machine = Machine(finish)
    assert machine.run(monkeypatch, 1) == "SUCCEEDED"
    assert [step["operation"] for step in machine.steps].count(operation) == 41


def test_parts_of_which_one_fails_in_all_its_attempts_are_all_read_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    machine = Machine(merges({"state": "merged"}), fails(*[BROKEN] * 6))
    assert machine.run(monkeypatch, 2) == "SUCCEEDED"
    assert machine.parts.count(f"{NAME}/0") == 2


def test_a_part_that_fails_always_fails_the_execution(monkeypatch: pytest.MonkeyPatch) -> None:
    def part(item: str) -> dict[str, Any]:
        raise BROKEN

    machine = Machine(merges(), part)
    assert machine.run(monkeypatch, 1) == "FAILED"
    assert machine.steps == []


@pytest.mark.parametrize("operation", ["merge", "finish"])
def test_a_step_that_fails_is_tried_again(monkeypatch: pytest.MonkeyPatch, operation: str) -> None:
    failures = [1, 2, 3]

    def finish(event: dict[str, Any]) -> dict[str, Any]:
        if event["operation"] == operation and failures:
            failures.pop()
            raise stepfunctions._ExecutionError("TransientError", "the database")
        return {"state": "merged"}

    machine = Machine(finish)
    assert machine.run(monkeypatch, 2) == "SUCCEEDED"
    assert [step["operation"] for step in machine.steps].count(operation) == 4
    assert len(machine.parts) == 2
