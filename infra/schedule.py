"""The clock that has the worker look for uploads whose event was lost."""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from infra import policies, roles
from infra.config import Config
from infra.storage import Storage
from infra.worker import Worker


@dataclass(frozen=True, kw_only=True)
class ScheduleArgs:
    """When, and whom to call.

    Attributes:
        config: when, which keys are files, and within which boundary.
        storage: whose input bucket is looked through.
        worker: whose function is called.
        account: this AWS account, the only one whose schedules may take on the role.
    """

    config: Config
    storage: Storage
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
        role = roles.make(name, args.config, trust=trust, opts=child)
        event = pulumi.Output.json_dumps(
            {
                "operation": "reconcile",
                "bucket": args.storage.input.bucket,
                "suffixes": args.config.input_suffixes,
                "resume": True,  # where the last run stopped: a bucket may take several
            }
        )
        permissions = aws.iam.RolePolicy(
            name,
            role=role.id,
            policy=function_arn.apply(policies.schedule),
            opts=child,
        )
        aws.scheduler.Schedule(
            name,
            schedule_expression=args.config.reconcile_schedule,
            flexible_time_window={"mode": "OFF"},
            target={"arn": function_arn, "role_arn": role.arn, "input": event},
            opts=pulumi.ResourceOptions(parent=self, depends_on=[permissions]),
        )
        self.register_outputs({})
