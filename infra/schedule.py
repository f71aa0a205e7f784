"""The clock that has the worker look for uploads whose event was lost."""

import json
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from infra import policies
from infra.worker import Worker

EVENT: dict[str, object] = {"reconcile": {}}


@dataclass(frozen=True, kw_only=True)
class ScheduleArgs:
    """When, and whom to call.

    Attributes:
        expression: EventBridge Scheduler's `rate(...)` or `cron(...)`.
        worker: whose function is called.
        account: this AWS account, the only one whose schedules may take on the role.
    """

    expression: str
    worker: Worker
    account: pulumi.Input[str]


class Schedule(pulumi.ComponentResource):
    """The schedule and the role it calls with."""

    def __init__(self, name: str, args: ScheduleArgs, opts: pulumi.ResourceOptions | None = None):
        super().__init__("csv-pipeline:schedule:Schedule", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        function_arn = args.worker.function.function.arn
        trust = pulumi.Output.from_input(args.account).apply(
            lambda account: policies.assumed_by(
                "scheduler.amazonaws.com", {"StringEquals": {"aws:SourceAccount": account}}
            )
        )
        role = aws.iam.Role(name, assume_role_policy=trust, opts=child)
        permissions = aws.iam.RolePolicy(
            name,
            role=role.id,
            policy=function_arn.apply(policies.schedule),
            opts=child,
        )
        aws.scheduler.Schedule(
            name,
            schedule_expression=args.expression,
            flexible_time_window={"mode": "OFF"},
            target={"arn": function_arn, "role_arn": role.arn, "input": json.dumps(EVENT)},
            opts=pulumi.ResourceOptions(parent=self, depends_on=[permissions]),
        )
        self.register_outputs({})
