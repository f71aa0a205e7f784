"""The state machine in the emulator, with its functions and the rule for its failures, as the deployment has them."""

import json
from collections.abc import Mapping
from typing import Any

from local.aws.emulator import ACCOUNT, REGION, Emulator
from local.aws.queues import Queue

NAME = "csv-pipeline"
ARN = f"arn:aws:states:{REGION}:{ACCOUNT}:stateMachine:{NAME}"
_ROLE = f"arn:aws:iam::{ACCOUNT}:role/{NAME}"  # required, and asked for nothing here
_FAILED = ("FAILED", "TIMED_OUT", "ABORTED")
_LAMBDA_SECONDS = 900  # the longest Lambda allows: the workers have a limit of their own


def function_arn(name: str) -> str:
    """The ARN of a function of this name."""
    return f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{name}"


class StateMachine:
    """The one state machine of a stack; `ARN` is its name for everybody from the start of the stack."""

    def __init__(self, emulator: Emulator) -> None:
        self._emulator = emulator
        self._executions = emulator.client("stepfunctions")

    def create(self, definition: Mapping[str, Any], functions: Mapping[str, str], failures: Queue) -> None:
        """Create it, and what it needs.

        Args:
            definition: in the Amazon States Language; names functions by `function_arn`.
            functions: the names of its functions, and the URL that each is forwarded to.
            failures: receives EventBridge's event of each execution that failed, timed out or was stopped.
        """
        for name, url in functions.items():
            self._emulator.client("lambda").create_function(
                FunctionName=name,
                Role=_ROLE,
                PackageType="Image",
                Code={"ImageUri": "none: forwarded"},
                Timeout=_LAMBDA_SECONDS,
                Environment={"Variables": {"MINISTACK_LAMBDA_PROXY_URL": url}},
            )
        self._executions.create_state_machine(name=NAME, definition=json.dumps(definition), roleArn=_ROLE)
        rules = self._emulator.client("events")
        pattern = {"source": ["aws.states"], "detail": {"status": _FAILED, "stateMachineArn": [ARN]}}
        rules.put_rule(Name=NAME, EventPattern=json.dumps(pattern))
        rules.put_targets(Rule=NAME, Targets=[{"Id": "failures", "Arn": failures.arn}])

    def running(self) -> int:
        """How many executions run, a thousand at most."""
        running = self._executions.list_executions(stateMachineArn=ARN, statusFilter="RUNNING")
        return len(running["executions"])
