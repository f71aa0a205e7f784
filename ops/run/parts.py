"""How far an execution is that reads a large file in parts."""

import json
from functools import cached_property
from typing import TYPE_CHECKING

from function.domain import fanout
from local.stack import Stack

if TYPE_CHECKING:
    from mypy_boto3_stepfunctions import SFNClient


class Parts:
    """Counts the parts of executions of a stack's state machine."""

    def __init__(self, stack: Stack) -> None:
        self._stack = stack
        self._results = stack.client("s3").get_paginator("list_objects_v2")
        self._counts: dict[str, int] = {}

    @cached_property
    def _executions(self) -> "SFNClient":
        """Made when there is an execution: few files have one."""
        return self._stack.client("stepfunctions")

    def read(self, execution: str) -> tuple[int, int]:
        """How many parts are read, and how many there are; (0, 0) while the execution is about to start."""
        if not (count := self._counts.get(execution) or self._count(execution)):
            return 0, 0
        self._counts[execution] = count
        prefix, _ = fanout.part_key(execution, 0).rsplit("/", 1)
        pages = self._results.paginate(Bucket=self._stack.names.output_bucket, Prefix=f"{prefix}/")
        return sum(page["KeyCount"] for page in pages), count

    def _count(self, execution: str) -> int:
        machine = self._stack.environment["STATE_MACHINE_ARN"]
        arn = f"{machine.replace(':stateMachine:', ':execution:')}:{execution}"
        try:
            given = self._executions.describe_execution(executionArn=arn)["input"]
        except self._executions.exceptions.ExecutionDoesNotExist:
            return 0
        return int(json.loads(given)["count"])
