"""Files that the state machine has read in parts, on the embedded stack."""

from collections.abc import Iterator
from typing import Any

import pytest

from function.domain.model import Document
from local.stack import Stack
from tests.support import uploads

TABLE = uploads.large_table(4.5)


@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    with Stack(retry_delays=(0.5, 1.0), variables=uploads.IN_PARTS) as running:
        yield running


@pytest.fixture(scope="module")
def in_one_piece() -> Document:
    """The result of the same table where no file is read in parts."""
    with Stack(variables={"SPLIT_MEGABYTES": "0"}) as stack:
        return uploads.finished(stack, uploads.put(stack, "whole.csv", TABLE)).result


def executions(stack: Stack, traces: uploads.Traces) -> dict[str, str]:
    """Names and states of all executions for the upload."""
    machine = stack.environment["STATE_MACHINE_ARN"]
    found = stack.client("stepfunctions").list_executions(stateMachineArn=machine)["executions"]
    mark = traces.row["execution"].rsplit("-", 1)[1]
    return {each["name"]: each["status"] for each in found if each["name"].endswith(mark)}


def arn(stack: Stack, name: str) -> str:
    return f"{stack.environment['STATE_MACHINE_ARN'].replace(':stateMachine:', ':execution:')}:{name}"


def execution(stack: Stack, obj: Any) -> str:
    """The name of the execution that reads the upload, as soon as it is known."""

    def name() -> str | None:
        return next((row["execution"] for row in uploads.rows(stack, obj)), None)

    return str(uploads.until(name, 30, "an execution"))


def test_a_file_read_in_parts_has_the_result_of_one_read_in_one_piece(
    stack: Stack, in_one_piece: Document
) -> None:
    traces = uploads.finished(stack, uploads.put(stack, "parts.csv", TABLE))
    traces.assert_exactly_once("succeeded")
    assert traces.body == TABLE
    assert traces.result["csv"] == in_one_piece["csv"]
    assert traces.result["source"]["sha256"] is None
    parts = traces.result["source"]["sha256_parts"]
    assert (parts["part_bytes"], parts["count"]) == (uploads.MEGABYTE, 5)
    assert set(executions(stack, traces).values()) == {"SUCCEEDED"}
    assert not stack.dead_letters()


def test_an_event_that_is_delivered_again_starts_nothing(stack: Stack) -> None:
    obj = uploads.put(stack, "again.csv", TABLE)
    execution(stack, obj)
    stack.send(uploads.event(obj))  # while it is read
    traces = uploads.finished(stack, obj)
    stack.send(uploads.event(obj))  # and when it has its verdict
    stack.settle()
    traces.assert_exactly_once("succeeded")
    uploads.traces(stack, obj).assert_exactly_once("succeeded")
    assert list(executions(stack, traces).values()) == ["SUCCEEDED"]
    assert not stack.dead_letters()


def test_an_execution_stopped_by_hand_is_a_dead_letter_and_its_redrive_ends_in_the_verdict(
    stack: Stack, in_one_piece: Document
) -> None:
    obj = uploads.put(stack, "stopped.csv", TABLE)
    first = execution(stack, obj)
    stopped = lambda: _stop(stack, first)  # noqa: E731
    uploads.until(stopped, 30, "stopped")
    stack.settle()
    [dead_letter] = stack.dead_letters()
    assert dead_letter["detail"]["status"] == "ABORTED"
    assert uploads.rows(stack, obj)[0]["status"] == "processing"
    assert stack.redrive() == 1
    traces = uploads.finished(stack, obj)
    traces.assert_exactly_once("succeeded")
    assert traces.result["csv"] == in_one_piece["csv"]
    states = executions(stack, traces)
    assert states.pop(first) == "ABORTED"
    assert list(states.values()) == ["SUCCEEDED"]
    assert not stack.dead_letters()


def _stop(stack: Stack, name: str) -> bool:
    """Stop the execution once it has begun, as an operator does; whether that is done."""
    client = stack.client("stepfunctions")
    try:
        client.stop_execution(executionArn=arn(stack, name))
    except client.exceptions.ExecutionDoesNotExist:
        return False
    return True
