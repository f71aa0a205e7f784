"""What reads a large file in parts: a state machine, its two functions, and who is told of a failure."""

import json
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from infra.functions.function import Function, FunctionArgs
from infra.functions.processing import Processing
from infra.iam import executions, policies, resource_policies, roles
from workflow.definition import definition

_PART, _FINISH = "function.part_handler.handler", "function.finish_handler.handler"
# The workflow of a part may take five minutes ("Quotas", Step Functions): two attempts fit into them.
_PART_SECONDS = 140
_ENDED_BADLY = ("ABORTED", "FAILED", "TIMED_OUT")


@dataclass(frozen=True, kw_only=True)
class FanOutArgs:
    """What is read, and by what.

    Attributes:
        processing: its configuration says how many parts are read at once, and with what memory.
        state_machine: the ARN that the state machine is to have, see `executions.state_machine_arn`.
    """

    processing: Processing
    state_machine: pulumi.Input[str]


class FanOut(pulumi.ComponentResource):
    """The state machine, with its log, its role and its functions.

    It is encrypted with AWS's key, even where the stack has one of its own: with another key, EventBridge is
    not told the input of an execution that failed, and the file could not be sent to the worker again. The
    input holds what S3's notification does: names and sizes.

    Attributes:
        part: the function that reads one part.
        finish: the function that merges the parts, and brings the file to its end.
        state_machine: the state machine, of type Standard.
    """

    def __init__(self, name: str, args: FanOutArgs, opts: pulumi.ResourceOptions | None = None):
        super().__init__("csv-pipeline:fanout:FanOut", name, None, opts)
        self._name, self._processing = f"{name}-fanout", args.processing
        self._child = pulumi.ResourceOptions(parent=self)
        self.part = Function(f"{name}-part", self._part_args(), self._child)
        self.finish = Function(f"{name}-finish", self._finish_args(), self._child)
        role, allowed = self._role(args.state_machine)
        self.state_machine = self._state_machine(role, [allowed, self.part, self.finish])
        self.register_outputs({"state_machine": self.state_machine.arn})

    def report_failures(self, queue: aws.sqs.Queue) -> None:
        """Send the event of each execution that did not succeed to a queue: it has the event of S3."""
        rule = aws.cloudwatch.EventRule(
            self._name,
            description="Executions that failed, timed out or were stopped",
            event_pattern=self.state_machine.arn.apply(_pattern),
            opts=self._child,
        )
        account = self._processing.runtime.image.account
        admitted = aws.sqs.QueuePolicy(
            self._name,
            queue_url=queue.url,
            policy=pulumi.Output.all(queue.arn, rule.arn, account).apply(
                lambda known: resource_policies.dead_letters(*known)
            ),
            opts=self._child,
        )
        aws.cloudwatch.EventTarget(
            self._name,
            rule=rule.name,
            arn=queue.arn,
            opts=pulumi.ResourceOptions(parent=self, depends_on=[admitted]),
        )

    def _part_args(self) -> FunctionArgs:
        files, config = self._processing, self._processing.runtime.config
        return FunctionArgs(
            runtime=files.runtime,
            handler=_PART,
            description="Reads one part of a large file",
            memory=config.part_memory,
            timeout=_PART_SECONDS,
            environment={"OUTPUT_BUCKET": files.storage.output.bucket},
            permissions=pulumi.Output.all(
                input_bucket=files.storage.input.arn,
                output=files.storage.output.arn,
                key=files.runtime.key or "",
            ).apply(lambda arns: executions.part(**arns)),
        )

    def _finish_args(self) -> FunctionArgs:
        return self._processing.function(
            handler=_FINISH,
            description="Merges the parts of a large file, and brings the file to its end",
            policy=policies.finish,
        )

    def _role(self, state_machine: pulumi.Input[str]) -> tuple[aws.iam.Role, aws.iam.RolePolicy]:
        trust = pulumi.Output.from_input(self._processing.runtime.image.account).apply(
            lambda account: policies.assumed_by(
                "states.amazonaws.com", {"StringEquals": {"aws:SourceAccount": account}}
            )
        )
        role = roles.make(self._name, self._processing.runtime.config, trust=trust, opts=self._child)
        policy = pulumi.Output.all(
            state_machine=state_machine,
            part_function=self.part.function.arn,
            finish_function=self.finish.function.arn,
        ).apply(lambda arns: executions.state_machine(**arns))
        return role, aws.iam.RolePolicy(self._name, role=role.id, policy=policy, opts=self._child)

    def _state_machine(self, role: aws.iam.Role, after: list[pulumi.Resource]) -> aws.sfn.StateMachine:
        config = self._processing.runtime.config
        log = aws.cloudwatch.LogGroup(
            self._name,
            name=f"/aws/vendedlogs/states/{self._name}",  # of this prefix, a log needs no policy for each
            retention_in_days=config.log_retention_days,
            kms_key_id=self._processing.runtime.key,
            opts=pulumi.ResourceOptions(parent=self, protect=config.deletion_protection),
        )
        text = pulumi.Output.all(self.part.function.arn, self.finish.function.arn).apply(
            lambda arns: json.dumps(
                definition(
                    part_function=arns[0], finish_function=arns[1], concurrency=config.part_concurrency
                )
            )
        )
        return aws.sfn.StateMachine(
            self._name,
            name=self._name,
            type="STANDARD",
            role_arn=role.arn,
            definition=text,
            logging_configuration={
                "log_destination": log.arn.apply(lambda arn: f"{arn}:*"),
                "level": "ERROR",
                "include_execution_data": False,  # it has the names of uploads
            },
            tracing_configuration={"enabled": True},
            opts=pulumi.ResourceOptions(
                parent=self,
                depends_on=after,
                # An execution ends with the step that it is in, which may take as long as Lambda allows.
                custom_timeouts=pulumi.CustomTimeouts(delete="25m"),
            ),
        )


def _pattern(state_machine: str) -> str:
    return json.dumps(
        {
            "source": ["aws.states"],
            "detail-type": ["Step Functions Execution Status Change"],
            "detail": {"stateMachineArn": [state_machine], "status": list(_ENDED_BADLY)},
        }
    )
