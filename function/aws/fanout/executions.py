"""The executions of the state machine: prepared, started, looked up."""

import asyncio
import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, cast

from function.aws import clients
from function.aws.fanout.work import Planned, Work
from function.domain import fanout
from function.domain.model import CsvObject
from function.scan.parts.model import Plan

if TYPE_CHECKING:
    from mypy_boto3_stepfunctions import SFNClient

_ENDED = frozenset({"SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED"})


class Executions:
    """Implements `ports.FanOut`. Each method raises TransientError or SettingsError where AWS is at fault.

    Args:
        client: of Step Functions.
        state_machine: its ARN.
        work: where plans are stored.
    """

    def __init__(self, client: "SFNClient", state_machine: str, work: Work) -> None:
        self._client, self._state_machine, self._work = client, state_machine, work

    async def prepare(self, name: str, obj: CsvObject, plan: fanout.Plan) -> None:
        """Store the plan."""
        planned = Planned(obj, cast("Plan", plan), datetime.now(UTC))
        await asyncio.to_thread(self._work.write_plan, name, planned)

    async def start(self, name: str) -> None:
        """Start the execution of a stored plan, or find it started."""
        await asyncio.to_thread(self._start, name)

    async def progress(self, name: str) -> fanout.Progress:
        """How far the execution is."""
        return await asyncio.to_thread(self._progress, name)

    def _start(self, name: str) -> None:
        planned = self._work.plan(name)
        told = json.dumps(fanout.execution_input(name, planned.obj, planned.plan.count))
        try:
            self._client.start_execution(stateMachineArn=self._state_machine, name=name, input=told)
        except clients.FAULTS as error:
            if clients.code(error) != "ExecutionAlreadyExists":
                raise clients.translated(f"start of execution {name}", error) from error

    def _progress(self, name: str) -> fanout.Progress:
        arn = f"{self._state_machine.replace(':stateMachine:', ':execution:', 1)}:{name}"
        try:
            status = self._client.describe_execution(executionArn=arn)["status"]
        except clients.FAULTS as error:
            if clients.code(error) == "ExecutionDoesNotExist":
                return "missing"
            raise clients.translated(f"look-up of execution {name}", error) from error
        return "ended" if status in _ENDED else "running"
