"""The state machine in the emulator, with its functions and the rule for its failures, as in AWS."""

import json
from collections.abc import Mapping
from typing import Any

from local.aws.emulator import ACCOUNT, REGION, Emulator
from local.aws.queues import Queue

NAME = "csv-pipeline"
ARN = f"arn:aws:states:{REGION}:{ACCOUNT}:stateMachine:{NAME}"
_ROLE = f"arn:aws:iam::{ACCOUNT}:role/{NAME}"  # required; nothing is asked of it here
_FAILED = ("FAILED", "TIMED_OUT", "ABORTED")
_LAMBDA_SECONDS = 900  # the longest Lambda allows: the workers have a limit of their own


def function_arn(name: str) -> str:
    """The ARN of a function of this name."""
    return f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{name}"


class StateMachine:
    """The one state machine of a stack; `ARN` is its name also before it is created.

    Args:
        definition: in the Amazon States Language; names functions by `function_arn`.
        failures: receives EventBridge's event of each execution that failed, timed out or was stopped.
    """

    def __init__(self, emulator: Emulator, definition: Mapping[str, Any], failures: Queue) -> None:
        self._emulator = emulator
        self._definition = json.dumps(definition)
        self._failures = failures

    def create(self, functions: Mapping[str, str]) -> None:
        """Create it.

        Args:
            functions: the names of its functions, and the URL to which each is forwarded.
        """
        for name, url in functions.items():
            self._emulator.client("lambda").create_function(
                FunctionName=name,
                Role=_ROLE,
                PackageType="Image",
                Code={"ImageUri": "forwarded"},
                Timeout=_LAMBDA_SECONDS,
                Environment={"Variables": {"MINISTACK_LAMBDA_PROXY_URL": url}},
            )
        self._executions = self._emulator.client("stepfunctions")
        self._executions.create_state_machine(name=NAME, definition=self._definition, roleArn=_ROLE)
        rules = self._emulator.client("events")
        pattern = {"source": ["aws.states"], "detail": {"status": _FAILED, "stateMachineArn": [ARN]}}
        rules.put_rule(Name=NAME, EventPattern=json.dumps(pattern))
        rules.put_targets(Rule=NAME, Targets=[{"Id": "failures", "Arn": self._failures.arn}])

    def running(self) -> int:
        """How many executions run, a thousand at most; only after `create`."""
        running = self._executions.list_executions(stateMachineArn=ARN, statusFilter="RUNNING")
        return len(running["executions"])
