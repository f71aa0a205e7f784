import json
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from function.aws.fanout.executions import Executions
from function.aws.fanout.work import Planned, Work
from function.domain.errors import SettingsError, TransientError
from function.scan.parts.model import Plan
from local.stack import Stack
from tests.support.examples import OBJECT

pytestmark = pytest.mark.anyio
WAIT = {"Type": "Wait", "Seconds": 600, "End": True}
PASS = {"Type": "Pass", "End": True}
FAIL = {"Type": "Fail", "Error": "Never"}


Machine = Callable[[dict[str, Any]], str]


@pytest.fixture
def machine(stack: Stack) -> Iterator[Machine]:
    """Makes a state machine of one state, and returns its ARN; its executions are stopped afterwards."""
    client = stack.client("stepfunctions")
    made: list[str] = []

    def make(state: dict[str, Any]) -> str:
        answer = client.create_state_machine(
            name=f"m{uuid.uuid4().hex}",
            definition=json.dumps({"StartAt": "Only", "States": {"Only": state}}),
            roleArn="arn:aws:iam::000000000000:role/states",
        )
        made.append(answer["stateMachineArn"])
        return made[-1]

    yield make
    for arn in made:
        for each in client.list_executions(stateMachineArn=arn, statusFilter="RUNNING")["executions"]:
            client.stop_execution(executionArn=each["executionArn"])
        client.delete_state_machine(stateMachineArn=arn)


@pytest.fixture
def name() -> str:
    return f"7-1-{uuid.uuid4().hex[:8]}"


def executions(stack: Stack, arn: str) -> list[Any]:
    client = stack.client("stepfunctions")
    listed = client.list_executions(stateMachineArn=arn)["executions"]
    return [client.describe_execution(executionArn=each["executionArn"]) for each in listed]


async def test_what_is_prepared_is_started_once_with_what_its_steps_need(
    stack: Stack, work: Work, table_plan: Plan, machine: Machine, name: str
) -> None:
    arn = machine(WAIT)
    line = Executions(stack.client("stepfunctions"), arn, work)
    assert await line.progress(name) == "missing"
    await line.prepare(name, OBJECT, table_plan)
    await line.start(name)
    await line.start(name)
    assert await line.progress(name) == "running"
    [execution] = executions(stack, arn)
    assert execution["name"] == name
    told = json.loads(execution["input"])
    assert (told["name"], told["count"]) == (name, table_plan.count)
    assert told["event"]["Records"][0]["s3"]["object"]["versionId"] == OBJECT.version_id
    planned = work.plan(name)
    assert (planned.obj, planned.plan) == (OBJECT, table_plan)
    assert (datetime.now(UTC) - planned.began_at).total_seconds() < 60


@pytest.mark.parametrize("state", [PASS, FAIL])
async def test_an_execution_that_has_ended_however_is_not_started_again(
    stack: Stack, work: Work, table_plan: Plan, machine: Machine, state: dict[str, Any]
) -> None:
    arn, name = machine(state), f"7-1-{uuid.uuid4().hex[:8]}"
    line = Executions(stack.client("stepfunctions"), arn, work)
    await line.prepare(name, OBJECT, table_plan)
    await line.start(name)
    while await line.progress(name) == "running":
        pass
    assert await line.progress(name) == "ended"
    await line.start(name)
    assert await line.progress(name) == "ended"
    assert len(executions(stack, arn)) == 1


async def test_an_execution_that_was_stopped_by_hand_has_ended(
    stack: Stack, work: Work, table_plan: Plan, machine: Machine, name: str
) -> None:
    arn = machine(WAIT)
    line = Executions(stack.client("stepfunctions"), arn, work)
    await line.prepare(name, OBJECT, table_plan)
    await line.start(name)
    [execution] = executions(stack, arn)
    stack.client("stepfunctions").stop_execution(executionArn=execution["executionArn"])
    assert await line.progress(name) == "ended"


async def test_a_state_machine_that_is_not_there_is_a_fault_of_the_settings(
    stack: Stack, work: Work, table_plan: Plan, name: str
) -> None:
    arn = "arn:aws:states:us-east-1:000000000000:stateMachine:none"
    line = Executions(stack.client("stepfunctions"), arn, work)
    work.write_plan(name, Planned(OBJECT, table_plan, datetime.now(UTC)))
    with pytest.raises(SettingsError, match=f"start of execution {name}"):
        await line.start(name)


async def test_an_execution_that_was_not_prepared_is_not_started(
    stack: Stack, work: Work, machine: Machine, name: str
) -> None:
    arn = machine(PASS)
    line = Executions(stack.client("stepfunctions"), arn, work)
    with pytest.raises(TransientError, match=f"{name}/plan.json"):
        await line.start(name)
    assert executions(stack, arn) == []
